import type { Cluster } from '../cluster.ts';
import { provide } from '../controllers/namespace-controller.ts';
import { newObject, writeAs } from '../controllers/write-as.ts';
import { nameLabel, namespaces } from '../kinds/namespace.ts';

/** Makes the namespaces of a fresh cluster, each with its ServiceAccount `default`. */
export function bootstrapNamespaces(cluster: Cluster): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    const metadata = { name, labels: { [nameLabel]: name } };
    const fields = { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    cluster.store.put('namespaces', {
      ...writeAs(cluster, namespaces, newObject(cluster, namespaces, { metadata }), 'kube-apiserver'),
      ...fields,
    });
    provide(cluster, name);
  }
}
