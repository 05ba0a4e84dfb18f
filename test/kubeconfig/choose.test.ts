import { describe, expect, test } from 'vitest';
import { chooseContext, contextNotChosen } from '../../lib/kubeconfig/choose.ts';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import type { Kubeconfig } from '../../lib/kubeconfig/types.ts';
import { renderKubeconfig } from '../support/kubeconfig.ts';
import type { KubeconfigSpec } from '../support/kubeconfig.ts';

const read = (spec: KubeconfigSpec): Promise<Kubeconfig> => parseKubeconfig(renderKubeconfig(spec), '/config');

const spec: KubeconfigSpec = {
  clusters: { east: {}, west: {}, lone: {} },
  users: { jane: {}, root: {} },
  contexts: {
    'kind-dev': { cluster: 'east', user: 'jane' },
    'prod-b': { cluster: 'west', user: 'root' },
    'prod-a': { cluster: 'west', user: 'jane' },
  },
  currentContext: 'kind-dev',
};

describe('chooseContext()', () => {
  test.each([
    ['the current context without flags', {}, 'kind-dev'],
    ['the current context if flags are empty, as kubectl does', { context: '', cluster: '', server: '' }, 'kind-dev'],
    ['the context of the flag', { context: 'prod-a' }, 'prod-a'],
    ['the context of the flag beside another cluster', { context: 'prod-a', cluster: 'east' }, 'prod-a'],
    ['the only context that uses the cluster, whatever is current', { cluster: 'east' }, 'kind-dev'],
    ['the only context that uses cluster and user', { cluster: 'west', user: 'root' }, 'prod-b'],
    ['no context for a cluster and a user that no context joins', { cluster: 'lone', user: 'root' }, null],
    ['the current context beside another user', { user: 'root' }, 'kind-dev'],
    ['the current context beside another server', { server: 'https://h' }, 'kind-dev'],
    ['no context if told so', { context: null, server: 'https://h' }, null],
  ])('takes %s', async (_, choice, context) => {
    expect(chooseContext(await read(spec), choice)).toEqual({ context });
  });

  test('leaves a choice, sorted, if several contexts use the cluster', async () => {
    expect(chooseContext(await read(spec), { cluster: 'west' })).toEqual({
      candidates: ['prod-a', 'prod-b'],
      why: 'several contexts use cluster "west"',
    });
  });

  test('leaves a choice if no context is current', async () => {
    expect(chooseContext(await read({ ...spec, currentContext: '' }), { user: 'root' })).toEqual({
      candidates: ['kind-dev', 'prod-a', 'prod-b'],
      why: 'no context is current',
    });
  });

  test('takes no context for a server if none is current, as kubectl does', async () => {
    expect(chooseContext(await read({ ...spec, currentContext: '' }), { server: 'https://h' })).toEqual({
      context: null,
    });
  });

  test('says which contexts there are, and which was meant', async () => {
    const kubeconfig = await read({ contexts: { 'kind-dev': {}, prod: {} } });
    expect(() => chooseContext(kubeconfig, { context: 'kind-dve' })).toThrow(
      expect.objectContaining({
        name: 'NotFoundError',
        message: 'Cannot find context "kind-dve": the kubeconfig has "kind-dev", "prod"',
        hint: 'Did you mean --context kind-dev?',
      }),
    );
  });

  test.each([
    ['a b/c:d', 'a b/c:e', `'a b/c:d'`],
    ["o'neil", "o'neal", String.raw`'o'\''neil'`],
    ['arn:aws:eks:eu:1:cluster/dev', 'arn:aws:eks:eu:1:cluster/dve', 'arn:aws:eks:eu:1:cluster/dev'],
  ])('quotes for a shell the name %s that was meant, where it has to', async (name, wrong, shown) => {
    const contexts = { [name]: { cluster: 'east', user: 'jane' } };
    const kubeconfig = await read({ ...spec, clusters: { [name]: {} }, contexts });
    expect(() => chooseContext(kubeconfig, { context: wrong })).toThrow(
      expect.objectContaining({ hint: `Did you mean --context ${shown}?` }),
    );
    expect(() => chooseContext(kubeconfig, { cluster: wrong })).toThrow(
      expect.objectContaining({ hint: `Did you mean --cluster ${shown}?` }),
    );
  });

  test('lists names in the order of their bytes, as Go sorts them', async () => {
    const names = ['\u{1F600}', '\uFF21', 'é', 'z', 'Z'];
    const kubeconfig = await read({ contexts: Object.fromEntries(names.map((name) => [name, {}])) });
    const list = '"Z", "z", "é", "\uFF21", "\u{1F600}"';
    expect(() => chooseContext(kubeconfig, { context: 'x' })).toThrow(`the kubeconfig has ${list}`);
    expect(chooseContext(kubeconfig, {})).toMatchObject({ candidates: ['Z', 'z', 'é', '\uFF21', '\u{1F600}'] });
  });

  test('lists ten contexts and counts the others', async () => {
    const contexts = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`c${index + 10}`, {}]));
    const kubeconfig = await read({ contexts });
    expect(() => chooseContext(kubeconfig, { context: 'x' })).toThrow(
      /has "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18", "c19" and 15 more$/u,
    );
  });

  test('says so if the current context does not exist', async () => {
    const kubeconfig = await read({ ...spec, currentContext: 'prod' });
    expect(() => chooseContext(kubeconfig, {})).toThrow(
      'Cannot find context "prod", the current one: the kubeconfig has "kind-dev", "prod-a", "prod-b"',
    );
  });

  test('says which clusters there are', async () => {
    const kubeconfig = await read(spec);
    expect(() => chooseContext(kubeconfig, { cluster: 'wset' })).toThrow(
      expect.objectContaining({
        name: 'NotFoundError',
        message: 'Cannot find cluster "wset": the kubeconfig has "east", "lone", "west"',
        hint: 'Did you mean --cluster west?',
      }),
    );
  });

  test('says as whom it does not know if no context uses the cluster', async () => {
    const kubeconfig = await read(spec);
    expect(() => chooseContext(kubeconfig, { cluster: 'lone' })).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: 'Cannot use cluster "lone": no context uses it',
        hint: 'Say as whom: --user with --cluster, or --context with --cluster for the user of that context',
      }),
    );
  });

  test('names the file if there is no context at all', async () => {
    const kubeconfig = await read({});
    expect(() => chooseContext(kubeconfig, {})).toThrow(
      'Cannot choose a cluster: kubeconfig "/config" has no contexts',
    );
    expect(() => chooseContext(kubeconfig, { context: 'a' })).toThrow('the kubeconfig has no contexts');
  });

  test('escapes names that would do something to a terminal', async () => {
    const kubeconfig = await read({ contexts: { 'a\u001b[2J': {} } });
    expect(() => chooseContext(kubeconfig, { context: 'b\u202e' })).toThrow(
      'Cannot find context "b\\u{202e}": the kubeconfig has "a\\x1b[2J"',
    );
  });
});

test('contextNotChosen() lists what there is to choose from and names the flag', () => {
  expect(contextNotChosen({ candidates: ['a', 'b'], why: 'no context is current' })).toMatchObject({
    name: 'UsageError',
    message: 'Cannot choose a context: no context is current: "a", "b"',
    hint: 'Name one with --context',
  });
});
