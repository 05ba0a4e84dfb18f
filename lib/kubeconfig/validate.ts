import { readProxyUrl } from './proxy-url.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './types.ts';

/**
 * What client-go refuses of a cluster (validation.go, validateClusterInfo; transport: TLSConfigFor), its server apart.
 *
 * @param isTls The server is https: over plain http no CA and no credential is looked at.
 */
export function clusterProblems(cluster: ClusterEntry, isTls: boolean): string[] {
  const { certificateAuthority, certificateAuthorityData, insecureSkipTlsVerify, proxyUrl } = cluster;
  const hasFile = certificateAuthority !== '';
  const hasData = certificateAuthorityData !== '';
  return texts([
    [proxyUrl !== '' && readProxyUrl(proxyUrl) === undefined, 'its proxy-url is no URL with http, https or socks5'],
    [hasFile && hasData, 'certificate-authority-data and certificate-authority are both set'],
    [
      isTls && insecureSkipTlsVerify && (hasFile || hasData),
      'insecure-skip-tls-verify is set beside a certificate-authority',
    ],
    [isOmitted(certificateAuthorityData), omitted('certificate-authority-data')],
  ]);
}

/** What client-go refuses of a user (validation.go, validateAuthInfo; transport: HTTPWrappersForConfig). */
export function userProblems(user: UserEntry, isTls: boolean): string[] {
  const hasBasic = user.username !== '' || user.password !== '';
  const config = user.authProvider?.config;
  const impersonates = user.asUid !== '' || user.asGroups.length > 0 || user.asUserExtra.size > 0;
  return [
    ...certificateProblems(user),
    ...(user.exec === undefined ? [] : execProblems(user.exec, user.authProvider !== undefined, isTls)),
    ...texts([
      [user.token !== '' && hasBasic, 'token and username or password are both set'],
      [
        isTls && user.token === '' && user.tokenFile !== '' && user.username !== '',
        'tokenFile and username are both set',
      ],
      [impersonates && user.as === '', 'as-uid, as-groups or as-user-extra is set without as'],
      [isOmitted(user.token), omitted('token')],
      [isOmitted(user.password), omitted('password')],
      ...providerSecrets.map(
        (field) => [isOmitted(config?.get(field)), omitted(`${field} of its auth-provider`)] as const,
      ),
    ]),
  ];
}

/** Whether a problem is that a secret was left out when the file was printed. */
export function isOmission(problem: string): boolean {
  return problem.endsWith(leftOut);
}

const leftOut = 'was left out when the file was printed';

/** kubectl shows them: others may not. */
const providerSecrets = ['id-token', 'refresh-token', 'client-secret'];

function omitted(field: string): string {
  return `${field} ${leftOut}`;
}

/** What `kubectl config view` shows in place of data and of secrets: both are valid base64. */
function isOmitted(data: string | undefined): boolean {
  return data === 'DATA+OMITTED' || data === 'REDACTED';
}

function certificateProblems(user: UserEntry): string[] {
  const { clientCertificate, clientCertificateData, clientKey, clientKeyData } = user;
  if (clientCertificate === '' && clientCertificateData === '') return [];
  return texts([
    [
      clientCertificate !== '' && clientCertificateData !== '',
      'client-certificate-data and client-certificate are both set',
    ],
    [clientKey !== '' && clientKeyData !== '', 'client-key-data and client-key are both set'],
    [clientKey === '' && clientKeyData === '', 'a client certificate is set without a client-key'],
    [isOmitted(clientCertificateData), omitted('client-certificate-data')],
    [isOmitted(clientKeyData), omitted('client-key-data')],
  ]);
}

function execProblems(exec: ExecEntry, hasAuthProvider: boolean, isTls: boolean): string[] {
  const isKnown = /^client\.authentication\.k8s\.io\/v1(?:beta1)?$/u.test(exec.apiVersion);
  const modes = ['', 'Never', 'IfAvailable', 'Always'];
  return texts([
    [hasAuthProvider, 'exec and auth-provider are both set'],
    [exec.command === '', 'exec has no command'],
    [exec.apiVersion === '', 'exec has no apiVersion'],
    [isTls && exec.apiVersion !== '' && !isKnown, 'exec.apiVersion is not client.authentication.k8s.io/v1 or v1beta1'],
    [exec.env?.some(({ name }) => name === '') === true, 'exec.env has an entry without a name'],
    [exec.interactiveMode === '', 'exec has no interactiveMode'],
    [!modes.includes(exec.interactiveMode), 'exec.interactiveMode is not Never, IfAvailable or Always'],
  ]);
}

function texts(checks: readonly (readonly [applies: boolean, text: string])[]): string[] {
  return checks.flatMap(([applies, text]) => (applies ? [text] : []));
}
