import { describe, expect, test } from 'vitest';
import { UsageError } from '../../lib/model/errors.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { differencesFromClientNode, valuesOfKubectl, yamlOfKubectl } from './kubectl-cases.ts';
import { isRefusal, ourView, place } from './our-view.ts';

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
