import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KubeconfigUser } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { SecretText } from '../model/secret-text.ts';
import { fileReason } from '../system/file-reason.ts';
import { reloaded } from '../system/reloaded.ts';
import type { ClientCertificate } from '../transport/tls.ts';

/**
 * The client certificate of a kubeconfig's user; undefined if it has none. A key without a certificate is ignored, as
 * client-go does.
 *
 * @throws {UsageError} Names the field or file: unreadable, no PEM, or the two do not belong together.
 */
export async function loadClientCertificate(user: KubeconfigUser): Promise<ClientCertificate | undefined> {
  const { clientCertificate, clientKey, name } = user;
  if (clientCertificate === undefined) return undefined;
  const of = `of user "${escapeLine(name)}"`;
  const certificateIs = `${describeSource('client-certificate', clientCertificate)} ${of}`;
  if (clientKey === undefined) throw invalid(`Cannot use ${certificateIs}: it has no client-key`);
  const keyIs = `${describeSource('client-key', clientKey)} ${of}`;
  const certPem =
    'data' in clientCertificate ? clientCertificate.data : await readPem(clientCertificate.file, certificateIs);
  const keyPem =
    'data' in clientKey ? clientKey.data : new SecretText(await readPem(clientKey.file, keyIs), 'client key');
  checkCertificate({ certPem, keyPem }, { certificateIs, keyIs });
  return { certPem, keyPem };
}

/**
 * The same for as long as a connection lasts: files that were replaced are read again, as client-go does (transport:
 * cert_rotation.go). Until certificate and key belong together again, those before count.
 *
 * @throws As `loadClientCertificate()`, before it succeeds for the first time.
 */
export function clientCertificateOf(user: KubeconfigUser): () => Promise<ClientCertificate | undefined> {
  const { clientCertificate, clientKey } = user;
  const files = [clientCertificate, clientKey].flatMap((source) =>
    source !== undefined && 'file' in source ? source.file : [],
  );
  return reloaded(files, () => loadClientCertificate(user));
}

/**
 * Whether a certificate and its key can be used together.
 *
 * @throws {UsageError} Names, by `certificateIs` or `keyIs`, what cannot be read; or they do not belong together.
 */
export function checkCertificate(
  { certPem, keyPem }: ClientCertificate,
  { certificateIs, keyIs }: { certificateIs: string; keyIs: string },
): void {
  const certificate = readCertificate(certPem, certificateIs);
  if (!certificate.checkPrivateKey(readKey(keyPem, keyIs))) {
    throw invalid(`Cannot use ${certificateIs}: it does not belong to the client-key`);
  }
}

function describeSource(field: string, source: { readonly data: unknown } | { readonly file: string }): string {
  return 'file' in source ? `${field} "${escapeLine(source.file)}"` : `${field}-data`;
}

async function readPem(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${what}: ${fileReason(error)}`, { reason: 'ClientCertificateUnreadable' });
  }
}

function readCertificate(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw invalid(`Cannot use ${what}: no certificate (PEM) can be read in it`);
  }
}

function readKey(pem: SecretText, what: string): KeyObject {
  const text = pem.reveal();
  try {
    return createPrivateKey(text);
  } catch {
    const encrypted = /^(?:-----BEGIN |Proc-Type: .*)ENCRYPTED/mu.test(text);
    throw invalid(`Cannot use ${what}: ${encrypted ? 'it is encrypted' : 'no private key (PEM) can be read in it'}`);
  }
}

function invalid(message: string): UsageError {
  return new UsageError(message, { reason: 'ClientCertificateInvalid' });
}
