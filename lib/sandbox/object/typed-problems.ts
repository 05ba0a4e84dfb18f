import { goQuote } from '../go-quote.ts';
import { goText } from './go-text.ts';
import { isRecord } from './object.ts';
import type { ListOf, Schema } from './schema.ts';

/** What is wrong with a value as an applied one, in the words of structured-merge-diff (typed/validate.go). */
export function typedProblems(value: unknown, schema: Schema, path = ''): string[] {
  if (value === null || value === undefined) return [];
  const wrong = (wanted: string) => [`${path}: expected ${wanted}`];
  switch (schema.type) {
    case 'struct':
    case 'map':
      if (!isRecord(value)) return wrong(`map, got &{${goText(value)}}`);
      return fieldProblems(value, schema, path);
    case 'list':
      return Array.isArray(value) ? listProblems(value, schema, path) : wrong(`list, got &{${goText(value)}}`);
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong(`boolean, got &{${goText(value)}}`);
    case 'integer':
      return typeof value === 'number' ? [] : wrong(`numeric (int or float), got ${typeof value}`);
    case 'bytes':
    case 'string':
      return typeof value === 'string' ? [] : wrong(`string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    case 'any':
    case 'time':
      return [];
  }
}

/** Behind a field that there is not, it does not look on. */
function fieldProblems(
  value: Readonly<Record<string, unknown>>,
  schema: Extract<Schema, { type: 'map' | 'struct' }>,
  path: string,
): string[] {
  const problems: string[] = [];
  for (const [key, item] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const field = fieldOf(schema, key);
    if (field === undefined) return [...problems, `${path}.${key}: field not declared in schema`];
    problems.push(...typedProblems(item, field, `${path}.${key}`));
  }
  return problems;
}

function fieldOf(schema: Extract<Schema, { type: 'map' | 'struct' }>, key: string): Schema | undefined {
  if (schema.type === 'map') return schema.of;
  return Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
}

function listProblems(items: readonly unknown[], { mergeKey, of }: ListOf, path: string): string[] {
  if (mergeKey === undefined) return items.flatMap((item, index) => typedProblems(item, of, `${path}[${index}]`));
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const problem = mergeKey === 'set' ? undefined : keyProblem(item, mergeKey, of);
    if (problem !== undefined) return [`${path}: element ${index}: associative list with keys ${problem}`];
    const key = mergeKey === 'set' ? item : (item as Record<string, unknown>)[mergeKey];
    const shown = `[${mergeKey === 'set' ? '' : mergeKey}=${typeof key === 'string' ? goQuote(key) : goText(key)}]`;
    if (seen.has(shown)) return [`${path}: duplicate entries for key ${shown}`];
    seen.add(shown);
    return typedProblems(item, of, `${path}${shown}`);
  });
}

function keyProblem(item: unknown, mergeKey: string, of: Schema): string | undefined {
  if (item === null) return 'may not have a null element';
  if (!isRecord(item)) return 'may not have non-map elements';
  // what is written though it is empty is empty by default
  const hasDefault = of.type === 'struct' && of.fields[mergeKey]?.omit === 'never';
  if (hasDefault || (item[mergeKey] ?? undefined) !== undefined) return undefined;
  return `has an element that omits all key fields [${goQuote(mergeKey)}] (and doesn't have default values for any key fields)`;
}

/** As Go's `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'string') return goQuote(value);
  if (!isRecord(value)) return goText(value);
  const fields = Object.entries(value).map(([key, item]) => `${goQuote(key)}:${goSyntax(item)}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}
