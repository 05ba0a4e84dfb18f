import { NotFoundError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { nearest } from '../model/nearest.ts';
import { shellWord } from '../model/shell-word.ts';

/**
 * The error for a context, cluster or user that the kubeconfig does not have.
 *
 * @param origin What named it, if no flag did.
 */
export function nameNotFound(
  kind: 'context' | 'cluster' | 'user',
  name: string,
  names: Iterable<string>,
  origin = '',
): NotFoundError {
  const sorted = sortedNames(names);
  const near = nearest(name, sorted);
  const has = sorted.length === 0 ? 'no' : '';
  const list = sorted.length === 0 ? ` ${kind}s` : listNames(sorted);
  return new NotFoundError(`Cannot find ${kind} ${quote(name)}${origin}: the kubeconfig has ${has}${list}`, {
    reason: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}NotFound`,
    hint: near === undefined ? undefined : `Did you mean --${kind} ${shellWord(escapeLine(near))}?`,
  });
}

/** `"a", "b" and 5 more`: at most ten. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quote).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

export function quote(name: string): string {
  return `"${escapeLine(name)}"`;
}

/** As kubectl sorts them: by their bytes. */
export function sortedNames(names: Iterable<string>): string[] {
  const all = [...names];
  // JavaScript's own order is another one only for letters beyond 16 bits.
  if (all.some((name) => /[\ud800-\udfff]/.test(name))) {
    return all.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
  return all.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
