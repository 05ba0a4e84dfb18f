import type { ExecClusterInfo, ExecPlugin, PemSource } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { readAnyFile } from '../system/any-file.ts';
import { fileReason } from '../system/file-reason.ts';

/**
 * The value of KUBERNETES_EXEC_INFO for a plugin (client-go: pkg/apis/clientauthentication/v1).
 *
 * @throws {UsageError} The CA that it has to hold cannot be read.
 */
export async function renderExecInfo({ apiVersion, clusterInfo }: ExecPlugin, interactive: boolean): Promise<string> {
  const cluster = clusterInfo === undefined ? {} : { cluster: await renderCluster(clusterInfo) };
  return renderExactly({ kind: 'ExecCredential', apiVersion, spec: { ...cluster, interactive } });
}

/** Go leaves out what is empty, but for the server and the config. */
async function renderCluster(info: ExecClusterInfo): Promise<Readonly<Record<string, unknown>>> {
  const { certificateAuthority, config, disableCompression, insecureSkipTlsVerify, proxyUrl, server } = info;
  return {
    server,
    'tls-server-name': info.tlsServerName || undefined,
    'insecure-skip-tls-verify': insecureSkipTlsVerify || undefined,
    'certificate-authority-data': certificateAuthority === undefined ? undefined : await base64Of(certificateAuthority),
    'proxy-url': proxyUrl?.reveal(),
    'disable-compression': disableCompression || undefined,
    config,
  };
}

async function base64Of(source: PemSource): Promise<string> {
  if ('data' in source) return Buffer.from(source.data).toString('base64');
  try {
    return (await readAnyFile(source.file)).toString('base64');
  } catch (error) {
    throw new UsageError(`Cannot read certificate-authority "${escapeLine(source.file)}": ${fileReason(error)}`, {
      reason: 'CertificateAuthorityUnreadable',
    });
  }
}

/** JSON, as `JSON.stringify()` writes it, in which a number of 64 bits, as an extension may hold it, keeps all its digits. */
export function renderExactly(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(renderExactly).join(',')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${renderExactly(field)}`).join(',')}}`;
}
