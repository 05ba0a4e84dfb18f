/** One range of an Accept header. */
export interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The ranges of an Accept header in the order in which kube-apiserver tries them (goautoneg: ParseAccept). */
export function parseAccept(accept: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const range of accept.split(',').flatMap(parseRange)) {
    let at = ranges.length;
    while (at > 0 && isBefore(range, ranges[at - 1] as Range)) at -= 1;
    ranges.splice(at, 0, range);
  }
  return ranges;
}

function parseRange(text: string): Range[] {
  const [media = '', ...rest] = text.split(';').map((part) => part.trim());
  const [type = '', subtype = type === '*' ? '*' : '', ...more] = media.split('/').map((part) => part.trim());
  if (subtype === '' || more.length > 0) return [];
  const pairs = rest.map((one) => one.split('=').map((part) => part.trim()));
  const { q = '1', ...parameters } = Object.fromEntries(
    pairs.filter(([, value = '', ...others]) => value !== '' && others.length === 0),
  ) as Record<string, string>;
  return [{ type, subtype, quality: Number(q) || 0, parameters }];
}

/** No order: what is more exact comes first even where it is wanted less. */
function isBefore(one: Range, other: Range): boolean {
  if (one.quality > other.quality) return true;
  if (one.type !== '*' && other.type === '*') return true;
  return one.subtype !== '*' && other.subtype === '*';
}
