import type { Cluster } from '../cluster.ts';
import { isTerminating, namespaces } from '../kinds/namespace.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { forbidden, notFound } from '../status.ts';

/** @throws {ApiError} 404 or 403: the namespace is not there, or going. */
export function admitToNamespace(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
): void {
  if (!type.namespaced || namespace === undefined) return;
  const found = cluster.store.get('namespaces', { name: namespace });
  if (found === undefined) throw notFound(namespaces, namespace);
  if (!isTerminating(found)) return;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(type, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
    { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
  ]);
}
