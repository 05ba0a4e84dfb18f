import { flattenKubeconfig } from '../../kubeconfig/flatten.ts';
import { minifyKubeconfig } from '../../kubeconfig/minify.ts';
import { loadKubeconfig } from '../../kubeconfig/load.ts';
import { locateKubeconfig } from '../../kubeconfig/locate.ts';
import { parseKubeconfig } from '../../kubeconfig/parse.ts';
import { redactKubeconfig } from '../../kubeconfig/redact.ts';
import { renderViewJson } from '../../kubeconfig/render-json.ts';
import { renderViewYaml } from '../../kubeconfig/render-yaml.ts';
import type { Kubeconfig } from '../../kubeconfig/types.ts';
import { viewKubeconfig } from '../../kubeconfig/view.ts';
import type { Runtime } from '../../system/runtime.ts';
import { withSandboxHint } from '../shared/clusters.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { writeStdout } from '../shared/deliver.ts';

export interface ViewConfigInput {
  readonly kubeconfig: string | undefined;
  readonly kubeconfigText?: string;
  readonly sandbox: boolean;
  readonly context: string | undefined;
  readonly raw: boolean;
  readonly minify: boolean;
  readonly flatten: boolean;
  readonly output: 'yaml' | 'json';
}

/** Prints what the files say: what a pod is given besides is no kubeconfig. */
export async function runViewConfig(input: ViewConfigInput, runtime: Runtime): Promise<number> {
  return onSandbox(input, runtime, (flags) => view(flags, runtime));
}

async function view(input: ViewConfigInput, runtime: Runtime): Promise<number> {
  const merged = await read(input, runtime);
  const minified = input.minify ? minifyKubeconfig(merged, input.context) : merged;
  const flattened = input.flatten ? await flattenKubeconfig(minified) : minified;
  // kubectl redacts nothing of a flattened one: its use is to be put into a file
  const shown = viewKubeconfig(input.raw || input.flatten ? flattened : redactKubeconfig(flattened));
  await writeStdout(runtime, input.output === 'json' ? renderViewJson(shown) : renderViewYaml(shown));
  return 0;
}

function read({ kubeconfig, kubeconfigText }: ViewConfigInput, runtime: Runtime): Promise<Kubeconfig> {
  if (kubeconfigText !== undefined) return parseKubeconfig(kubeconfigText, 'sandbox');
  return withSandboxHint(loadKubeconfig(locateKubeconfig({ ...runtime, flag: kubeconfig })));
}
