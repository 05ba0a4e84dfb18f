import type { Configuration } from '@kubernetes/client-node/dist/gen/configuration.js';
import type { PromiseHttpLibrary, RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { UsageError } from '../model/errors.ts';
import type { ApiRequest, Connection } from './connection.ts';
import type * as Generated from './generated.ts';

/** What the generated methods cannot be given: bound once for the calls that follow. */
export interface TypedCall {
  /** Completes "Cannot …" in errors. */
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: ApiRequest['retry'];
  /** Milliseconds for one request. */
  readonly timeoutMs?: number | undefined;
}

/** Secrets, ServiceAccounts, Namespaces, … The generated API on this connection; it throws the connection's errors. */
export async function coreV1(connection: Connection, call: TypedCall): Promise<Generated.ObjectCoreV1Api> {
  const generated = await import('./generated.ts');
  return new generated.ObjectCoreV1Api(configurationOf(generated, connection, call));
}

/** Access reviews. */
export async function authorizationV1(
  connection: Connection,
  call: TypedCall,
): Promise<Generated.ObjectAuthorizationV1Api> {
  const generated = await import('./generated.ts');
  return new generated.ObjectAuthorizationV1Api(configurationOf(generated, connection, call));
}

/** Roles and their bindings. */
export async function rbacAuthorizationV1(
  connection: Connection,
  call: TypedCall,
): Promise<Generated.ObjectRbacAuthorizationV1Api> {
  const generated = await import('./generated.ts');
  return new generated.ObjectRbacAuthorizationV1Api(configurationOf(generated, connection, call));
}

function configurationOf(generated: typeof Generated, connection: Connection, call: TypedCall): Configuration {
  const { createConfiguration, ResponseContext, ServerConfiguration, wrapHttpLibrary } = generated;
  const library: PromiseHttpLibrary = {
    async send(context) {
      const answer = await connection.send({ ...requestOf(context), ...call });
      const text = () => Promise.resolve(answer.text);
      const binary = () => Promise.resolve(Buffer.from(answer.text));
      return new ResponseContext(answer.status, { ...answer.headers }, { text, binary, stream: () => null });
    },
  };
  // Only the path of its URL is used: where a request goes is the connection's.
  const baseServer = new ServerConfiguration('https://connection.invalid', {});
  const { makeRequestContext } = baseServer;
  baseServer.makeRequestContext = (path, method) => {
    requirePlainSegments(path, call.doing);
    return makeRequestContext.call(baseServer, path, method);
  };
  return createConfiguration({ baseServer, httpApi: wrapHttpLibrary(library) });
}

/**
 * The generated methods percent-encode names, but leave "." and ".." (and nothing, for an empty name) as they are: URLs
 * resolve those, and the request would be for something else.
 */
function requirePlainSegments(path: string, doing: string): void {
  const segment = path.split('/').find((part, index) => index > 0 && ['', '.', '..'].includes(part));
  if (segment === undefined) return;
  throw new UsageError(`Cannot ${doing}: "${segment}" cannot be a name`, { reason: 'InvalidName' });
}

function requestOf(context: RequestContext): Omit<ApiRequest, 'doing'> {
  const { pathname, search } = new URL(context.getUrl());
  const { Accept: _accept, 'Content-Type': contentType, ...headers } = context.getHeaders();
  const body = context.getBody();
  if (body !== undefined && typeof body !== 'string') throw new TypeError('The generated API sends JSON only');
  const method = context.getHttpMethod();
  return { method, path: `${pathname}${search}`, headers, body, contentType, kinds: kindsOf(pathname, method) };
}

const kindOfResource: Readonly<Record<string, string>> = {
  clusterrolebindings: 'ClusterRoleBinding',
  clusterroles: 'ClusterRole',
  localsubjectaccessreviews: 'LocalSubjectAccessReview',
  namespaces: 'Namespace',
  rolebindings: 'RoleBinding',
  roles: 'Role',
  secrets: 'Secret',
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  serviceaccounts: 'ServiceAccount',
  subjectaccessreviews: 'SubjectAccessReview',
};

/** The deserializer makes an empty object of JSON that is something else: what may come is known by the path. */
function kindsOf(path: string, method: string): string[] | undefined {
  const [, resource = '', subresource] =
    /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/]+)?\/([a-z]+)(?:\/[^/]+(?:\/([a-z]+))?)?$/u.exec(path) ?? [];
  if (subresource === 'token') return ['TokenRequest'];
  const kind = kindOfResource[resource];
  if (kind === undefined || subresource !== undefined) return undefined;
  return method === 'DELETE' ? [kind, 'Status', `${kind}List`] : [kind, `${kind}List`];
}
