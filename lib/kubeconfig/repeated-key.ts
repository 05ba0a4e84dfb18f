/**
 * The first of these keys that the mapping of a YAML document, one that can be read, has twice. `readDocument()` takes the
 * last of them, as kubectl does.
 */
export async function repeatedKey(text: string, keys: readonly string[]): Promise<string | undefined> {
  // the package is not loaded for what is plain to see
  const suspects = keys.filter((key) => text.split(key).length > 2);
  if (suspects.length === 0) return undefined;
  const { isMap, isScalar, parseDocument } = await import('yaml');
  const { contents } = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const found = isMap(contents) ? contents.items.map(({ key }) => (isScalar(key) ? key.value : undefined)) : [];
  return suspects.find((key) => found.indexOf(key) !== found.lastIndexOf(key));
}
