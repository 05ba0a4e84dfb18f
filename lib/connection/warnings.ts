import { escapeLine } from '../model/escape.ts';

/**
 * The texts of a `Warning` header (RFC 7234, section 5.5), escaped: `299 - "unknown field \"spec.x\""`. Node joins
 * several headers by ", ", which may stand within a text too. What is no warning is passed over.
 *
 * @param header As Node gives it: a character a byte.
 */
export function parseWarnings(header: string | undefined): string[] {
  if (header === undefined) return [];
  return [...asUtf8(header).matchAll(/(?:^|,)\s*\d{3} \S+ "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?=,|$)/gu)].map(
    ([, text = '']) => escapeLine(text.replace(/\\(.)/gu, '$1')),
  );
}

/** Kubernetes writes UTF-8 into it (apimachinery: pkg/util/net, NewWarningHeader); what is none stays as it is. */
function asUtf8(header: string): string {
  const hasHighBytes = /[\u0080-\u00FF]/u.test(header) && !/[\u0100-\u{10FFFF}]/u.test(header);
  if (!hasHighBytes) return header;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}
