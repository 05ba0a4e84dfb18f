/** Without vowels and what looks alike, so that no word comes of it (apimachinery: rand.String). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const maxBase = 58;
const suffixLength = 5;

/** A name that begins as asked for; undefined where nothing was asked for. */
export function generateName(base: string | undefined, random: (size: number) => Uint8Array): string | undefined {
  if (base === undefined) return undefined;
  const suffix = Array.from(random(suffixLength), (byte) => alphabet[byte % alphabet.length]).join('');
  return `${base.slice(0, maxBase)}${suffix}`;
}
