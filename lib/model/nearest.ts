/**
 * The candidate that `name` was most likely meant to be: one that it begins, or one that few typing errors away; the
 * first of equally near ones. Undefined if none is near. Upper and lower case count as equal.
 *
 * @param errors How many typing errors at most; if unset, more in a longer name.
 */
export function nearest(
  name: string,
  candidates: Iterable<string>,
  { errors = 3 }: { errors?: number } = {},
): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(errors + 1, Math.ceil(wanted.length / 3) + 1, wanted.length); // another word is not near
  for (const candidate of candidates) {
    const text = candidate.toLowerCase();
    if (text === '' || wanted === '') continue;
    const isBeginning = wanted.length >= 3 && text.startsWith(wanted);
    if (!isBeginning && Math.abs(text.length - wanted.length) >= bestDistance) continue;
    const distance = isBeginning ? Math.min(1, text.length - wanted.length) : editDistance(wanted, text);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Inserted, dropped and replaced letters, and swapped neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (last[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let distance = Math.min(replaced, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, (beforeLast[column - 2] ?? Infinity) + 1);
      }
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
