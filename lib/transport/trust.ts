import { X509Certificate } from 'node:crypto';
import type { ClusterEndpoint } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { readAnyFile } from '../system/any-file.ts';
import { fileReason } from '../system/file-reason.ts';
import { reloaded } from '../system/reloaded.ts';
import type { Env } from '../system/runtime.ts';
import { certificateBlocks } from './pem.ts';
import { parseServerUrl } from './server-url.ts';
import { systemRoots } from '../system/system-roots.ts';

/** Against what a server is verified. */
export interface Trust {
  readonly source:
    | 'certificate-authority-data'
    | 'certificate-authority'
    /** Node's roots and the operating system's. */
    | 'system'
    | 'insecure-skip-tls-verify'
    /** Plain http. */
    | 'none'
    /** The `ca.crt` of a token Secret. */
    | 'token-secret';
  /** The certificates of a CA that was named; undefined for the system's roots and where nothing is verified. */
  readonly caPem: string | undefined;
  /** Hex SHA-256 of the DER of the first of them. */
  readonly certificateAuthoritySha256: string | undefined;
  /** All that TLS trusts, as PEM; undefined where nothing is verified. */
  readonly roots: readonly string[] | undefined;
}

/**
 * The trust that a kubeconfig gives to one cluster. A CA that is named is the only trust: one that cannot be read is
 * an error, never a reason to fall back to another.
 *
 * @throws {UsageError} Names the field, or the file, without showing its contents.
 */
export async function loadTrust(endpoint: ClusterEndpoint, { env }: { env: Env }): Promise<Trust> {
  const { certificateAuthority, insecureSkipTlsVerify, name, server } = endpoint;
  if (!parseServerUrl(server).tls) return withoutCa('none');
  if (insecureSkipTlsVerify) return withoutCa('insecure-skip-tls-verify');
  if (certificateAuthority === undefined) return systemTrust(env);
  if ('data' in certificateAuthority) {
    const trust = readCa(certificateAuthority.data, 'certificate-authority-data');
    return trust ?? refuse(`certificate-authority-data of cluster "${escapeLine(name)}"`);
  }
  const { file } = certificateAuthority;
  const what = `certificate-authority "${escapeLine(file)}" of cluster "${escapeLine(name)}"`;
  return readCa(await readCaFile(file, what), 'certificate-authority') ?? refuse(what);
}

/** A trust that may be replaced while a connection lasts. */
export interface LastingTrust {
  /** As it was read last. */
  readonly latest: Trust;
  /** Asked for each request: another one than before means new connections. */
  current(): Promise<Trust>;
}

/**
 * The same for as long as a connection lasts: the file of a CA that was replaced is read again, as client-go does
 * (transport: ca_rotation.go). While there is no certificate in it, those before count.
 *
 * @throws As `loadTrust()`.
 */
export async function openTrust(endpoint: ClusterEndpoint, options: { env: Env }): Promise<LastingTrust> {
  const { certificateAuthority } = endpoint;
  const load = () => loadTrust(endpoint, options);
  if (certificateAuthority === undefined || 'data' in certificateAuthority) return fixedTrust(await load());
  const reload = reloaded([certificateAuthority.file], load);
  let latest = await reload();
  return {
    get latest() {
      return latest;
    },
    async current() {
      const trust = await reload();
      if (trust.caPem !== latest.caPem) latest = trust;
      return latest;
    },
  };
}

/** A trust that stays. */
export function fixedTrust(latest: Trust): LastingTrust {
  return { latest, current: () => Promise.resolve(latest) };
}

/**
 * Trust in the certificates of a PEM text alone.
 *
 * @throws {UsageError} There is no certificate in it.
 */
export function trustOfPem(pem: string, source: Trust['source']): Trust {
  return readCa(pem, source) ?? refuse(source === 'token-secret' ? 'ca.crt of the token Secret' : source);
}

/** Node's roots and the operating system's. */
export function systemTrust(env: Env): Trust {
  return { ...withoutCa('system'), roots: systemRoots(env) };
}

function withoutCa(source: Trust['source']): Trust {
  return { source, caPem: undefined, certificateAuthoritySha256: undefined, roots: undefined };
}

/** Certificates that cannot be read are passed over as long as one can (as Go does: x509.AppendCertsFromPEM). */
function readCa(pem: string, source: Trust['source']): Trust | undefined {
  const certificates = certificateBlocks(pem).flatMap((block) => readCertificate(block) ?? []);
  const [first] = certificates;
  if (first === undefined) return undefined;
  const certificateAuthoritySha256 = first.fingerprint256.replaceAll(':', '').toLowerCase();
  return {
    source,
    caPem: pem,
    certificateAuthoritySha256,
    roots: certificates.map((certificate) => certificate.toString()),
  };
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

async function readCaFile(file: string, what: string): Promise<string> {
  try {
    return (await readAnyFile(file)).toString('utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${what}: ${fileReason(error)}`, { reason: 'CertificateAuthorityUnreadable' });
  }
}

function refuse(what: string): never {
  throw new UsageError(`Cannot use ${what}: no certificate (PEM) can be read in it`, {
    reason: 'CertificateAuthorityInvalid',
  });
}
