import type { AuthProvider, ExecClusterInfo, ExecPlugin, KubeconfigUser } from '../model/cluster-access.ts';
import { BearerToken, SecretText } from '../model/secret-text.ts';
import { absoluteCommand, absolutePath } from './paths.ts';
import type { AuthProviderEntry, ExecEntry, UserEntry } from './types.ts';

/**
 * The user of a kubeconfig with its paths absolute and its secrets wrapped. All credentials are carried: which of them
 * counts, auth/ decides. A key without a certificate is nothing to client-go either.
 *
 * @param clusterInfo What a plugin is told of the cluster, if it asks.
 */
export function resolveUser(name: string, user: UserEntry, clusterInfo: () => ExecClusterInfo): KubeconfigUser {
  const fileAt = (path: string) => (path === '' ? undefined : { file: absolutePath(path, user.file) });
  const hasCertificate = user.clientCertificate !== '' || user.clientCertificateData !== '';
  return {
    name,
    clientCertificate: textOf(user.clientCertificateData) ?? fileAt(user.clientCertificate),
    clientKey: hasCertificate ? (keyOf(user.clientKeyData) ?? fileAt(user.clientKey)) : undefined,
    token: user.token === '' ? undefined : new BearerToken(user.token),
    tokenFile: fileAt(user.tokenFile)?.file,
    username: user.username || undefined,
    password: user.password === '' ? undefined : new SecretText(user.password, 'password'),
    impersonate: user.as === '' ? undefined : impersonationOf(user),
    exec: user.exec === undefined ? undefined : pluginOf(user.exec, user.file, clusterInfo),
    authProvider: user.authProvider && providerOf(user.authProvider, user.file),
  };
}

function providerOf({ name, config }: AuthProviderEntry, file: string): AuthProvider {
  const secrets = [...(config ?? [])].map(([key, value]) => [key, new SecretText(value, key)] as const);
  return { name, config: Object.fromEntries(secrets), file };
}

/** Of an entry that was found valid. */
function pluginOf(exec: ExecEntry, file: string, clusterInfo: () => ExecClusterInfo): ExecPlugin {
  return {
    command: absoluteCommand(exec.command, file),
    args: (exec.args ?? []).map((text) => new SecretText(text, 'argument')),
    env: (exec.env ?? []).map(({ name, value }) => ({ name, value: new SecretText(value, 'variable') })),
    apiVersion: exec.apiVersion,
    interactiveMode: exec.interactiveMode as ExecPlugin['interactiveMode'],
    installHint: exec.installHint,
    clusterInfo: exec.provideClusterInfo ? clusterInfo() : undefined,
  };
}

function textOf(base64: string): { data: string } | undefined {
  return base64 === '' ? undefined : { data: Buffer.from(base64, 'base64').toString() };
}

function keyOf(base64: string): { data: SecretText } | undefined {
  const text = textOf(base64);
  return text === undefined ? undefined : { data: new SecretText(text.data, 'key') };
}

function impersonationOf({ as, asUid, asGroups, asUserExtra }: UserEntry): KubeconfigUser['impersonate'] {
  const extra = Object.fromEntries([...asUserExtra].map(([key, values]) => [key, values ?? []]));
  return { user: as, uid: asUid || undefined, groups: asGroups, extra };
}
