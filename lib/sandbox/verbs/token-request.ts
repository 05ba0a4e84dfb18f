import { randomUUID } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { invalid, invalidObject } from '../field-error.ts';
import { serviceAccountUsername } from '../authentication/user.ts';
import { managerName, track } from '../object/managed-fields.ts';
import { type KubeObject, timestamp, withMetadata } from '../object/object.ts';
import { always, integer, list, objectSchema, optional, string, struct } from '../object/schema.ts';
import { badRequest, conflict, notFound, otherNamespace } from '../status.ts';
import { type Answer, type Call, existing } from './call.ts';
import { isDryRun } from './options.ts';
import { admitToNamespace } from './admission.ts';
import { decodeBody, type Wanted } from './decode-body.ts';

const group = 'authentication.k8s.io';

const tokenRequest: Wanted = {
  group,
  version: 'v1',
  kind: 'TokenRequest',
  internalType: 'authentication.TokenRequest',
  schema: objectSchema('v1.TokenRequest', {
    spec: struct('v1.TokenRequestSpec', {
      audiences: always(list(string())),
      expirationSeconds: optional(integer('int64')),
      boundObjectRef: optional(
        struct('v1.BoundObjectReference', {
          kind: string(),
          apiVersion: string(),
          name: string(),
          uid: string('types.UID'),
        }),
      ),
    }),
    status: struct('v1.TokenRequestStatus', { token: always(string()), expirationTimestamp: string('v1.Time') }),
  }),
  defaults: (request) => ({
    ...request,
    spec: { ...specOf(request), expirationSeconds: specOf(request).expirationSeconds ?? 3600 },
  }),
};

interface TokenRequestSpec {
  readonly audiences: readonly string[] | null;
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: BoundReference | null;
}

interface BoundReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

const specOf = (request: KubeObject) => request['spec'] as TokenRequestSpec;

/** `POST` of `serviceaccounts/NAME/token`: a bound token (kubernetes: registry/core/serviceaccount/storage/token.go). */
export async function requestToken(call: Call): Promise<Answer> {
  const { cluster, name, query, userAgent } = call;
  const namespace = call.namespace ?? '';
  const given = await decodeBody(call.body, tokenRequest, call);
  isDryRun(query, 'CreateOptions'); // the token of a dry run is a token all the same
  checkPlace(call, given);
  admitToNamespace(cluster, call.type, namespace, name);
  const account = existing(call);
  const uid = account.metadata.uid ?? '';
  checkUid(given, uid, name);
  const { audiences, expirationSeconds = 3600, boundObjectRef } = specOf(given);
  checkDuration(expirationSeconds);
  const reference = boundReference(call, boundObjectRef ?? undefined);
  const seconds = shortened(call, expirationSeconds);
  const aud = (audiences ?? []).length === 0 ? [cluster.issuer] : (audiences ?? []);
  const issuedAt = Math.floor(cluster.now() / 1000);
  const token = cluster.signingKey.sign({
    aud,
    exp: issuedAt + seconds,
    iat: issuedAt,
    iss: cluster.issuer,
    jti: randomUUID(),
    'kubernetes.io': { namespace, ...reference, serviceaccount: { name, uid } },
    nbf: issuedAt,
    sub: serviceAccountUsername(namespace, name),
  });
  const manager = {
    manager: managerName(query, userAgent),
    operation: 'Update',
    apiVersion: `${group}/v1`,
    subresource: 'token',
  } as const;
  const tracked = track(given, undefined, tokenRequest.schema, manager, cluster.now());
  const answer = withMetadata(tracked, { name, namespace, uid, creationTimestamp: timestamp(cluster.now()) });
  const spec = { audiences: aud, expirationSeconds: seconds, boundObjectRef: boundObjectRef ?? null };
  const status = { token, expirationTimestamp: timestamp((issuedAt + seconds) * 1000) };
  return { code: 201, object: { ...answer, spec, status } };
}

function checkPlace({ name, namespace }: Call, { metadata }: KubeObject): void {
  const given = metadata as Partial<KubeObject['metadata']>;
  if (given.namespace !== undefined && given.namespace !== namespace) {
    throw otherNamespace();
  }
  if (given.name === undefined || given.name === name) return;
  const errors = [invalid('metadata.name', given.name, 'must match the service account name if specified')];
  throw invalidObject(tokenRequest, name, errors);
}

function checkUid({ metadata }: KubeObject, uid: string, name: string): void {
  if (metadata.uid === undefined || metadata.uid === uid) return;
  const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`;
  throw conflict({ group, resource: 'TokenRequest' }, name, why);
}

function checkDuration(seconds: number): void {
  const why =
    seconds < 600
      ? 'may not specify a duration less than 10 minutes'
      : seconds > 2 ** 32
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (why === undefined) return;
  throw invalidObject(tokenRequest, '', [invalid('spec.expirationSeconds', seconds, why)]);
}

function shortened({ cluster, warn }: Call, seconds: number): number {
  const max = cluster.maxTokenExpirationSeconds ?? Number.POSITIVE_INFINITY;
  if (seconds <= max) return seconds;
  warn(`requested expiration of ${seconds} seconds shortened to ${max} seconds`);
  return max;
}

/** What the token is bound to, as its claims name it. */
function boundReference({ cluster, name, namespace }: Call, reference: BoundReference | undefined) {
  if (reference === undefined) return {};
  const { apiVersion = '', kind = '', name: boundName = '', uid = '' } = reference;
  const object = boundObject(cluster, { apiVersion, kind }, { namespace, name: boundName });
  if (kind === 'Pod' && accountOf(object) !== name) {
    throw badRequest(
      `cannot bind token for serviceaccount "${name}" to pod running with different serviceaccount name.`,
    );
  }
  const found = object.metadata.uid ?? '';
  if (uid !== '' && uid !== found) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: kind }, boundName, why);
  }
  return { [kind.toLowerCase()]: { name: boundName, uid: found } };
}

function boundObject(
  { store }: Cluster,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  key: { readonly namespace: string | undefined; readonly name: string },
): KubeObject {
  const resource = { Node: 'nodes', Pod: 'pods', Secret: 'secrets' }[kind];
  if (resource === undefined || apiVersion.includes('/')) {
    const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`cannot bind token to object of type ${version}, Kind=${kind}`);
  }
  if (key.name === '') throw badRequest('Name parameter required.');
  const object = store.get(resource, key);
  if (object === undefined) throw notFound({ group: '', resource }, key.name);
  return object;
}

function accountOf(pod: KubeObject): string | undefined {
  return (pod['spec'] as { serviceAccountName?: string } | undefined)?.serviceAccountName;
}
