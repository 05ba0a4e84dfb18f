/** An object or a list of the text that is being read. */
interface Level {
  readonly path: string;
  /** Of an object, the fields so far; of a list, nothing. */
  readonly seen: Set<string> | undefined;
  /** The field whose value comes, or the number of the item. */
  at: string | number;
  isKeyNext: boolean;
}

/**
 * Paths of fields that a JSON text has twice: `data.a`. JSON.parse() keeps the last one and says nothing.
 *
 * @param text Valid JSON.
 */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/gu)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      const isObject = token === '{';
      levels.push({ path: placeIn(level), seen: isObject ? new Set() : undefined, at: 0, isKeyNext: isObject });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (level === undefined) {
      continue;
    } else if (token === ',') {
      if (level.seen !== undefined) level.isKeyNext = true;
      else if (typeof level.at === 'number') level.at += 1;
    } else if (level.seen !== undefined && level.isKeyNext) {
      level.at = JSON.parse(token) as string;
      level.isKeyNext = false;
      if (level.seen.has(level.at)) found.add(placeIn(level));
      level.seen.add(level.at);
    }
  }
  return [...found];
}

function placeIn(level: Level | undefined): string {
  if (level === undefined) return '';
  if (typeof level.at === 'number') return `${level.path}[${level.at}]`;
  return level.path === '' ? level.at : `${level.path}.${level.at}`;
}
