/** One name in a certificate's subjectAltName. */
export interface AltName {
  /** `DNS`, `IP Address`, `URI`, `email` and others. */
  readonly kind: string;
  /** As Node writes it: JSON in quotes where it has a letter that could be mistaken. */
  readonly text: string;
}

/** `DNS:localhost, IP Address:127.0.0.1, DNS:"with, comma"` (node: doc/api/crypto.md, x509.subjectAltName) */
export function parseAltNames(text: string): AltName[] {
  return [...text.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/gu)].map(([, kind = '', name = '']) => ({
    kind,
    text: name,
  }));
}

/** The name itself; undefined for what is not as Node writes it. */
export function valueOf({ text }: AltName): string | undefined {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
