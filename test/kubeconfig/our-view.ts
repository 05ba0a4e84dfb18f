import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { loadKubeconfig } from '../../lib/kubeconfig/load.ts';
import { locateKubeconfig } from '../../lib/kubeconfig/locate.ts';
import { renderViewJson } from '../../lib/kubeconfig/render-json.ts';
import { viewKubeconfig } from '../../lib/kubeconfig/view.ts';
import type { KubectlCase } from './kubectl-cases.ts';

/** Writes the files of a case into a directory and gives its KUBECONFIG list. */
export async function place(
  files: KubectlCase['files'],
  list: readonly string[] = Object.keys(files),
  directory: string,
): Promise<string[]> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return list.map((name) => (name === '' ? '' : join(directory, name)));
}

/** What we read of a KUBECONFIG list, as `kubectl config view --raw -o json` would show it. */
export async function ourView(kubeconfig: readonly string[]): Promise<unknown> {
  const env = { KUBECONFIG: kubeconfig.join(delimiter) };
  const location = locateKubeconfig({ env, home: undefined, cwd: '/', platform: process.platform });
  return JSON.parse(renderViewJson(viewKubeconfig(await loadKubeconfig(location))));
}

export function isRefusal(expected: KubectlCase['expected']): expected is { refused: RegExp } {
  return 'refused' in expected;
}
