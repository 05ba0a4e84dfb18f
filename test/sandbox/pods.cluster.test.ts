import { describe, expect } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.ts';
import { test } from '../control-plane/cluster-test.ts';
import { type KubernetesObject, type Rest, restClient } from '../control-plane/rest.ts';

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly conditions?: object[];
    readonly object: KubernetesObject;
  }[];
}

const started = '2024-01-01T00:00:00Z';
const running = (name: string, more: object = {}) => ({
  name,
  image: 'x',
  imageID: '',
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: started } },
  ...more,
});
const ended = (name: string, terminated: object, more: object = {}) =>
  running(name, {
    ready: false,
    state: { terminated: { finishedAt: started, startedAt: started, ...terminated } },
    ...more,
  });
const waiting = (name: string, reason: string, more: object = {}) =>
  running(name, { ready: false, state: { waiting: { reason } }, ...more });
const restarted = {
  restartCount: 3,
  lastState: { terminated: { exitCode: 1, finishedAt: started, startedAt: started } },
};
const is = (type: string, more: object = {}) => ({ type, status: 'True', ...more });
const container = (name: string, more: object = {}) => ({ name, image: 'x', ...more });
const one = { containers: [container('a')] };
const two = { containers: [container('a'), container('b')] };
const initialized = { initContainers: [container('i'), container('j')], ...one };
const sidecar = { initContainers: [container('i', { restartPolicy: 'Always' })], ...one };

/** Pods as a kubelet might tell of them. */
const pods: Readonly<Record<string, readonly [spec: object, status: object]>> = {
  new: [one, {}],
  running: [
    one,
    { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], containerStatuses: [running('a')] },
  ],
  restarted: [one, { phase: 'Running', containerStatuses: [running('a', restarted)] }],
  'restarted-at-no-known-time': [one, { phase: 'Running', containerStatuses: [running('a', { restartCount: 2 })] }],
  half: [two, { phase: 'Running', containerStatuses: [running('a'), waiting('b', 'CrashLoopBackOff', restarted)] }],
  'two-reasons': [two, { phase: 'Pending', containerStatuses: [waiting('a', 'ErrImagePull'), waiting('b', 'Other')] }],
  done: [one, { phase: 'Succeeded', containerStatuses: [ended('a', { exitCode: 0, reason: 'Completed' })] }],
  failed: [one, { phase: 'Failed', containerStatuses: [ended('a', { exitCode: 2 })] }],
  killed: [one, { phase: 'Failed', containerStatuses: [ended('a', { exitCode: 137, signal: 9 })] }],
  evicted: [one, { phase: 'Failed', reason: 'Evicted' }],
  'done-and-running': [
    two,
    { phase: 'Running', containerStatuses: [ended('a', { exitCode: 0, reason: 'Completed' }), running('b')] },
  ],
  'done-and-running-and-ready': [
    two,
    {
      phase: 'Running',
      conditions: [is('Ready')],
      containerStatuses: [ended('a', { exitCode: 0, reason: 'Completed' }), running('b')],
    },
  ],
  gated: [one, { phase: 'Pending', conditions: [is('PodScheduled', { status: 'False', reason: 'SchedulingGated' })] }],
  'init-begins': [
    initialized,
    { phase: 'Pending', initContainerStatuses: [waiting('i', 'PodInitializing'), waiting('j', '')] },
  ],
  'init-fails': [
    initialized,
    {
      phase: 'Pending',
      initContainerStatuses: [ended('i', { exitCode: 3 }, restarted), waiting('j', 'PodInitializing')],
    },
  ],
  'init-crashes': [
    initialized,
    {
      phase: 'Pending',
      initContainerStatuses: [ended('i', { exitCode: 0 }), waiting('j', 'CrashLoopBackOff', restarted)],
    },
  ],
  'init-done': [
    initialized,
    {
      phase: 'Running',
      conditions: [is('Initialized')],
      initContainerStatuses: [ended('i', { exitCode: 0 }, restarted), ended('j', { exitCode: 0 })],
      containerStatuses: [running('a')],
    },
  ],
  'init-again': [
    initialized,
    {
      phase: 'Running',
      conditions: [is('Initialized')],
      initContainerStatuses: [running('i'), waiting('j', 'PodInitializing')],
      containerStatuses: [running('a')],
    },
  ],
  'sidecar-starts': [sidecar, { phase: 'Pending', initContainerStatuses: [waiting('i', 'PodInitializing')] }],
  'sidecar-runs': [
    sidecar,
    {
      phase: 'Running',
      initContainerStatuses: [running('i', { started: true, ...restarted })],
      containerStatuses: [running('a')],
    },
  ],
  'with-gates': [
    {
      ...one,
      nodeName: 'node',
      readinessGates: [{ conditionType: 'example.com/a' }, { conditionType: 'example.com/b' }],
    },
    { phase: 'Running', conditions: [is('example.com/a')], containerStatuses: [running('a')] },
  ],
  nominated: [one, { phase: 'Pending', nominatedNodeName: 'node' }],
};

async function tableOf(rest: Rest, namespace: string): Promise<Table> {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const { body } = await rest.request('GET', `/api/v1/namespaces/${namespace}/pods`, undefined, { accept });
  return body as Table;
}

describe('Pods that a sandbox begins with', () => {
  test('are printed as kube-apiserver prints them, whatever state they are in', async ({ cluster, namespace }) => {
    const at = `/api/v1/namespaces/${namespace}/pods`;
    for (const [name, [spec, status]] of Object.entries(pods)) {
      await cluster.admin.post(at, { metadata: { name }, spec });
      await cluster.admin.patch(`${at}/${name}/status`, { status });
    }
    const wanted = await tableOf(cluster.admin, namespace);
    const { items } = await cluster.admin.get<{ items: KubernetesObject[] }>(at);
    const objects = items.map(({ metadata: { name }, spec, status }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec,
      status,
    }));
    await using sandbox = await startSandbox({
      objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...objects],
    });
    const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
    const said = await tableOf(admin, namespace);
    admin.close();
    const age = wanted.columnDefinitions.findIndex(({ name }) => name === 'Age');
    const shown = ({ rows }: Table) =>
      rows.map(({ cells, conditions }) => ({ cells: cells.with(age, '<age>'), conditions }));
    expect(shown(said)).toEqual(shown(wanted));
    expect(said.rows).toHaveLength(Object.keys(pods).length);
  });
});
