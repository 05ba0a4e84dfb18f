import { stringify } from 'yaml';

/** YAML as kubectl prints it; names that YAML 1.1 readers take for booleans or numbers (`no`, `0b11`) are quoted. */
export function renderYaml(value: unknown): string {
  return stringify(value, { compat: 'yaml-1.1', lineWidth: 0, indentSeq: false });
}
