import type { FieldTree } from './object.ts';

/** Stands for a field and all below it. */
export const everything: FieldTree = { '*': {} };

export function subtract(tree: FieldTree, less: FieldTree): FieldTree {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, inner]): [string, FieldTree][] => {
      const taken = less[key];
      if (taken === undefined) return [[key, inner]];
      if (Object.hasOwn(taken, '*')) return [];
      if (Object.keys(inner).length === 0)
        return Object.keys(taken).length === 0 || Object.hasOwn(taken, '.') ? [] : [[key, inner]];
      const left = subtract(inner, taken);
      return Object.keys(left).length === 0 ? [] : [[key, left]];
    }),
  );
}

export function union(left: FieldTree, right: FieldTree): FieldTree {
  const [a, b] = [marked(left, right), marked(right, left)];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return Object.fromEntries(keys.map((key) => [key, union(a[key] ?? {}, b[key] ?? {})]));
}

/** The mark again that `shortest()` left out, where fields below come to it. */
function marked(tree: FieldTree, other: FieldTree): FieldTree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, inner]) => {
      const more = other[key];
      const isLeaf = Object.keys(inner).length === 0 && key !== '.';
      return [key, isLeaf && more !== undefined && Object.keys(more).length > 0 ? { '.': {} } : inner];
    }),
  );
}

/** A field that is managed itself has a mark only beside fields below it. */
export function shortest(tree: FieldTree): FieldTree {
  const entries = Object.entries(tree).map(([key, inner]) => [key, shortest(inner)] as const);
  return entries.length === 1 && entries[0]?.[0] === '.' ? {} : Object.fromEntries(entries);
}

/** Leaves that all trees have, as paths: `.data.a`. */
export function commonPaths(trees: readonly FieldTree[], path = ''): string[] {
  const [first = {}, ...others] = trees;
  const keys = Object.keys(first).filter((key) => key !== '.' && others.every((tree) => Object.hasOwn(tree, key)));
  return keys.flatMap((key) => {
    const inner = trees.map((tree) => tree[key] ?? {});
    const at = key.startsWith('f:') ? `${path}.${key.slice(2)}` : `${path}[${key.slice(2)}]`;
    const isLeaf = inner.some((tree) => Object.keys(tree).length === 0);
    return isLeaf ? [at] : commonPaths(inner, at);
  });
}
