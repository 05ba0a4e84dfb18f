import { flattenKubeconfig } from '../../kubeconfig/flatten.ts';
import { minifyKubeconfig } from '../../kubeconfig/minify.ts';
import { loadKubeconfig } from '../../kubeconfig/load.ts';
import { locateKubeconfig } from '../../kubeconfig/locate.ts';
import { redactKubeconfig } from '../../kubeconfig/redact.ts';
import { renderViewJson } from '../../kubeconfig/render-json.ts';
import { renderViewYaml } from '../../kubeconfig/render-yaml.ts';
import { viewKubeconfig } from '../../kubeconfig/view.ts';
import type { Runtime } from '../../system/runtime.ts';
import { writeStdout } from '../shared/deliver.ts';

export interface ViewConfigInput {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly raw: boolean;
  readonly minify: boolean;
  readonly flatten: boolean;
  readonly output: 'yaml' | 'json';
}

/** Prints what the files say: what a pod is given besides is no kubeconfig. */
export async function runViewConfig(input: ViewConfigInput, runtime: Runtime): Promise<number> {
  const merged = await loadKubeconfig(locateKubeconfig({ ...runtime, flag: input.kubeconfig }));
  const minified = input.minify ? minifyKubeconfig(merged, input.context) : merged;
  const flattened = input.flatten ? await flattenKubeconfig(minified) : minified;
  // kubectl redacts nothing of a flattened one: its use is to be put into a file
  const view = viewKubeconfig(input.raw || input.flatten ? flattened : redactKubeconfig(flattened));
  await writeStdout(runtime, input.output === 'json' ? renderViewJson(view) : renderViewYaml(view));
  return 0;
}
