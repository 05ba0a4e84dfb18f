import { readDocument } from '../kubeconfig/document.ts';
import { child, mappingAt, stringOf } from '../kubeconfig/fields.ts';
import { decodeText } from '../kubeconfig/source-text.ts';
import { CredentialError, UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { BearerToken, SecretText } from '../model/secret-text.ts';
import type { ClientCertificate } from '../transport/tls.ts';
import { bearerHeader } from './bearer.ts';
import { usableCertificate } from './client-certificate.ts';
import { parseGoTime } from './go-time.ts';

/** What a plugin gave. */
export interface PluginCredential {
  /** Of an Authorization header; undefined where it gave a certificate alone. */
  readonly authorization: string | undefined;
  readonly certificate: ClientCertificate | undefined;
  /** Milliseconds since 1970; Infinity where it does not say. */
  readonly expiresAt: number;
}

export const outputHint =
  'Run it once by hand: on stdout it should print one ExecCredential, of the apiVersion of the kubeconfig, and nothing else';

/**
 * Reads the ExecCredential that a plugin printed, JSON or YAML, as client-go does.
 *
 * @param plugin For messages: `plugin "aws" of user "jane"`.
 * @throws {CredentialError} It is none of this version, or has no credential that can be used. Shows nothing of it.
 */
export async function readExecCredential(
  output: Buffer,
  { apiVersion, plugin }: { apiVersion: string; plugin: string },
): Promise<PluginCredential> {
  const refuse = (problem: string): never => {
    throw new CredentialError(`Cannot use the output of ${plugin}: ${problem}`, {
      reason: 'PluginOutputInvalid',
      hint: outputHint,
    });
  };
  const document = await readOutput(output, refuse);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return refuse('it is no ExecCredential');
  }
  const root = mappingAt({ value: document, path: () => '', refuse });
  const kind = stringOf(root, 'kind');
  // client-go lets it be absent, but not the apiVersion
  if (kind !== '' && kind !== 'ExecCredential') return refuse(`its kind is "${shown(kind)}", not "ExecCredential"`);
  const given = stringOf(root, 'apiVersion');
  if (given !== apiVersion)
    return refuse(`its apiVersion is "${shown(given)}", and the kubeconfig asks for ${apiVersion}`);
  if ((root.value['status'] ?? null) === null) return refuse('it has no status');
  const status = mappingAt(child(root, 'status'));
  const [token, certPem, keyPem] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) =>
    stringOf(status, name),
  ) as [string, string, string];
  if (token === '' && certPem === '' && keyPem === '') return refuse('its status has neither token nor certificate');
  if ((certPem === '') !== (keyPem === '')) {
    return refuse(`its status has a ${certPem === '' ? 'key without its certificate' : 'certificate without its key'}`);
  }
  const expires = stringOf(status, 'expirationTimestamp');
  const expiresAt = (status.value['expirationTimestamp'] ?? null) === null ? Infinity : parseGoTime(expires);
  if (Number.isNaN(expiresAt)) return refuse('status.expirationTimestamp is no time (RFC 3339)');
  return asCredentialError(() => ({
    authorization: token === '' ? undefined : bearerHeader(new BearerToken(token), `the token of ${plugin}`),
    certificate: certPem === '' ? undefined : certificateOf(certPem, keyPem, plugin),
    expiresAt,
  }));
}

/** What begins with a brace is JSON, with nothing after it; all else is YAML (apimachinery: recognizer.go). */
async function readOutput(output: Buffer, refuse: (problem: string) => never): Promise<unknown> {
  const text = output.toString('utf8');
  if (text.trim() === '') return refuse('it printed nothing');
  if (!/^\p{White_Space}*\{/u.test(text)) {
    const neither = () => refuse('it is neither JSON nor YAML');
    return readDocument(decodeText(output, neither), neither);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse('it begins as JSON, and is none, or has more behind it');
  }
}

function certificateOf(certPem: string, keyPem: string, plugin: string): ClientCertificate {
  const certificate = { certPem, keyPem: new SecretText(keyPem, 'client key') };
  const names = { certificateIs: `clientCertificateData of ${plugin}`, keyIs: `clientKeyData of ${plugin}` };
  return usableCertificate(certificate, names);
}

/** What would be the user's mistake in a kubeconfig is the plugin's here. */
function asCredentialError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError)
      throw new CredentialError(error.message, { reason: 'PluginOutputInvalid', hint: error.hint ?? outputHint });
    throw error;
  }
}

/** A plugin may print anything anywhere: only what can be a name is repeated. */
function shown(name: string): string {
  return /^[\w./-]{0,64}$/u.test(name) ? escapeLine(name) : '…';
}
