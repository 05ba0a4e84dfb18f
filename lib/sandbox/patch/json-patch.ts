import { isRecord, sameValue } from '../object/object.ts';

/** A patch that cannot be carried out; why is known to the server alone. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * A value after the operations of a JSON patch (RFC 6902).
 *
 * @throws {PatchError} An operation that cannot be done: nothing has been done then.
 */
export function jsonPatch(value: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new PatchError('a JSON patch is a list');
  return (operations as Operation[]).reduce<unknown>(applyOne, structuredClone(value));
}

function applyOne(value: unknown, { from = '', op, path, value: given }: Operation): unknown {
  const place = pathOf(path);
  switch (op) {
    case 'add':
      return put(value, place, given, { isNew: true });
    case 'replace':
      return put(value, place, given, { isNew: false });
    case 'remove':
      return take(value, place);
    case 'move':
      return put(take(value, pathOf(from)), place, read(value, pathOf(from)), { isNew: true });
    case 'copy':
      return put(value, place, structuredClone(read(value, pathOf(from))), { isNew: true });
    case 'test':
      if (sameValue(readOrNull(value, place), given ?? null)) return value;
      throw new PatchError(`testing value ${path} failed`);
    default:
      throw new PatchError(`unexpected kind: ${op}`);
  }
}

function pathOf(text: string | undefined): string[] {
  if (text === undefined) throw new PatchError('no path');
  if (text === '') return [];
  if (!text.startsWith('/')) throw new PatchError(`no path: ${text}`);
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function readOrNull(value: unknown, path: readonly string[]): unknown {
  try {
    return read(value, path);
  } catch {
    return null;
  }
}

function read(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((parent, key) => {
    if (Array.isArray(parent)) return parent[indexOf(key, parent.length - 1)] as unknown;
    if (isRecord(parent) && Object.hasOwn(parent, key)) return parent[key];
    throw new PatchError(`nothing at ${key}`);
  }, value);
}

function put(value: unknown, path: readonly string[], given: unknown, { isNew }: { isNew: boolean }): unknown {
  const last = path.at(-1);
  if (last === undefined) return given;
  const parent = read(value, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : indexOf(last, isNew ? parent.length : parent.length - 1);
    parent.splice(index, isNew ? 0 : 1, given);
  } else if (isRecord(parent)) {
    parent[last] = given;
  } else {
    throw new PatchError(`nothing to put ${last} into`);
  }
  return value;
}

function take(value: unknown, path: readonly string[]): unknown {
  const last = path.at(-1);
  if (last === undefined) return null;
  const parent = read(value, path.slice(0, -1));
  if (Array.isArray(parent)) {
    parent.splice(indexOf(last, parent.length - 1), 1);
  } else if (isRecord(parent) && Object.hasOwn(parent, last)) {
    delete parent[last];
  } else {
    throw new PatchError(`nothing at ${last}`);
  }
  return value;
}

function indexOf(text: string, max: number): number {
  if (/^(?:0|[1-9]\d*)$/u.test(text) && Number(text) <= max) return Number(text);
  throw new PatchError(`no index: ${text}`);
}
