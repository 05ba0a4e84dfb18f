import type { Cluster } from '../cluster.ts';
import { newObject, writeAs } from '../controllers/write-as.ts';
import { configMaps } from '../kinds/config-map.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { secrets, serviceAccountNameAnnotation, serviceAccountToken } from '../kinds/secret.ts';
import type { Fault } from './fault.ts';

const namespace = 'default';

export const largeLists: Fault = {
  begin(cluster) {
    const annotations = { [serviceAccountNameAnnotation]: 'default' };
    for (let number = 1; number <= 600; number += 1)
      make(cluster, secrets, { name: `token-${number}`, annotations }, { type: serviceAccountToken });
    for (let number = 1; number <= 1200; number += 1) make(cluster, configMaps, { name: `part-${number}` });
    return () => {};
  },
  // As after etcd's compaction: the store then says itself what is too old
  handle: (next, cluster) => async (request, response) => {
    if (/[?&]continue=/u.test(request.url ?? '')) {
      make(cluster, configMaps, { name: 'change' });
      cluster.store.compact();
    }
    return next(request, response);
  },
};

function make(
  cluster: Cluster,
  type: ResourceType,
  metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> },
  fields: object = {},
): void {
  const key = { namespace, name: metadata.name };
  const found = cluster.store.get(type.resource, key);
  writeAs(cluster, type, found ?? newObject(cluster, type, { metadata: { ...metadata, ...key }, ...fields }));
}
