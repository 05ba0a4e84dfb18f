import { type Dirent, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as tls from 'node:tls';
import type { Env } from './runtime.ts';

/** Where a system keeps its roots. */
export interface RootLocations {
  /** The first that can be read counts. */
  readonly files: readonly string[];
  /** All that is in them counts. */
  readonly directories: readonly string[];
}

/** Linux distributions and the BSDs (go: crypto/x509/root_linux.go, root_bsd.go). */
const usual: RootLocations = {
  files: [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/ca-bundle.pem',
    '/etc/pki/tls/cacert.pem',
    '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    '/etc/ssl/cert.pem',
    '/usr/local/etc/ssl/cert.pem',
    '/usr/local/share/certs/ca-root-nss.crt',
    '/etc/openssl/certs/ca-certificates.crt',
  ],
  directories: ['/etc/ssl/certs', '/etc/pki/tls/certs', '/usr/local/share/certs', '/etc/openssl/certs'],
};

/**
 * Node's roots and the operating system's, each a certificate in PEM: a company's CA that works for kubectl then works
 * here. As in Go, `SSL_CERT_FILE` and `SSL_CERT_DIR` (a list) take the place of the usual files and directories. macOS
 * and Windows are asked by Node, from 22.15 on. `NODE_EXTRA_CA_CERTS`, which kubectl does not know, counts everywhere.
 *
 * The files are read here even where Node could do it, which takes 75 to 95 ms for what here takes 20; waiting for each
 * of them would take 10 more.
 */
export function systemRoots(env: Env, locations: RootLocations = usual): string[] {
  const isUnix = process.platform !== 'darwin' && process.platform !== 'win32';
  const { SSL_CERT_DIR: directories = '', SSL_CERT_FILE: file = '', NODE_EXTRA_CA_CERTS: extra = '' } = env;
  const texts = [
    readFirst(file === '' ? (isUnix ? locations.files : []) : [file]),
    ...(directories === '' ? (isUnix ? locations.directories : []) : directories.split(':')).map(readDirectory),
    readFirst(extra === '' ? [] : [extra]),
  ];
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };
  const asked = isUnix ? [] : (getCACertificates?.('system') ?? []);
  return unique([...tls.rootCertificates, ...asked, ...texts.flatMap(certificates)]);
}

function readFirst(files: readonly string[]): string {
  for (const file of files) {
    const text = attempt(() => readFileSync(file, 'latin1'));
    if (text !== undefined) return text;
  }
  return '';
}

/** All files of a directory but links within it: hashes of what is there anyway. */
function readDirectory(directory: string): string {
  const isLinkWithin = (entry: Dirent) =>
    entry.isSymbolicLink() && attempt(() => readlinkSync(join(directory, entry.name)))?.includes('/') === false;
  return (attempt(() => readdirSync(directory, { withFileTypes: true })) ?? [])
    .filter((entry) => !isLinkWithin(entry))
    .map(({ name }) => attempt(() => readFileSync(join(directory, name), 'latin1')) ?? '')
    .join('\n');
}

/** Undefined for what cannot be read: this system keeps its roots elsewhere. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const [begin, end] = ['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----'];

/** Each certificate by itself: OpenSSL would pass over all that follow one which it cannot read. */
function certificates(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (let to = text.indexOf(end); to !== -1; to = text.indexOf(end, from)) {
    const start = text.lastIndexOf(begin, to);
    if (start >= from) found.push(text.slice(start, to + end.length));
    from = to + end.length;
  }
  return found;
}

/** A context without doubles is made twice as fast. Lines differ in length by who wrote them: their bytes are compared. */
function unique(pems: readonly string[]): string[] {
  const byBytes = new Map<string, string>();
  for (const pem of pems) {
    const base64 = pem.slice(begin.length, pem.indexOf(end));
    const bytes = Buffer.from(base64, 'base64').toString('latin1');
    if (!byBytes.has(bytes)) byBytes.set(bytes, pem);
  }
  return [...byBytes.values()];
}
