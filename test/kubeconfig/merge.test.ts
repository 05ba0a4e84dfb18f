import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeKubeconfigs } from '../../lib/kubeconfig/merge.ts';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import type { Kubeconfig } from '../../lib/kubeconfig/types.ts';
import { renderYaml } from '../../lib/system/yaml.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { kubeconfigDocument } from '../support/kubeconfig-arbitrary.ts';

describe('mergeKubeconfigs()', () => {
  test("keeps the first file's entry whole when two files define it", async () => {
    const one = await parseKubeconfig('users: [{name: u, user: {token: one}}]\n', '/one');
    const two = await parseKubeconfig('users: [{name: u, user: {username: two}}, {name: v}]\n', '/two');
    const { users } = mergeKubeconfigs([one, two]);
    expect(users.get('u')).toMatchObject({ token: 'one', username: '', file: '/one' });
    expect(users.get('v')).toMatchObject({ file: '/two' });
  });

  test('keeps the first current-context that is set', async () => {
    const texts = ['kind: Config\n', 'current-context: two\n', 'current-context: three\n'];
    const kubeconfigs = await Promise.all(texts.map((text, index) => parseKubeconfig(text, `/${index}`)));
    expect(mergeKubeconfigs(kubeconfigs).currentContext).toBe('two');
  });

  test('merges nothing into an empty kubeconfig', () => {
    expect(mergeKubeconfigs([])).toMatchObject({ files: [], currentContext: '', clusters: new Map() });
  });

  test('changes nothing when a file is merged twice, and groups as it likes', async () => {
    const kubeconfigs = fc.array(kubeconfigDocument, { minLength: 3, maxLength: 3 });
    const holds = async (documents: readonly unknown[]) => {
      const read = await Promise.all(documents.map(parsed));
      const [a, b, c] = read.filter((kubeconfig) => kubeconfig !== undefined);
      if (a === undefined || b === undefined || c === undefined) return;
      expect(mergeKubeconfigs([a, a])).toEqual(a);
      expect(mergeKubeconfigs([a, b, a])).toEqual(mergeKubeconfigs([a, b]));
      expect(mergeKubeconfigs([a, mergeKubeconfigs([b, c])])).toEqual(mergeKubeconfigs([mergeKubeconfigs([a, b]), c]));
    };
    await fc.assert(fc.asyncProperty(kubeconfigs, holds), { numRuns: 200 });
  });
});

async function parsed(document: unknown, index: number): Promise<Kubeconfig | undefined> {
  try {
    return await parseKubeconfig(await renderYaml(document), `/${index}`);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
