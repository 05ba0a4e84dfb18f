import { secrets, serviceAccountNameAnnotation, serviceAccountToken } from '../kinds/secret.ts';
import { serviceAccounts } from '../kinds/service-account.ts';
import { removeObject } from '../verbs/delete.ts';
import type { Fault } from './fault.ts';

/** Somebody deletes it while its token is made. The token controller then deletes the Secret, which was answered with 201. */
export const accountDeleted: Fault = {
  begin: (cluster) =>
    cluster.store.subscribe(({ object, resource, type }) => {
      if (type !== 'ADDED' || resource !== secrets.resource || object['type'] !== serviceAccountToken) return;
      const { annotations, namespace } = object.metadata;
      const name = annotations?.[serviceAccountNameAnnotation] ?? '';
      const account = cluster.store.get(serviceAccounts.resource, { namespace, name });
      if (account !== undefined) queueMicrotask(() => void removeObject(cluster, serviceAccounts, account));
    }),
};
