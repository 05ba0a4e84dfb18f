import { nearest } from '../model/nearest.ts';

/** `Did you mean --soft?`, or undefined if none of the candidates is near; `prefix` is what the name is written with. */
export function didYouMean(given: string, candidates: Iterable<string>, prefix = ''): string | undefined {
  const meant = nearest(given, candidates);
  return meant === undefined ? undefined : `Did you mean ${prefix}${meant}?`;
}
