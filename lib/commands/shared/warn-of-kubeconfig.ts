import type { Progress } from '../../cli/progress.ts';
import { type OpenFile, openFiles, type Others } from '../../kubeconfig/open-files.ts';
import { isRancherProxy } from '../../kubeconfig/server.ts';
import type { Kubeconfig } from '../../kubeconfig/types.ts';
import type { Runtime } from '../../system/runtime.ts';

/** Warns of each kubeconfig file that others can change, or that holds a credential and can be read by others. */
export async function warnOfOpenFiles(
  kubeconfig: Kubeconfig,
  { platform }: Runtime,
  progress: Progress,
): Promise<void> {
  for (const open of await openFiles(kubeconfig, platform)) {
    const { file, mode } = open;
    progress.warn(
      `kubeconfig "${file}" ${describeOpen(open)} (mode ${mode.toString(8).padStart(4, '0')}): chmod 600 makes it yours alone`,
    );
  }
}

function describeOpen({ changeableBy, readableBy }: OpenFile): string {
  const by = (who: Others | undefined) => (who === 'everybody' ? 'by every user of this machine' : 'by its group');
  if (readableBy === undefined) return `can be changed ${by(changeableBy)}`;
  const holds = 'holds credentials and can be read';
  if (changeableBy === undefined) return `${holds} ${by(readableBy)}`;
  return changeableBy === readableBy
    ? `${holds} and changed ${by(readableBy)}`
    : `${holds} ${by(readableBy)} and changed ${by(changeableBy)}`;
}

/** Why a server refuses ServiceAccounts that are good; undefined where nothing is known of it. */
export function refusesServiceAccounts(server: string): string | undefined {
  if (!isRancherProxy(server)) return undefined;
  return `${server} is the proxy of Rancher: it takes Rancher's own tokens alone, unless JWT authentication is enabled for the cluster (Rancher 2.9 and later). Its Authorized Cluster Endpoint, and the API server's own address, take those of ServiceAccounts`;
}
