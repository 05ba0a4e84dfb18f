/** YAML that cannot be read, or made JSON of; its message is that of Go's reader. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/** A YAML text as the JSON that Kubernetes makes of it, and what it says of keys that come twice. */
export interface Yaml {
  readonly value: unknown;
  readonly oddities: readonly string[];
}
