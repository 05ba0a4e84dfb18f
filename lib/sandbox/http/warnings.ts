import { wellFormed } from '../object/go-text.ts';

/** Characters of all warnings together, and of each where that is more: kubernetes: apiserver, filters/warning.go. */
const budget = 4096;
const cutTo = 256;

/**
 * `Warning` headers: each text once, as a quoted string; where they are too long together, each is cut, and those beyond
 * the budget are left out. As UTF-8, which Node writes only where each byte of it is a character.
 */
export function warningHeaders(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts)].map((text) => Array.from(wellFormed(text)));
  // nothing is said of what cannot be in a header
  const once = distinct.filter((characters) => !characters.some((one) => /\p{Cc}/u.test(one)));
  const isTooLong = once.reduce((sum, { length }) => sum + length, 0) > budget;
  return (isTooLong ? cut(once) : once).map((characters) => {
    const text = characters.join('').replaceAll(/["\\]/gu, String.raw`\$&`);
    return Buffer.from(`299 - "${text}"`).toString('latin1');
  });
}

/** The one that exceeds the budget makes all before it short; after it they are written until it is used up. */
function cut(texts: readonly (readonly string[])[]): (readonly string[])[] {
  const shown: (readonly string[])[] = [];
  let written = 0;
  let whole = 0;
  for (const text of texts) {
    whole += text.length;
    if (written >= budget && whole - text.length > budget) break;
    const short = text.slice(0, cutTo);
    written += short.length;
    shown.push(short);
  }
  return shown;
}
