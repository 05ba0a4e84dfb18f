const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const labelPattern = new RegExp(`^${label}$`, 'u');
const subdomainPattern = new RegExp(`^${subdomain}$`, 'u');

/** Why this is no DNS subdomain, in Kubernetes' words; undefined if it is one. */
export function notSubdomain(name: string): string | undefined {
  if (name.length > 253) return 'must be no more than 253 bytes';
  if (subdomainPattern.test(name)) return undefined;
  return `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
}

/** The same for one DNS label, as namespaces have it. */
export function notLabel(name: string): string | undefined {
  if (name.length > 63) return 'must be no more than 63 bytes';
  if (name.includes('.')) return 'must not contain dots';
  if (labelPattern.test(name)) return undefined;
  return `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
}

/** The same for what is just a part of a path, as RBAC's objects have it. */
export function notPathSegment(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  const found = ['/', '%'].filter((character) => name.includes(character));
  return found.length === 0 ? undefined : `may not contain '${found[0]}'`;
}

/** Why this is no key of a Secret or a ConfigMap. */
export function notConfigKey(key: string): string | undefined {
  if (key.length > 253) return 'must be no more than 253 characters';
  if (key === '.') return "must not be '.'";
  if (key.startsWith('..')) return key === '..' ? "must not be '..'" : "must not start with '..'";
  if (/^[-._a-zA-Z0-9]+$/u.test(key)) return undefined;
  return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
}
