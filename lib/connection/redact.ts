import type { IdentityHeaders } from '../auth/identity.ts';

/**
 * Takes credentials out of text that a server sent: some answer with the request they got, as it is or in base64.
 *
 * @param sent Headers of the request.
 */
export function redact(text: string, sent: IdentityHeaders): string {
  const credential = String(sent['authorization'] ?? '').replace(/^\S+ /u, '');
  const bytes = Buffer.from(credential, 'latin1'); // a header's characters are bytes: of UTF-8
  const forms = bytes.length < shortestSecret ? [] : [credential, bytes.toString(), ...base64Forms(bytes)];
  const known = forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
  return known.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*|ZXlK[A-Za-z0-9+/]{40,}={0,2}/gu, '[redacted token]');
}

/** Headers of an answer; those whose text may get into a message without credentials. */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  sent: IdentityHeaders,
): Readonly<Record<string, string>> {
  const shown = ['warning', 'location', 'content-type'].flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, redact(value, sent)] as const];
  });
  return { ...headers, ...Object.fromEntries(shown) };
}

/**
 * A shorter text is no secret to whoever guesses, and stands in words that mean something else: with `t` for a token
 * "Unauthorized" could not be read any more, and the gaps would tell what it is.
 */
const shortestSecret = 8;

/**
 * How a credential looks within base64: in one of three ways, as its offset wants it. Characters at its edges hold bits
 * of its neighbours too and are left out.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
