/**
 * YAML as kubectl prints it; names that YAML 1.1 readers take for booleans or numbers (`no`, `0b11`) are quoted. The
 * library is loaded when it is wanted: most runs print none.
 */
export async function renderYaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { compat: 'yaml-1.1', lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false });
}
