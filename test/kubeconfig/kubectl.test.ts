import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadKubeconfig } from '../../lib/kubeconfig/load.ts';
import { locateKubeconfig } from '../../lib/kubeconfig/locate.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { writtenKubeconfig } from '../support/kubeconfig-arbitrary.ts';
import { viewOf } from '../support/kubeconfig-view.ts';
import { hasKubectl, kubectlView } from '../support/kubectl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { differencesFromClientNode, valuesOfKubectl, yamlOfKubectl } from './kubectl-cases.ts';
import type { KubectlCase } from './kubectl-cases.ts';

describe.each([
  ['differs from client-node: it', differencesFromClientNode],
  ['reads YAML as kubectl does: it', yamlOfKubectl],
  ['decodes values as client-go does: it', valuesOfKubectl],
])('loadKubeconfig() %s', (_, cases) => {
  test.each(cases)('$name', async ({ files, list, expected }) => {
    await using directory = await temporaryDirectory();
    const view = ourView(await place(files, list, directory.path));
    if (isRefusal(expected)) {
      await expect(view).rejects.toThrow(expected.refused);
      await expect(view).rejects.toBeInstanceOf(UsageError);
    } else {
      expect(await view).toMatchObject(expected);
    }
  });
});

describe.skipIf(!hasKubectl)('kubectl, asked the same,', () => {
  test.each([...differencesFromClientNode, ...yamlOfKubectl, ...valuesOfKubectl])(
    '$name',
    async ({ files, list, expected }) => {
      await using directory = await temporaryDirectory();
      const kubeconfig = await place(files, list, directory.path);
      const view = await kubectlView(kubeconfig, { home: directory.path });
      if (isRefusal(expected)) expect(view).toBeUndefined();
      else expect(view).toEqual(await ourView(kubeconfig));
    },
  );

  test('reads any kubeconfig as loadKubeconfig() does, and refuses the same', { timeout: 60_000 }, async () => {
    await using directory = await temporaryDirectory();
    const config = join(directory.path, 'config');
    const sameAnswer = async (text: string) => {
      await writeFile(config, text);
      const view = await kubectlView([config], { home: directory.path });
      expect(await ourView([config]).catch(refusal)).toEqual(view);
    };
    await fc.assert(fc.asyncProperty(writtenKubeconfig.filter(isOrdinary), sameAnswer), { numRuns: 30 });
  });
});

/** We may refuse line breaks of Unicode without quotes; kubectl loses its way in some texts with a BOM inside. */
function isOrdinary(text: string): boolean {
  return !/[\u0085\u2028\u2029\ufeff]/u.test(text.slice(1));
}

async function place(
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

async function ourView(kubeconfig: readonly string[]): Promise<unknown> {
  const env = { KUBECONFIG: kubeconfig.join(delimiter) };
  const location = locateKubeconfig({ env, home: undefined, cwd: '/', platform: process.platform });
  return JSON.parse(JSON.stringify(viewOf(await loadKubeconfig(location))));
}

function refusal(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
}

function isRefusal(expected: KubectlCase['expected']): expected is { refused: RegExp } {
  return 'refused' in expected;
}
