import { isRecord, sameValue } from '../object/object.ts';
import type { JsonPatchOperation } from './json-patch-operations.ts';
import { sorted } from '../object/sorted.ts';

/** A patch that cannot be carried out; why is known to the server alone. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

/**
 * A value after the operations of a JSON patch (RFC 6902), as kube-apiserver's library reads it: list indices may count
 * from the end (`-1`), a copy of what is not there is null, and what is before a path's first `/` does not matter.
 *
 * @throws {PatchError} An operation that cannot be done: nothing has been done then.
 */
export function jsonPatch(value: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const opened = new Set<unknown>();
  const document = { root: structuredClone(value), opened };
  for (const operation of operations) applyOne(document, operation);
  return sorted(document.root, (record) => record === document.root || opened.has(record));
}

interface Document {
  root: unknown;
  /** What a path has led through: its fields are written in the order of their names. */
  readonly opened: Set<unknown>;
}

/** A place in a document: an object or a list, and which of its items. */
interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function applyOne(document: Document, { from, op, path, value }: JsonPatchOperation): void {
  switch (op) {
    case 'add':
      return add(placeOf(document, path), value ?? null);
    case 'replace':
      return replace(document, path, value);
    case 'remove':
      take(placeOf(document, path));
      return;
    case 'move': {
      const place = placeOf(document, from);
      const moved = read(place);
      take(place);
      return add(placeOf(document, path), moved);
    }
    case 'copy': {
      const copied = read(placeOf(document, from));
      return add(placeOf(document, path), structuredClone(copied) ?? null);
    }
    case 'test': {
      const found = path === '' ? document.root : read(placeOf(document, path));
      if (sameValue(found ?? null, value ?? null)) return;
      throw new PatchError(`testing value ${String(path)} failed`);
    }
    default:
      throw new PatchError(`unexpected kind: ${String(op)}`);
  }
}

/** @throws {PatchError} The path leads through what is not there, or through what has nothing in it. */
function placeOf({ opened, root }: Document, path: unknown): Place {
  if (typeof path !== 'string') throw new PatchError('no path');
  const [first, ...keys] = path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = keys.pop();
  if (first === undefined || key === undefined) throw new PatchError(`no path: ${path}`);
  let parent = root;
  for (const one of keys) {
    opened.add(parent);
    parent = read({ parent: containerOf(parent), key: one });
  }
  opened.add(parent);
  return { parent: containerOf(parent), key };
}

function containerOf(value: unknown): Place['parent'] {
  if (Array.isArray(value) || isRecord(value)) return value as Place['parent'];
  throw new PatchError('nothing in it');
}

/** Undefined is a field that is not there; an item of a list must be. */
function read({ key, parent }: Place): unknown {
  if (Array.isArray(parent)) return parent[indexOf(key, parent.length - 1, parent.length)];
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function add({ key, parent }: Place, value: unknown): void {
  if (!Array.isArray(parent)) set(parent, key, value);
  else if (key === '-') parent.push(value);
  else parent.splice(indexOf(key, parent.length, parent.length + 1), 0, value);
}

function replace(document: Document, path: unknown, value: unknown): void {
  if (path === '') {
    document.root = containerOf(value);
    return;
  }
  const { key, parent } = placeOf(document, path);
  if (Array.isArray(parent)) parent[indexOf(key, parent.length - 1, parent.length)] = value ?? null;
  else set(parent, key, value ?? null);
}

function take({ key, parent }: Place): void {
  if (Array.isArray(parent)) parent.splice(indexOf(key, parent.length - 1, parent.length), 1);
  else if (!Object.hasOwn(parent, key)) throw new PatchError(`nothing at ${key}`);
  else delete parent[key];
}

/** Also a field named `__proto__`. */
function set(parent: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, configurable: true, enumerable: true, writable: true });
}

/** @throws {PatchError} No number, or one out of range; one below zero counts from the end. */
function indexOf(text: string, max: number, size: number): number {
  const given = /^[+-]?\d+$/u.test(text) ? Number(text) : Number.NaN;
  const index = given < 0 ? given + size : given;
  if (index >= 0 && index <= max) return index;
  throw new PatchError(`no index: ${text}`);
}
