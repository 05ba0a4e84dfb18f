import { legacyClaims } from '../authentication/service-account-token.ts';
import type { Cluster } from '../cluster.ts';
import {
  secrets,
  serviceAccountNameAnnotation,
  serviceAccountToken,
  serviceAccountUidAnnotation,
} from '../kinds/secret.ts';
import type { KubeObject } from '../object/object.ts';
import { withMetadata } from '../object/object.ts';
import type { Change } from '../store/store.ts';
import { removeObject } from '../verbs/delete.ts';
import { writeAs } from './write-as.ts';

/**
 * Fills Secrets of type kubernetes.io/service-account-token, deletes those whose ServiceAccount is not there or another
 * one by now, and takes deleted ones off their ServiceAccount's list (kubernetes: tokens_controller.go).
 */
export function tokenController(cluster: Cluster): (change: Change) => void {
  return ({ object, resource, type }) => {
    if (resource === 'serviceaccounts' && type === 'DELETED') deleteTokens(cluster, object);
    if (resource !== 'secrets' || object['type'] !== serviceAccountToken) return;
    if (type === 'DELETED') dropReference(cluster, object);
    else syncSecret(cluster, object);
  };
}

function syncSecret(cluster: Cluster, seen: KubeObject): void {
  const { store } = cluster;
  const secret = store.get('secrets', seen.metadata);
  // What has changed meanwhile has an event of its own
  if (secret === undefined || secret.metadata.resourceVersion !== seen.metadata.resourceVersion) return;
  const account = accountOf(cluster, secret);
  if (account === undefined) removeObject(cluster, secrets, secret);
  else fill(cluster, secret, account);
}

function accountOf({ store }: Cluster, { metadata }: KubeObject): KubeObject | undefined {
  const name = metadata.annotations?.[serviceAccountNameAnnotation] ?? '';
  const uid = metadata.annotations?.[serviceAccountUidAnnotation] ?? '';
  const account = store.get('serviceaccounts', { namespace: metadata.namespace, name });
  return uid === '' || uid === account?.metadata.uid ? account : undefined;
}

/** A user's `ca.crt` is overwritten, his `token` never. */
function fill(cluster: Cluster, secret: KubeObject, account: KubeObject): void {
  const data = (secret['data'] ?? {}) as Readonly<Record<string, string>>;
  const { name, namespace = '', uid = '' } = account.metadata;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const ca = encode(cluster.caPem);
  const needsCa = cluster.caPem !== '' && data['ca.crt'] !== ca;
  const needsNamespace = (data['namespace'] ?? '') === '';
  const needsToken = (data['token'] ?? '') === '';
  if (!needsCa && !needsNamespace && !needsToken) return;
  const filled = {
    ...data,
    ...(needsCa ? { 'ca.crt': ca } : {}),
    ...(needsNamespace ? { namespace: encode(namespace) } : {}),
    ...(needsToken
      ? { token: encode(cluster.signingKey.sign(legacyClaims({ namespace, name, uid }, secret.metadata.name))) }
      : {}),
  };
  const annotations = {
    ...secret.metadata.annotations,
    [serviceAccountNameAnnotation]: name,
    [serviceAccountUidAnnotation]: uid,
  };
  // An immutable Secret cannot be filled: the API server refuses the update
  if (secret['immutable'] === true) return;
  writeAs(cluster, secrets, { ...withMetadata(secret, { annotations: sorted(annotations) }), data: sorted(filled) });
}

function deleteTokens(cluster: Cluster, { metadata }: KubeObject): void {
  for (const secret of cluster.store.list('secrets', metadata.namespace)) {
    const { annotations = {} } = secret.metadata;
    const uid = annotations[serviceAccountUidAnnotation] ?? '';
    const isIts = annotations[serviceAccountNameAnnotation] === metadata.name && (uid === '' || uid === metadata.uid);
    if (secret['type'] === serviceAccountToken && isIts) removeObject(cluster, secrets, secret);
  }
}

function dropReference(cluster: Cluster, secret: KubeObject): void {
  const account = accountOf(cluster, secret);
  const references = (account?.['secrets'] ?? []) as readonly { readonly name?: string }[];
  const left = references.filter(({ name }) => name !== secret.metadata.name);
  if (account === undefined || left.length === references.length) return;
  const { secrets: _, ...rest } = account;
  cluster.store.put('serviceaccounts', left.length === 0 ? rest : { ...account, secrets: left });
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
