const budget = 4096;
const cutTo = 256;

/** `Warning` headers: each text once, as a quoted string; where they are too long together, each is cut. */
export function warningHeaders(texts: readonly string[]): string[] {
  const once = [...new Set(texts)].map((text) => text.replaceAll(/\p{Cc}+/gu, ' '));
  const isTooLong = once.reduce((sum, text) => sum + text.length, 0) > budget;
  return once.map(
    (text) => `299 - "${(isTooLong ? text.slice(0, cutTo) : text).replaceAll(/["\\]/gu, String.raw`\$&`)}"`,
  );
}
