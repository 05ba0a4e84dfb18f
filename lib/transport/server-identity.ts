import type { PeerCertificate } from 'node:tls';
import { type AltName, parseAltNames, valueOf } from './alt-names.ts';
import { plainAddress, withoutBrackets } from './ip-address.ts';

/**
 * Whether a certificate is for this name or address, by the rule of Go (crypto/x509: Certificate.VerifyHostname), and so
 * of kubectl. Node's own is laxer: it takes a common name for a name, and `a*.test` for a wildcard.
 *
 * @param name An address may stand in brackets.
 * @returns An error that says what the certificate is for.
 */
export function checkIdentity(
  name: string,
  { subjectaltname = '' }: Pick<PeerCertificate, 'subjectaltname'>,
): Error | undefined {
  const names = parseAltNames(subjectaltname);
  const malformed = names.filter((each) => !isWellFormed(each));
  if (malformed.length === 0 && names.some(matcherOf(name))) return undefined;
  const counting = names.filter(({ kind }) => kind === 'DNS' || kind === 'IP Address');
  return Object.assign(new Error(`the certificate is not for ${name}`), {
    ...(malformed.length === 0
      ? { code: 'ERR_TLS_CERT_ALTNAME_INVALID', certificateNames: counting.map(shown).join(', ') }
      : { code: 'ERR_TLS_CERT_ALTNAME_FORMAT', certificateNames: malformed.map(shown).join(', ') }),
    host: name,
  });
}

/** The server name that goes out with a TLS handshake; empty for an address (Go: crypto/tls, hostnameInSNI). */
export function sentServerName(name: string): string {
  const host = withoutBrackets(name).replace(/(?<=.)%[^%]*$/su, '');
  return plainAddress(host) === undefined ? name.replace(/\.+$/u, '') : '';
}

function shown({ kind, text }: AltName): string {
  return `${kind}:${(kind === 'IP Address' ? plainAddress(text) : undefined) ?? text}`;
}

/** Go reads no certificate at all that has a name beyond ASCII, or an address of another length. */
function isWellFormed(name: AltName): boolean {
  if (name.kind === 'IP Address') return /^[\d.:A-Fa-f]+$/.test(name.text); // Node: <invalid length=5>
  return !['DNS', 'URI', 'email'].includes(name.kind) || /^[\0-\x7F]*$/.test(valueOf(name) ?? '\u{FFFD}');
}

function matcherOf(name: string): (candidate: AltName) => boolean {
  const address = plainAddress(withoutBrackets(name));
  if (address !== undefined) return ({ kind, text }) => kind === 'IP Address' && isSameAddress(text, address);
  const host = lowerCase(name);
  const labels = host.replace(/\.$/u, '').split('.');
  return (candidate) => {
    if (candidate.kind !== 'DNS') return false;
    const pattern = lowerCase(valueOf(candidate) ?? '');
    // what is no name of the DNS has no wildcard, and no dot at its end that means nothing
    if (!isHostname.test(host) || !isPattern.test(pattern)) return pattern === host && !['', '.'].includes(host);
    const [first, ...rest] = pattern.split('.');
    return (first === '*' || first === labels[0]) && rest.join('.') === labels.slice(1).join('.');
  };
}

function isSameAddress(text: string, address: string): boolean {
  const mayBe = text.includes(':') === address.includes(':') || /ffff:/iu.test(text);
  return mayBe && plainAddress(text) === address;
}

const isHostname = /^[a-z\d_][-a-z\d_]*(?:\.[a-z\d_][-a-z\d_]*)*\.?$/;
const isPattern = /^(?:\*(?=\.)|[a-z\d_][-a-z\d_]*)(?:\.[a-z\d_][-a-z\d_]*)*$/;

/** Of ASCII alone: other letters are as they are. */
function lowerCase(name: string): string {
  return name.replaceAll(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}
