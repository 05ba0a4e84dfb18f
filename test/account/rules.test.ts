import { expect, test } from 'vitest';
import { parseAllow, ruleLines } from '../../lib/account/rules.ts';

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
