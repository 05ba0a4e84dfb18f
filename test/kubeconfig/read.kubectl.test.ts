import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { startKubectl } from '../kubectl/run.ts';
import { kubectlView } from '../kubectl/view.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { differencesFromClientNode, valuesOfKubectl, yamlOfKubectl } from './kubectl-cases.ts';
import { compareViews } from './differential.ts';
import { fuzzKubeconfig } from './fuzz.ts';
import { isRefusal, ourView, place } from './our-view.ts';

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
});

test.for([
  ['a later document', 'clusters: []\n---\n'],
  ['what follows a line that is indented less than the first one', ' clusters: []\nusers: []\n'],
])(
  'a control character in %s, to which kubectl does not come, is no difference',
  async ([, before], { kubectl: program }) => {
    await using directory = await temporaryDirectory();
    const kubectl = startKubectl(program, directory.path);
    const text = `${before}${'# far behind\n'.repeat(1000)}a: "\u007f"\n`;
    const files = { one: { text, encoding: 'utf8' } } as const;
    const each = { files, list: ['one'], explicit: undefined, relative: false, flags: [], isRaw: false } as const;
    try {
      const how = { kubectl, directory: directory.path, exact: false };
      expect(await compareViews({ ...each, output: 'json' }, how)).toBe('not compared');
    } finally {
      kubectl.end();
    }
  },
);

test(
  'view-config shows what kubectl shows of 300 generated kubeconfigs, or refuses what kubectl refuses',
  { timeout: 180_000 },
  async ({ kubectl }) => {
    const verdicts = await fuzzKubeconfig(kubectl, { cases: 300 });
    // oxlint-disable-next-line no-console -- how many were not compared is part of the result
    console.info(verdicts);
    expect(verdicts.shown).toBeGreaterThan(40);
    expect(verdicts.refused).toBeGreaterThan(40);
    expect(verdicts['not compared']).toBeLessThan(30);
  },
);
