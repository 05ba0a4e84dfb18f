import { expect, test } from 'vitest';
import { coreResources } from '../../lib/account/core-resources.ts';
import { parseAllow, ruleLines } from '../../lib/account/rules.ts';
import { warnOfVerbs } from '../../lib/account/verbs.ts';

test.each([
  ['get,list pods', [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]],
  [
    'get pods,deployments.apps,services',
    [
      { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
    ],
  ],
  ['patch deployments.apps/scale', [{ apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['patch'] }]],
  ['get pods/log', [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }]],
  ['get widgets.stable.example.com', [{ apiGroups: ['stable.example.com'], resources: ['widgets'], verbs: ['get'] }]],
  ['* *', [{ apiGroups: [''], resources: ['*'], verbs: ['*'] }]],
])('parseAllow(%j) gives a rule for each API group', (text, rules) => {
  expect(parseAllow(text, 'namespace')).toEqual(rules);
});

test.each([
  ['', 'it needs verbs, a space and resources'],
  ['get', 'it needs verbs, a space and resources'],
  ['get pods now', 'it needs verbs, a space and resources'],
  ['get, pods', '"" is not a verb'],
  ['GET pods', '"GET" is not a verb'],
  ['get pods,', '"" is not a resource'],
  ['get Pods', '"Pods" is not a resource'],
])('parseAllow(%j) is refused: %s', (text, why) => {
  expect(() => parseAllow(text, 'namespace')).toThrow(`Cannot read --allow ${JSON.stringify(text)}: ${why}`);
});

test.each([
  ['get podz', 'pods'],
  ['get pod', 'pods'],
  ['get po,svc', 'pods'],
  ['get svc', 'services'],
  ['get service', 'services'],
  ['get cm', 'configmaps'],
  ['get sa', 'serviceaccounts'],
  ['get ns', 'namespaces'],
  ['get no', 'nodes'],
  ['get node', 'nodes'],
  ['get pv', 'persistentvolumes'],
  ['get persistentvolume', 'persistentvolumes'],
  ['get pvc', 'persistentvolumeclaims'],
  ['get ev', 'events'],
  ['get ep', 'endpoints'],
  ['get rc', 'replicationcontrollers'],
  ['get quota', 'resourcequotas'],
  ['get limits', 'limitranges'],
  ['get cs', 'componentstatuses'],
  ['get deployments', 'deployments.apps'],
  ['get deployment', 'deployments.apps'],
  ['get deploy/scale', 'deployments.apps/scale'],
  ['get ingress', 'ingresses.networking.k8s.io'],
  ['get pods/logs', 'pods/log'],
  ['create pod/exec', 'pods/exec'],
  ['get po/logs', 'pods/log'],
  ['get */logs', '*/log'],
  ['get */*', '*'],
])('parseAllow(%j) is refused, as RBAC knows no such name: it was meant to be %s', (text, meant) => {
  for (const scope of ['namespace', 'cluster'] as const) {
    expect(() => parseAllow(text, scope)).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: expect.stringMatching(/^Cannot allow ".*so that it would allow nothing$/u) as unknown,
        hint: `Did you mean ${meant}?`,
      }),
    );
  }
});

test.each([
  'get widgets',
  'get secrets/data',
  'get pods/*',
  'get deployments.apps/*',
  'get constructor',
  'get */zzzzzz',
])('parseAllow(%j) is refused, whatever was meant', (text) => {
  expect(() => parseAllow(text, 'namespace')).toThrow(
    expect.objectContaining({ name: 'UsageError', hint: expect.stringMatching(/^kubectl api-resources /u) as unknown }),
  );
});

test.each(Object.entries(coreResources))(
  'parseAllow() takes the core resource %s and its subresources',
  (name, subs) => {
    for (const item of [name, ...subs.map((sub) => `${name}/${sub}`)]) {
      expect(parseAllow(`get ${item}`, 'cluster')).toEqual([{ apiGroups: [''], resources: [item], verbs: ['get'] }]);
    }
  },
);

test.each(['get */log', 'get *'])('parseAllow(%j) is what RBAC has for all of them', (text) => {
  expect(parseAllow(text, 'namespace')).toHaveLength(1);
});

test.each([
  ['gett pods', 'get'],
  ['get,lsit pods', 'list'],
  ['del pods', 'delete'],
])('parseAllow(%j) is refused for its verb, which was meant to be %s', (text, meant) => {
  expect(() => parseAllow(text, 'namespace')).toThrow(
    expect.objectContaining({ reason: 'UnknownVerb', hint: `Did you mean ${meant}?` }),
  );
});

test('verbs that are no standard ones are taken, with one warning each', () => {
  const rules = parseAllow('get,mutate,mutate,approve,* pods,widgets.example.com', 'namespace');
  const told: string[] = [];
  warnOfVerbs([{ by: 'rules', rules, scope: 'namespace' }], (text) => told.push(text));
  expect(told).toEqual(['"mutate" is not a standard verb: Kubernetes never asks about it']);
});

test.each(['get nodes', 'get namespaces', 'list clusterroles.rbac.authorization.k8s.io'])(
  'parseAllow(%j) needs the cluster scope, because a Role cannot give it',
  (text) => {
    expect(() => parseAllow(text, 'namespace')).toThrow(/it is cluster-scoped$/u);
    expect(parseAllow(text, 'cluster')).toHaveLength(1);
  },
);

test('ruleLines() are equal for rules that allow the same', () => {
  const one = parseAllow('list,get pods,services', 'namespace');
  const other = [
    ...parseAllow('get services', 'namespace'),
    ...parseAllow('list services', 'namespace'),
    ...parseAllow('get,list pods', 'namespace'),
  ];
  expect(ruleLines(one)).toEqual(ruleLines(other));
  expect(ruleLines(parseAllow('patch deployments.apps/scale', 'namespace'))).toEqual(['patch deployments.apps/scale']);
});
