import type { User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import type { Body } from '../http/body.ts';
import { invalidObject, notSupported } from '../field-error.ts';
import { notFound, type Status } from '../status.ts';

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

/** @throws {ApiError} 404 */
export function existing({ cluster, type, namespace, name }: Call): KubeObject {
  const found = cluster.store.get(type.resource, { namespace, name });
  if (found === undefined) throw notFound(type, name);
  return found;
}

/**
 * Whether the request only asks what would happen.
 *
 * @param optionsKind What the API calls the options of this verb: `CreateOptions`.
 * @throws {ApiError} 422: no such dry run.
 */
export function isDryRun(values: readonly string[], optionsKind: string): boolean {
  if (values.length === 0) return false;
  const bad = values.filter((value) => value !== 'All');
  if (bad.length === 0) return true;
  const errors = [notSupported('dryRun', bad[0] ?? '', ['All'])];
  throw invalidObject({ group: 'meta.k8s.io', kind: optionsKind }, '', errors);
}
