import { flattenKubeconfig } from '../../kubeconfig/flatten.ts';
import { minifyKubeconfig } from '../../kubeconfig/minify.ts';
import { loadKubeconfig } from '../../kubeconfig/load.ts';
import { locateKubeconfig } from '../../kubeconfig/locate.ts';
import { listNames } from '../../kubeconfig/not-found.ts';
import { parseKubeconfig } from '../../kubeconfig/parse.ts';
import { redactKubeconfig } from '../../kubeconfig/redact.ts';
import { renderViewJson } from '../../kubeconfig/render-json.ts';
import { renderViewYaml } from '../../kubeconfig/render-yaml.ts';
import { shownSecrets } from '../../kubeconfig/shown-secrets.ts';
import type { Kubeconfig } from '../../kubeconfig/types.ts';
import { urlsWithPassword } from '../../kubeconfig/url-passwords.ts';
import { viewKubeconfig } from '../../kubeconfig/view.ts';
import { escapeLine } from '../../model/escape.ts';
import { unlessAborted } from '../../system/deadline.ts';
import type { Runtime } from '../../system/runtime.ts';
import { withSandboxHint } from '../shared/clusters.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { writeStdout } from '../shared/deliver.ts';
import { progressOf } from '../shared/progress.ts';

export interface ViewConfigInput {
  readonly kubeconfig: string | undefined;
  readonly kubeconfigText?: string;
  readonly sandbox: boolean;
  readonly context: string | undefined;
  readonly raw: boolean;
  readonly minify: boolean;
  readonly flatten: boolean;
  readonly output: 'yaml' | 'json';
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** Prints what the files say: what a pod is given besides is no kubeconfig. */
export async function runViewConfig(input: ViewConfigInput, runtime: Runtime): Promise<number> {
  return onSandbox(input, runtime, (flags) => view(flags, runtime));
}

async function view(input: ViewConfigInput, runtime: Runtime): Promise<number> {
  const merged = await read(input, runtime);
  const minified = input.minify ? minifyKubeconfig(merged, input.context) : merged;
  const flattened = input.flatten
    ? await unlessAborted(flattenKubeconfig(minified), runtime.interruption.signal)
    : minified;
  // kubectl redacts nothing of a flattened one: its use is to be put into a file
  const isWhole = input.raw || input.flatten;
  if (!isWhole) await warnOfSecrets(minified, input, runtime);
  const shown = viewKubeconfig(isWhole ? flattened : redactKubeconfig(flattened));
  await writeStdout(runtime, input.output === 'json' ? renderViewJson(shown) : renderViewYaml(shown));
  return 0;
}

function read({ kubeconfig, kubeconfigText }: ViewConfigInput, runtime: Runtime): Promise<Kubeconfig> {
  if (kubeconfigText !== undefined) return parseKubeconfig(kubeconfigText, 'sandbox');
  const loading = loadKubeconfig(locateKubeconfig({ ...runtime, flag: kubeconfig }));
  return withSandboxHint(unlessAborted(loading, runtime.interruption.signal));
}

/** What is shown without --raw looks as if it could be passed on. */
async function warnOfSecrets(kubeconfig: Kubeconfig, input: ViewConfigInput, runtime: Runtime): Promise<void> {
  const progress = progressOf(input, runtime);
  for (const { cluster, field } of urlsWithPassword(kubeconfig)) {
    progress.warn(`${field} of cluster "${escapeLine(cluster)}" has a password in it, which is shown`);
  }
  for (const { names, users, where } of shownSecrets(kubeconfig)) {
    progress.warn(`${where} of user ${listNames(users)} ${hasSecrets[where]}, which is shown: ${listNames(names)}`);
  }
  await progress.end();
}

const hasSecrets = {
  'auth-provider': 'has in it what is secret',
  exec: 'gives its plugin what may be secret',
} as const;
