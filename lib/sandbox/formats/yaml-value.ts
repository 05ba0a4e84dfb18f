import type { LineCounter, Pair, Scalar, YAMLMap } from 'yaml';
import { goText, goTypeOf } from '../object/go-text.ts';
import { goQuote } from '../go-quote.ts';
import { JsonNumber } from '../object/json-number.ts';
import { sorted } from '../object/sorted.ts';
import { YamlError, type Yaml } from './yaml-error.ts';

/** Nodes that aliases may add: a text of some lines must not become a world. */
const maxNodes = 400_000;

/**
 * The value of a YAML node.
 *
 * @throws {YamlError} An anchor within itself or unknown, a key that JSON does not have, too many aliases.
 */
export async function yamlValue(contents: unknown, lines: LineCounter): Promise<Yaml> {
  const { isAlias, isMap, isScalar, isSeq, visit } = await import('yaml');
  const oddities: string[] = [];
  const anchors = new Map<string, object>();
  const open = new Set<unknown>();
  let nodes = 0;

  const read = (node: unknown): unknown => {
    nodes += 1;
    if (nodes > maxNodes) throw new YamlError('yaml: document contains excessive aliasing');
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) throw new YamlError(`yaml: unknown anchor '${node.source}' referenced`);
      if (open.has(target)) throw new YamlError(`yaml: anchor '${node.source}' value contains itself`);
      return read(target);
    }
    if (isScalar(node)) return scalarOf(node);
    if (!isMap(node) && !isSeq(node)) return null;
    open.add(node);
    const value = isMap(node) ? readMap(node) : node.items.map(read);
    open.delete(node);
    return value;
  };

  const readMap = (map: YAMLMap): Record<string, unknown> => {
    const merged = new Map<string, unknown>();
    const fields = new Map<string, unknown>();
    for (const pair of map.items) {
      if (isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === 'PLAIN') {
        const given = read(pair.value);
        for (const one of Array.isArray(given) ? given.toReversed() : [given]) {
          if (goTypeOf(one) !== 'map[string]interface {}')
            throw new YamlError('yaml: map merge requires map or sequence of maps as the value');
          for (const [key, value] of Object.entries(one as object)) merged.set(key, value);
        }
        continue;
      }
      const key = keyOf(read(pair.key), () => read(pair.value));
      const value = read(pair.value);
      if (fields.has(key)) oddities.push(`line ${lineOf(pair)}: key ${goQuote(key)} already set in map`);
      fields.set(key, value);
    }
    return Object.fromEntries([...merged, ...fields]);
  };

  const lineOf = ({ key, value }: Pair) => {
    const [at = 0] = (value as { range?: number[] } | null)?.range ?? (key as { range?: number[] }).range ?? [];
    return lines.linePos(at).line;
  };

  visit(contents as Parameters<typeof visit>[0], {
    Node: (_, node) => {
      const { anchor } = node as { anchor?: string };
      if (anchor !== undefined) anchors.set(anchor, node);
    },
  });
  const value = sorted(read(contents));
  return { value, oddities };
}

function keyOf(key: unknown, value: () => unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'boolean' || key instanceof JsonNumber) return String(key);
  if (key !== null) throw new YamlError(`yaml: invalid map key: ${goSyntax(key)}`);
  const shown = value();
  const text = typeof shown === 'string' ? goQuote(shown) : goText(shown);
  throw new YamlError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${text}`);
}

/** As Go's `%#v` prints what is no key. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object' || value === null) return goText(value);
  const fields = Object.entries(value).map(([key, item]) => `${goQuote(key)}:${goSyntax(item)}`);
  return `map[interface {}]interface {}{${fields.join(', ')}}`;
}

/** JSON has no bytes and no infinity, and Go's integers end. */
function scalarOf({ source, type, value }: Scalar): unknown {
  if (type === 'PLAIN' && /^[-+]?0o[0-7]+$/u.test(source ?? '')) return Number(source);
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') return value ?? null;
  if (/^[-+]?\d[\d_]*:/u.test(source ?? '')) return source;
  if (Number.isNaN(value)) throw new YamlError('json: unsupported value: NaN');
  if (!Number.isFinite(value)) throw new YamlError(`json: unsupported value: ${value > 0 ? '+' : '-'}Inf`);
  if (Number.isInteger(value)) return Math.abs(value) < 2 ** 63 ? value : new JsonNumber(String(BigInt(value)));
  return value;
}
