import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { KubeconfigUser } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { SecretText } from '../model/secret-text.ts';
import { readAnyFile } from '../system/any-file.ts';
import { unlessAborted } from '../system/deadline.ts';
import { fileReason } from '../system/file-reason.ts';
import { reloaded } from '../system/reloaded.ts';
import { certificateBlocks } from '../transport/pem.ts';
import { type ClientCertificate, clientCertificateRefusal } from '../transport/tls.ts';

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
  return usableCertificate({ certPem, keyPem }, { certificateIs, keyIs });
}

/**
 * The same for as long as a connection lasts: files that were replaced are read again, as client-go does (transport:
 * cert_rotation.go). Until certificate and key belong together again, those before count.
 *
 * @throws As `loadClientCertificate()`, before it succeeds for the first time.
 */
export function clientCertificateOf(
  user: KubeconfigUser,
): (signal?: AbortSignal) => Promise<ClientCertificate | undefined> {
  const { clientCertificate, clientKey } = user;
  const files = [clientCertificate, clientKey].flatMap((source) =>
    source !== undefined && 'file' in source ? source.file : [],
  );
  const current = reloaded(files, () => loadClientCertificate(user));
  return (signal) => unlessAborted(current(), signal);
}

/**
 * A certificate with the chain that goes along with it, without what else stands in its text, as Go takes it
 * (crypto/tls: X509KeyPair).
 *
 * @throws {UsageError} Names, by `certificateIs` or `keyIs`, what cannot be read; they do not belong together, or
 *   OpenSSL does not take them.
 */
export function usableCertificate(
  { certPem, keyPem }: ClientCertificate,
  { certificateIs, keyIs }: { certificateIs: string; keyIs: string },
): ClientCertificate {
  const blocks = certificateBlocks(certPem);
  const [certificate, ...others] = blocks.map(readCertificate);
  if (certificate === undefined) throw invalid(`Cannot use ${certificateIs}: no certificate (PEM) can be read in it`);
  if (others.includes(undefined)) {
    throw invalid(
      `Cannot use ${certificateIs}: one of the certificates after the first cannot be read`,
      'After the certificate itself there is only room for those of its authorities: take out what is none',
    );
  }
  if (!certificate.checkPrivateKey(readKey(keyPem, keyIs))) {
    throw invalid(`Cannot use ${certificateIs}: it does not belong to the client-key`);
  }
  const usable = { certPem: blocks.map((block) => `${block}\n`).join(''), keyPem };
  const refusal = clientCertificateRefusal(usable);
  if (refusal === undefined) return usable;
  throw invalid(
    `Cannot use ${certificateIs}: OpenSSL refuses it: ${escapeLine(refusal)}`,
    'It has to be issued anew: signed with SHA-256, for an RSA key of 2048 bits or one of the curve P-256',
  );
}

function describeSource(field: string, source: { readonly data: unknown } | { readonly file: string }): string {
  return 'file' in source ? `${field} "${escapeLine(source.file)}"` : `${field}-data`;
}

async function readPem(file: string, what: string): Promise<string> {
  try {
    return (await readAnyFile(file)).toString('utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${what}: ${fileReason(error)}`, { reason: 'ClientCertificateUnreadable' });
  }
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
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

function invalid(message: string, hint?: string): UsageError {
  return new UsageError(message, { reason: 'ClientCertificateInvalid', hint });
}
