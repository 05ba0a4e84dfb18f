import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultName } from '../../lib/sandbox/faults/names.ts';
import { startSandbox } from '../../lib/sandbox/index.ts';
import { type KubernetesList, restClient } from '../control-plane/rest.ts';
import { type CommandRun, runCommand } from './run-command.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface BrokenRun extends Pick<CommandRun, 'code' | 'stdout' | 'stderr'> {
  /** What of kube-sa-token is there once the fault is lifted, ServiceAccounts apart: `secrets/ci-bot-token-x (pending)`. */
  readonly left: readonly string[];
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const collections = [
  '/api/v1/secrets',
  `${rbac}/rolebindings`,
  `${rbac}/roles`,
  `${rbac}/clusterrolebindings`,
  `${rbac}/clusterroles`,
];

/** Runs a command on a sandbox with a fault, then looks what the command has left there. */
export async function runBroken(
  fault: FaultName,
  commandLine: string,
  { objects = [] }: { objects?: readonly object[] } = {},
): Promise<BrokenRun> {
  await using directory = await temporaryDirectory();
  await using sandbox = await startSandbox({ faults: [fault], objects });
  const KUBECONFIG = join(directory.path, 'config');
  await writeFile(KUBECONFIG, sandbox.kubeconfig, { mode: 0o600 });
  const [command = '', ...args] = commandLine.split(' ');
  const { code, stderr, stdout } = await runCommand(command, args, { env: { KUBECONFIG } });
  sandbox.lift();
  const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
  try {
    const left: string[] = [];
    for (const path of collections) {
      const query = 'labelSelector=app.kubernetes.io/managed-by=kube-sa-token';
      const { items } = await admin.get<KubernetesList>(`${path}?${query}`);
      for (const { metadata } of items) {
        const state = metadata.labels?.['kube-sa-token/state'];
        const name = `${path.slice(path.lastIndexOf('/') + 1)}/${metadata.name}`;
        left.push(state === undefined ? name : `${name} (${state})`);
      }
    }
    return { code, stderr, stdout, left };
  } finally {
    admin.close();
  }
}
