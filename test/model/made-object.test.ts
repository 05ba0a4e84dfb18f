import { expect, test } from 'vitest';
import { deleteCommand } from '../../lib/model/made-object.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';

const access: ClusterAccess = {
  context: 'dev',
  cluster: { name: 'dev', server: 'https://h:6443', insecureSkipTlsVerify: false },
  user: { name: 'jane' },
  namespace: 'default',
};
const secret = { kind: 'Secret', namespace: 'ci', name: 'a' } as const;

test('the command that deletes an object names the context, and the flags that chose the cluster', () => {
  expect(deleteCommand(secret, access)).toBe('kubectl delete secret a -n ci --context dev');
  const clusterFlags = [
    ['--kubeconfig', "/home/jane/it's"],
    ['--server', 'https://i:6443'],
  ] as const;
  expect(deleteCommand(secret, { ...access, clusterFlags })).toBe(
    String.raw`kubectl delete secret a -n ci --context dev --kubeconfig '/home/jane/it'\''s' --server https://i:6443`,
  );
});

test('the command that deletes a cluster-scoped object names no namespace, and without a context none', () => {
  const object = { kind: 'ClusterRoleBinding', namespace: undefined, name: 'a' } as const;
  expect(deleteCommand(object, { ...access, context: null })).toBe('kubectl delete clusterrolebinding a');
});
