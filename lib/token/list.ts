import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import {
  isOurs,
  runAnnotation,
  runEndsWithinMs,
  serviceAccountNameAnnotation,
  stateLabel,
  tokenSecretType,
} from '../model/ownership.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';

/** The token Secrets of a ServiceAccount, by their metadata: no token crosses the wire. */
export interface TokenSecretList {
  readonly items: readonly TokenSecretMetadata[];
  /** There were more than one page holds. */
  readonly more: boolean;
  /** The server's clock, milliseconds since 1970. */
  readonly serverTime: number;
}

/** Metadata as it comes over the wire: dates are text. */
export type TokenSecretMetadata = Omit<V1ObjectMeta, 'creationTimestamp'> & { creationTimestamp?: string };

const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const pageSize = 500;

/**
 * Lists the token Secrets that name a ServiceAccount.
 *
 * @param now Milliseconds since 1970, for a server that sends no Date.
 */
export async function listTokenSecrets(
  connection: Connection,
  account: ServiceAccountRef,
  { signal, now }: { signal: AbortSignal; now: number },
): Promise<TokenSecretList> {
  const answer = await connection.send({
    method: 'GET',
    path: `/api/v1/namespaces/${account.namespace}/secrets`,
    query: { fieldSelector: `type=${tokenSecretType}`, limit: pageSize },
    accept: metadataOnly,
    doing: `list Secrets in namespace "${account.namespace}"`,
    signal,
  });
  const list = answer.json<{ metadata?: { continue?: string }; items?: { metadata: TokenSecretMetadata }[] }>();
  const sent = Date.parse(answer.headers['date'] ?? '');
  return {
    items: (list.items ?? [])
      .map(({ metadata }) => metadata)
      .filter(({ annotations }) => annotations?.[serviceAccountNameAnnotation] === account.name),
    more: (list.metadata?.continue ?? '') !== '',
    serverTime: Number.isNaN(sent) ? now : sent,
  };
}

/** The runs that made, or took over, a Secret that was handed over: they have ended, and clean up nothing any more. */
export function deliveredRuns(list: TokenSecretList | undefined): ReadonlySet<string> {
  const delivered = (list?.items ?? []).filter(({ labels }) => labels?.[stateLabel] === 'delivered');
  return new Set(delivered.flatMap(({ annotations }) => annotations?.[runAnnotation] ?? []));
}

/** Secrets of ours that an earlier run made and did not hand over. */
export function leftOvers({ items, serverTime }: TokenSecretList): TokenSecretMetadata[] {
  return items.filter(
    (metadata) =>
      isOurs(metadata) &&
      metadata.labels?.[stateLabel] === 'pending' &&
      serverTime - Date.parse(metadata.creationTimestamp ?? '') > runEndsWithinMs,
  );
}
