import { isUtf8 } from 'node:buffer';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Scalar, YAMLMap } from 'yaml';
import { isBase64 } from './base64.ts';
import type { Fail } from './fail.ts';
import { resolveInteger, resolvePlain } from './plain-scalar.ts';
import type { PlainValue } from './plain-scalar.ts';
import { isJoinedOtherwise, joinedContent } from './unicode-breaks.ts';

/**
 * What kubectl makes of a parsed document (go-yaml: decode.go, then sigs.k8s.io/yaml): of two equal keys the last one
 * counts, `<<` merges where it stands, and the tags of lists and mappings mean nothing.
 */
export function valueOf(contents: Node | null, text: string, fail: Fail): unknown {
  const decoder: Decoder = {
    text,
    fail,
    anchored: boundAliases(contents, fail),
    open: new Set(),
    values: 0,
    aliased: 0,
  };
  return decode(contents, decoder, 0);
}

interface Decoder {
  readonly text: string;
  readonly fail: Fail;
  readonly anchored: ReadonlyMap<Alias, Node>;
  /** Aliases whose value is being decoded. */
  readonly open: Set<Alias>;
  values: number;
  aliased: number;
}

const maxDepth = 1000;

function decode(node: unknown, decoder: Decoder, depth: number): unknown {
  countValue(node, decoder, depth);
  if (isAlias(node)) return followed(node, decoder, (target) => decode(target, decoder, depth + 1));
  if (isScalar(node)) return decodeScalar(node, decoder);
  if (isSeq(node)) return node.items.map((item) => decode(item, decoder, depth + 1));
  if (!isMap(node)) return null;
  const mapping: Record<string, unknown> = {};
  fill(mapping, node, decoder, depth);
  return mapping;
}

/** go-yaml's guard against a few lines that unfold into gigabytes (decode.go, allowedAliasRatio). */
function countValue(node: unknown, decoder: Decoder, depth: number): void {
  decoder.values++;
  if (decoder.open.size > 0) decoder.aliased++;
  const allowed = 0.99 - 0.89 * Math.min(1, Math.max(0, (decoder.values - 400_000) / 3_600_000));
  const isTooMuch = decoder.aliased > 100 && decoder.values > 1000 && decoder.aliased / decoder.values > allowed;
  if (isTooMuch) decoder.fail('aliases that unfold without measure', startOf(node));
  if (depth > maxDepth) decoder.fail('nested too deeply', startOf(node));
}

function fill(mapping: Record<string, unknown>, node: YAMLMap, decoder: Decoder, depth: number): void {
  for (const { key, value } of node.items) {
    if (isMerge(key)) {
      merge(mapping, value, decoder, depth);
    } else {
      const name = keyOf(decode(key, decoder, depth + 1), key, decoder);
      // Assigning would run the setter of `__proto__`.
      const entry = { value: decode(value, decoder, depth + 1), enumerable: true, configurable: true, writable: true };
      Object.defineProperty(mapping, name, entry);
    }
  }
}

function keyOf(value: unknown, node: unknown, { fail }: Decoder): string {
  if (typeof value === 'string') return value;
  // Go writes longer numbers in another way than JavaScript does.
  const isShort = typeof value === 'number' && (Number.isSafeInteger(value) || /^-?[0-9.]{1,7}$/u.test(String(value)));
  if (typeof value === 'boolean' || typeof value === 'bigint' || isShort) return String(value);
  return fail('a key that is neither text nor a short number', startOf(node));
}

function isMerge(key: unknown): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  return key.tag === 'tag:yaml.org,2002:merge' || (key.tag === undefined && key.type === 'PLAIN');
}

/** Entries of the merged mappings replace those before `<<`, and those after it replace them. */
function merge(mapping: Record<string, unknown>, value: unknown, decoder: Decoder, depth: number): void {
  countValue(value, decoder, depth);
  if (isMap(value)) return fill(mapping, value, decoder, depth + 1);
  if (isAlias(value)) {
    return followed(value, decoder, (target) => {
      if (!isMap(target)) decoder.fail('a merge of something that is no mapping', startOf(value));
      else fill(mapping, target, decoder, depth + 1);
    });
  }
  if (!isSeq(value)) return decoder.fail('a merge of something that is no mapping', startOf(value));
  for (const item of value.items.toReversed()) {
    if (!isMap(item) && !isAlias(item)) decoder.fail('a merge of something that is no mapping', startOf(item));
    merge(mapping, item, decoder, depth + 1);
  }
}

function followed<T>(alias: Alias, decoder: Decoder, use: (target: Node) => T): T {
  const target = decoder.anchored.get(alias);
  if (target === undefined) return decoder.fail('an alias of an unknown anchor', startOf(alias));
  if (decoder.open.has(alias)) return decoder.fail('an alias that contains itself', startOf(alias));
  decoder.open.add(alias);
  const result = use(target);
  decoder.open.delete(alias);
  return result;
}

const coreTag = 'tag:yaml.org,2002:';

function decodeScalar(node: Scalar, { text, fail }: Decoder): PlainValue {
  const source = contentOf(node, text);
  const tag = node.tag?.startsWith(coreTag) === true ? node.tag.slice(coreTag.length) : node.tag;
  const value = tag === undefined ? (node.type === 'PLAIN' ? resolvePlain(source) : source) : tagged(tag, source);
  if (value === undefined) return fail('a tag that does not fit its value', startOf(node));
  if (typeof value === 'number' && !Number.isFinite(value)) fail('a number that JSON does not have', startOf(node));
  return value;
}

/** Undefined for what the tag cannot be said of. Other tags, `!` too, make a string of anything. */
function tagged(tag: string, source: string): PlainValue | undefined {
  const value = resolvePlain(source);
  if (tag === 'null') return value === null ? null : undefined;
  if (tag === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (tag === 'int') return resolveInteger(source);
  if (tag === 'float') return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
  if (tag === 'timestamp') return /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/u.test(source) ? source : undefined;
  if (tag === 'binary') return isBase64(source) ? utf8(Buffer.from(source, 'base64')) : undefined;
  return source;
}

function utf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** The text of a scalar. A block scalar that ends with the file has no newline that the file does not have. */
function contentOf(node: Scalar, text: string): string {
  const { source = '', type, range } = node;
  const [from, to] = range ?? [0, 0];
  const raw = text.slice(from, to);
  if (isJoinedOtherwise(node, raw)) return joinedContent(node, raw);
  const endsTheFile = type?.startsWith('BLOCK') === true && to >= text.length && !text.endsWith('\n');
  return endsTheFile && source.endsWith('\n') ? source.slice(0, -1) : source;
}

/** Each alias with the node that last had its anchor before it. */
function boundAliases(contents: Node | null, fail: Fail): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const bound = new Map<Alias, Node>();
  const look = (node: unknown, depth: number): void => {
    if (depth > maxDepth) fail('nested too deeply', startOf(node));
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) fail('an alias of an unknown anchor', startOf(node));
      else bound.set(node, target);
      return;
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) look(item, depth + 1);
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        look(key, depth + 1);
        look(value, depth + 1);
      }
    }
  };
  look(contents, 0);
  return bound;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isAlias(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}
