import type { Cluster } from '../cluster.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { storedTypes } from '../kinds/table.ts';
import type { KubeObject, OwnerReference } from '../object/object.ts';

/** What an object says of an owner, and that owner where it is there. */
interface Owner {
  readonly reference: OwnerReference;
  readonly owner: KubeObject | undefined;
}

/**
 * The owners of an object. One that never was counts as gone; undefined where one cannot be looked for: it is of a kind
 * that is not kept here, or of a namespace while the object is of none.
 */
export function ownersOf({ store }: Cluster, { metadata }: KubeObject): readonly Owner[] | undefined {
  const { namespace, ownerReferences = [] } = metadata;
  const owners: Owner[] = [];
  for (const reference of ownerReferences) {
    const type = storedTypes.find((one) => one.kind === reference.kind && groupVersion(one) === reference.apiVersion);
    if (type === undefined || (type.namespaced && namespace === undefined)) return undefined;
    const key = { namespace: type.namespaced ? namespace : undefined, name: reference.name };
    const found = store.get(type.resource, key);
    owners.push({ reference, owner: found?.metadata.uid === reference.uid ? found : undefined });
  }
  return owners;
}
