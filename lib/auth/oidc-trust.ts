import { isBase64 } from '../kubeconfig/base64.ts';
import type { AuthProvider } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { readAnyFile } from '../system/any-file.ts';
import { fileReason } from '../system/file-reason.ts';
import { type Trust, trustOfPem } from '../transport/trust.ts';

/**
 * The CA that an identity provider is verified by; undefined for the system's roots.
 *
 * @param who For messages.
 * @throws {UsageError} It cannot be read, or there is no certificate in it.
 */
export async function providerTrust(config: AuthProvider['config'], who: string): Promise<Trust | undefined> {
  const data = config['idp-certificate-authority-data']?.reveal() ?? '';
  const file = config['idp-certificate-authority']?.reveal() ?? '';
  if (data === '' && file === '') return undefined;
  const [field, source] =
    data === ''
      ? (['idp-certificate-authority', 'certificate-authority'] as const)
      : (['idp-certificate-authority-data', 'certificate-authority-data'] as const);
  const invalid = (why: string) =>
    new UsageError(`Cannot use the ${field} of ${who}: ${why}`, { reason: 'CertificateAuthorityInvalid' });
  if (data !== '' && !isBase64(data)) throw invalid('it is not base64');
  const pem = data === '' ? await readPem(file, who) : Buffer.from(data, 'base64').toString();
  try {
    return trustOfPem(pem, source);
  } catch {
    throw invalid('no certificate (PEM) can be read in it');
  }
}

async function readPem(file: string, who: string): Promise<string> {
  try {
    return (await readAnyFile(file)).toString('utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the idp-certificate-authority of ${who}: ${fileReason(error)}`, {
      reason: 'CertificateAuthorityUnreadable',
    });
  }
}
