import type { Fail } from './fail.ts';
import { readJson } from './json.ts';
import { readRegularYaml } from './regular-yaml.ts';

/**
 * The value of the first YAML document of a text, as kubectl reads it (go-yaml, then encoding/json): later documents
 * are not looked at, JSON is read as YAML. Null for a text without any content.
 */
export async function readDocument(text: string, fail: Fail): Promise<unknown> {
  const fast = text.startsWith('{') ? readJson(text) : readRegularYaml(text);
  if (fast !== undefined) return fast.value;
  const { readAnyYaml } = await import('./any-yaml.ts');
  return readAnyYaml(text, fail);
}
