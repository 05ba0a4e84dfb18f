import type { Cluster } from '../cluster.ts';
import { configMaps } from '../kinds/config-map.ts';
import { isTerminating } from '../kinds/namespace.ts';
import { serviceAccounts } from '../kinds/service-account.ts';
import { storedTypes } from '../kinds/table.ts';
import type { KubeObject } from '../object/object.ts';
import type { Change } from '../store/store.ts';
import { newObject, writeAs } from './write-as.ts';

const rootCa = 'kube-root-ca.crt';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Gives each namespace its ServiceAccount `default` and its ConfigMap of the CA, and empties one that is going. */
export function namespaceController(cluster: Cluster): (change: Change) => void {
  return ({ object, resource, type }) => {
    if (resource === 'namespaces' && type !== 'DELETED') {
      const namespace = cluster.store.get('namespaces', object.metadata);
      if (namespace === undefined) return;
      if (isTerminating(namespace)) empty(cluster, namespace);
      else provide(cluster, namespace.metadata.name);
      return;
    }
    const isOurs =
      (resource === 'serviceaccounts' && object.metadata.name === 'default') ||
      (resource === 'configmaps' && object.metadata.name === rootCa);
    const namespace = cluster.store.get('namespaces', { name: object.metadata.namespace ?? '' });
    if (isOurs && namespace !== undefined && !isTerminating(namespace)) provide(cluster, namespace.metadata.name);
  };
}

/** What a namespace has from its first moment; missing or changed, it is made again. */
export function provide(cluster: Cluster, namespace: string): void {
  const { caPem, store } = cluster;
  const account = { namespace, name: 'default' };
  if (store.get('serviceaccounts', account) === undefined) {
    writeAs(cluster, serviceAccounts, newObject(cluster, serviceAccounts, { metadata: account }));
  }
  const key = { namespace, name: rootCa };
  const found = store.get('configmaps', key);
  if (caPem === '' || (found?.['data'] as Record<string, string> | undefined)?.['ca.crt'] === caPem) return;
  const metadata = { ...key, annotations: { 'kubernetes.io/description': description } };
  const made = found ?? newObject(cluster, configMaps, { metadata });
  writeAs(cluster, configMaps, { ...made, data: { 'ca.crt': caPem } });
}

function empty({ store }: Cluster, namespace: KubeObject): void {
  const { name } = namespace.metadata;
  for (const type of storedTypes) {
    if (!type.namespaced) continue;
    for (const { metadata } of store.list(type.resource, name)) store.remove(type.resource, metadata);
  }
  store.remove('namespaces', { name });
}
