import type { User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import type { Body } from '../http/body.ts';
import { goQuote } from '../go-quote.ts';
import { notPathSegment } from '../kinds/names.ts';
import { badRequest, notFound, type Status } from '../status.ts';

/** An authorized request for a resource that the store holds. */
export interface Call {
  readonly cluster: Cluster;
  readonly type: ResourceType;
  readonly user: User;
  readonly verb: string;
  /** Undefined for cluster-scoped resources, and where all namespaces are meant. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly userAgent: string;
  readonly body: Body;
  /** Adds a Warning header to the answer. */
  readonly warn: (text: string) => void;
}

/** What is answered, before it is written in the form that the client wants. */
export interface Answer {
  readonly code: number;
  readonly object: KubeObject | ObjectList | Status;
}

export interface ObjectList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly KubeObject[];
}

/** @throws {ApiError} 400: the path has no name that an object could have. 404 */
export function existing({ cluster, type, namespace, name }: Call): KubeObject {
  if (type.namespaced && namespace === undefined) throw badRequest('Namespace parameter required.');
  const why = notPathSegment(name);
  if (why !== undefined) throw badRequest(`Name parameter invalid: ${goQuote(name)}: ${why}`);
  const found = cluster.store.get(type.resource, { namespace, name });
  if (found === undefined) throw notFound(type, name);
  return found;
}
