import type { Fail } from './fail.ts';
import { readJson } from './json.ts';
import { readRegularYaml } from './regular-yaml.ts';
import type { LeftItem } from './regular-yaml.ts';

/**
 * The value of the first YAML document of a text, as kubectl reads it (go-yaml, then encoding/json): later documents
 * are not looked at, JSON is read as YAML. Null for a text without any content.
 */
export async function readDocument(text: string, fail: Fail): Promise<unknown> {
  const json = text.startsWith('{') ? readJson(text) : undefined;
  if (json !== undefined) return json.value;
  const regular = readRegularYaml(text);
  if (regular?.left.length === 0) return regular.value;
  const { readAnyYaml } = await import('./any-yaml.ts');
  const isWhole = regular?.left.every((item) => fillIn(item, readAnyYaml)) === true;
  return isWhole ? regular.value : readAnyYaml(text, fail);
}

/** False if what looks like an item is not one of its own: the whole text decides, and says what is wrong where. */
function fillIn({ list, index, text }: LeftItem, read: (text: string, fail: Fail) => unknown): boolean {
  try {
    const items = read(text, () => {
      throw notAnItem;
    });
    if (!Array.isArray(items) || items.length !== 1) return false;
    list[index] = items[0];
    return true;
  } catch (error) {
    if (error === notAnItem) return false;
    throw error;
  }
}

const notAnItem = new Error('not an item of its own');
