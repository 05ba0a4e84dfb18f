import type { Cluster } from '../cluster.ts';
import { configMaps } from '../kinds/config-map.ts';
import { isTerminating, namespaces } from '../kinds/namespace.ts';
import { serviceAccounts } from '../kinds/service-account.ts';
import { storedTypes } from '../kinds/table.ts';
import type { KubeObject } from '../object/object.ts';
import type { Change } from '../store/store.ts';
import { keepOrRemove, removeObject } from '../verbs/delete.ts';
import { newObject, writeAs } from './write-as.ts';

const rootCa = 'kube-root-ca.crt';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Gives each namespace its ServiceAccount `default` and its ConfigMap of the CA. */
export function namespaceController(cluster: Cluster): (change: Change) => void {
  return ({ object, resource, type }) => {
    const isNamespace = resource === 'namespaces' && type !== 'DELETED';
    const isOurs =
      (resource === 'serviceaccounts' && object.metadata.name === 'default') ||
      (resource === 'configmaps' && object.metadata.name === rootCa);
    if (!isNamespace && !isOurs) return;
    const name = isNamespace ? object.metadata.name : (object.metadata.namespace ?? '');
    const namespace = cluster.store.get('namespaces', { name });
    if (namespace !== undefined && !isTerminating(namespace)) provide(cluster, name);
  };
}

/** Empties a namespace that is going, and ends it when nothing is left. A real one takes seconds. */
export function namespaceEmptier(cluster: Cluster): (change: Change) => void {
  return ({ object, resource, type }) => {
    const isNamespace = resource === 'namespaces';
    if (isNamespace === (type === 'DELETED')) return;
    const name = isNamespace ? object.metadata.name : (object.metadata.namespace ?? '');
    const namespace = cluster.store.get('namespaces', { name });
    if (namespace !== undefined && isTerminating(namespace)) empty(cluster, namespace);
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

/** Goes on with the next change where finalizers hold something back. */
function empty(cluster: Cluster, namespace: KubeObject): void {
  const { store } = cluster;
  const { name } = namespace.metadata;
  const types = storedTypes.filter(({ namespaced }) => namespaced);
  for (const type of types) for (const object of store.list(type.resource, name)) removeObject(cluster, type, object);
  const isEmpty = types.every(({ resource }) => store.list(resource, name).length === 0);
  if (!isEmpty) return;
  keepOrRemove(cluster, namespaces, { ...namespace, spec: {} });
}
