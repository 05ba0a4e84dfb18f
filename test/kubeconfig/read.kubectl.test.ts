import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { kubectlView } from '../kubectl/view.ts';
import { writtenKubeconfig } from '../support/kubeconfig-arbitrary.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { differencesFromClientNode, valuesOfKubectl, yamlOfKubectl } from './kubectl-cases.ts';
import { isRefusal, ourView, place, refusal } from './our-view.ts';

describe('kubectl, asked the same,', () => {
  test.for([...differencesFromClientNode, ...yamlOfKubectl, ...valuesOfKubectl])(
    '$name',
    async ({ files, list, expected }, { kubectl }) => {
      await using directory = await temporaryDirectory();
      const kubeconfig = await place(files, list, directory.path);
      const view = await kubectlView(kubectl, kubeconfig, { home: directory.path });
      if (isRefusal(expected)) expect(view).toBeUndefined();
      else expect(view).toEqual(await ourView(kubeconfig));
    },
  );

  test(
    'reads any kubeconfig as loadKubeconfig() does, and refuses the same',
    { timeout: 60_000 },
    async ({ kubectl }) => {
      await using directory = await temporaryDirectory();
      const config = join(directory.path, 'config');
      const sameAnswer = async (text: string) => {
        await writeFile(config, text);
        const view = await kubectlView(kubectl, [config], { home: directory.path });
        expect(await ourView([config]).catch(refusal)).toEqual(view);
      };
      await fc.assert(fc.asyncProperty(writtenKubeconfig.filter(isOrdinary), sameAnswer), { numRuns: 30 });
    },
  );
});

/** We may refuse line breaks of Unicode without quotes; kubectl loses its way in some texts with a BOM inside. */
function isOrdinary(text: string): boolean {
  return !/[\u0085\u2028\u2029\ufeff]/u.test(text.slice(1));
}
