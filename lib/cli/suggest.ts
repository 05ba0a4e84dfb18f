import { nearest } from '../model/nearest.ts';

/** `Did you mean --soft?`, or undefined if none of the candidates is near. */
export function didYouMean(given: string, candidates: Iterable<string>): string | undefined {
  const meant = nearest(given, candidates);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}
