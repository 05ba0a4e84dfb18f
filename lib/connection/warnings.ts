import { escapeLine } from '../model/escape.ts';

/**
 * The texts of a `Warning` header (RFC 7234, section 5.5), escaped: `299 - "unknown field \"spec.x\""`. Node joins
 * several headers by ", ", which may stand within a text too. What is no warning is passed over.
 */
export function parseWarnings(header: string | undefined): string[] {
  if (header === undefined) return [];
  return [...header.matchAll(/(?:^|,)\s*\d{3} \S+ "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?=,|$)/gu)].map(([, text = '']) =>
    escapeLine(text.replace(/\\(.)/gu, '$1')),
  );
}
