import type { Cluster } from '../cluster.ts';
import { newObject } from '../controllers/write-as.ts';
import { services } from '../kinds/service.ts';
import { type KubeObject, sameValue } from '../object/object.ts';

/** By this Service the pods of a cluster would reach its API server. */
export function bootstrapOwnService(cluster: Cluster, port: number): void {
  const { store } = cluster;
  const metadata = { namespace: 'default', name: 'kubernetes' };
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const found = store.get('services', metadata) ?? newObject(cluster, services, { metadata: { ...metadata, labels } });
  const service: KubeObject = {
    ...found,
    spec: {
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
      clusterIP: '10.0.0.1',
      clusterIPs: ['10.0.0.1'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  };
  if (!sameValue(service, found)) store.put('services', service);
}
