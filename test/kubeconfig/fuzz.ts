import fc from 'fast-check';
import type { Kubectl } from '../kubectl/find.ts';
import { startKubectl } from '../kubectl/run.ts';
import { kubeconfigCase } from '../support/kubeconfig-case-arbitrary.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { compareViews, type Verdict } from './differential.ts';

interface FuzzOptions {
  readonly cases: number;
  readonly seed?: number;
  /** Where fast-check found a counterexample: it alone is tried again. */
  readonly path?: string;
  readonly report?: (line: string) => void;
}

/**
 * Compares view-config with kubectl on generated kubeconfigs.
 *
 * @returns What became of how many.
 * @throws {Error} The smallest case on which they differ, with the seed and the path to it.
 */
export async function fuzzKubeconfig(
  program: Kubectl,
  { cases, report, ...parameters }: FuzzOptions,
): Promise<Record<Verdict, number>> {
  await using directory = await temporaryDirectory();
  const kubectl = startKubectl(program, directory.path);
  const verdicts: Record<Verdict, number> = { shown: 0, 'shown in other letters': 0, refused: 0, 'not compared': 0 };
  let done = 0;
  const exact = program.batch !== undefined;
  const property = fc.asyncProperty(kubeconfigCase, async (each) => {
    verdicts[await compareViews(each, { kubectl, directory: directory.path, exact })] += 1;
    done += 1;
    if (done % 1000 === 0) report?.(`${done} of ${cases}`);
  });
  try {
    await fc.assert(property, { numRuns: cases, ...parameters });
    return verdicts;
  } finally {
    kubectl.end();
  }
}
