import { notSubdomain } from './names.ts';

const namePart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

/** Why this is no key of a label or an annotation, in Kubernetes' words; undefined if it is one. */
export function notQualifiedName(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) {
    return `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${namePart}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  const [name = '', prefix] = parts.toReversed();
  if (prefix !== undefined) {
    const why = prefix === '' ? 'must be non-empty' : notSubdomain(prefix);
    if (why !== undefined) return `prefix part ${why}`;
  }
  if (name.length > 63) return 'name part must be no more than 63 bytes';
  if (new RegExp(`^${namePart}$`, 'u').test(name)) return undefined;
  return `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${namePart}')`;
}

/** The same for the value of a label. */
export function notLabelValue(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 bytes';
  if (new RegExp(`^(${namePart})?$`, 'u').test(value)) return undefined;
  return `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${namePart})?')`;
}
