import type { KubeconfigUser } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { basicHeader } from './basic.ts';
import { bearerHeader } from './bearer.ts';
import { loadClientCertificate } from './client-certificate.ts';
import { anonymousIdentity, type Identity } from './identity.ts';
import { impersonatingIdentity } from './impersonation.ts';
import { tokenFileHeader } from './token-file.ts';

/**
 * The identity that a kubeconfig's user stands for, as client-go reads it: a client certificate goes along with a
 * token or a password; a token file wins over a token; `exec` is not run where one of them is there.
 *
 * @throws {UsageError} Names the field: it would have to be acted on and cannot be, or two fields contradict each other.
 */
export function identityOf(user: KubeconfigUser): Identity {
  return impersonated(authenticatingIdentity(user), user);
}

/**
 * The same user over plain http, where no credential is sent: client-go impersonates there as well, for a proxy that
 * adds the credential.
 */
export function identityWithoutCredential(user: KubeconfigUser): Identity {
  return impersonated(anonymousIdentity, user);
}

/** Adds what `user` impersonates, if anything, to another identity. */
export function impersonated(identity: Identity, { impersonate }: Pick<KubeconfigUser, 'impersonate'>): Identity {
  return impersonate === undefined ? identity : impersonatingIdentity(identity, impersonate);
}

function authenticatingIdentity(user: KubeconfigUser): Identity {
  const authorization = authorizationOf(user);
  const hasCertificate = user.clientCertificate !== undefined;
  refusePlugins(user, { hasHeader: authorization !== undefined, hasCertificate });
  if (authorization === undefined && !hasCertificate) return anonymousIdentity;
  return {
    description: `user "${escapeLine(user.name)}"`,
    headers: async () => (authorization === undefined ? {} : { authorization: await authorization() }),
    clientCertificate: () => loadClientCertificate(user),
  };
}

function authorizationOf(user: KubeconfigUser): (() => Promise<string>) | undefined {
  const { name, password, token, tokenFile, username = '' } = user;
  const hasToken = token !== undefined || tokenFile !== undefined;
  const isBasic = username !== '';
  if (hasToken && isBasic) {
    throw new UsageError(`Cannot use user "${escapeLine(name)}" of the kubeconfig: it has a token and a username`, {
      reason: 'CredentialAmbiguous',
    });
  }
  if (tokenFile !== undefined) return tokenFileHeader(user, tokenFile);
  if (token !== undefined) {
    const header = bearerHeader(token, `token of user "${escapeLine(name)}"`);
    return () => Promise.resolve(header);
  }
  return isBasic ? () => Promise.resolve(basicHeader(username, password)) : undefined;
}

/**
 * client-go runs `exec` only where nothing else authenticates (plugin/pkg/client/auth/exec), and lets an
 * auth-provider add its header wherever there is none yet.
 */
function refusePlugins(
  { authProvider, exec, name }: KubeconfigUser,
  { hasHeader, hasCertificate }: { hasHeader: boolean; hasCertificate: boolean },
): void {
  if (exec !== undefined && !hasHeader && !hasCertificate) throw notSupported(name, 'exec', 'run a credential plugin');
  if (authProvider !== undefined && !hasHeader) throw notSupported(name, 'auth-provider', 'act on an auth-provider');
}

function notSupported(name: string, field: string, what: string): UsageError {
  const shown = escapeLine(name);
  return new UsageError(
    `Cannot connect as user "${shown}": users["${shown}"].user.${field} is set, and this version cannot ${what}`,
    {
      reason: 'CredentialNotSupported',
      hint: 'Name another user of the kubeconfig with --user, or another context with --context',
    },
  );
}
