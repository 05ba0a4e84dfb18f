import { notSubdomain } from './names.ts';

const namePart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

/** All that keeps this from being a key of a label or an annotation, in Kubernetes' words. */
export function qualifiedNameProblems(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${namePart}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [name = '', prefix] = parts.toReversed();
  const ofPrefix = prefix === '' ? 'must be non-empty' : prefix === undefined ? undefined : notSubdomain(prefix);
  return [
    ...(ofPrefix === undefined ? [] : [`prefix part ${ofPrefix}`]),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(Buffer.byteLength(name) > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(new RegExp(`^${namePart}$`, 'u').test(name)
      ? []
      : [
          `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${namePart}')`,
        ]),
  ];
}

/** The same for the value of a label. */
export function labelValueProblems(value: string): string[] {
  return [
    ...(Buffer.byteLength(value) > 63 ? ['must be no more than 63 bytes'] : []),
    ...(new RegExp(`^(${namePart})?$`, 'u').test(value)
      ? []
      : [
          `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${namePart})?')`,
        ]),
  ];
}
