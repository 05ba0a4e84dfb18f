import { expect, test } from 'vitest';
import { commandLines, kubectlLines } from '../../../lib/commands/demo/command-line.ts';
import { demoCommand } from '../../../lib/commands/demo.ts';
import type { DemoInput } from '../../../lib/commands/demo/run.ts';

function linesOf(invocation: string, args: string[]) {
  return commandLines(invocation, flagsOf(args));
}

function flagsOf(args: string[]) {
  const parsed = demoCommand.parse(args);
  if (parsed.kind !== 'run') throw new Error('It is not to run');
  return (parsed.input as DemoInput).flags;
}

test.each<[invocation: string, args: string[], line: string]>([
  ['kube-sa-token demo', ['--sandbox'], 'kube-sa-token list-clusters'],
  ['npx zx scripts/demo.mjs', [], 'npx zx scripts/list-clusters.mjs'],
  ['kube-sa-token demo', ['--context', 'my dev'], "kube-sa-token list-clusters --context 'my dev'"],
  [
    'kube-sa-token demo',
    ['--kubeconfig', 'a', '--as', 'jane', '--as-group', 'x', '--insecure-skip-tls-verify'],
    'kube-sa-token list-clusters --kubeconfig a --as jane --as-group x --insecure-skip-tls-verify',
  ],
])('commandLines(%j, %j) leads to the cluster of the tour', (invocation, args, line) => {
  expect(linesOf(invocation, args)('list-clusters')).toBe(line);
});

test('commandLines() lets the words of a command win over the flags of the tour', () => {
  const line = linesOf('kube-sa-token demo', [
    '--context',
    'dev',
    '--server',
    'https://a',
    '--user',
    'jane',
    '--insecure-skip-tls-verify',
  ]);
  expect(line('call-api', '/api', '--token-file', 'x', '--server', 'https://b')).toBe(
    'kube-sa-token call-api /api --token-file x --server https://b --context dev',
  );
});

test.each<[args: string[], context: string | null, line: string]>([
  [['--sandbox'], 'sandbox', 'kubectl get pods --context sandbox'],
  [['--sandbox'], null, 'kubectl get pods'],
  [[], null, 'kubectl get pods'],
  [['--kubeconfig', 'my config'], 'dev', "kubectl get pods --context dev --kubeconfig 'my config'"],
  [['--context', 'dev', '--as', 'jane'], 'dev', 'kubectl get pods --context dev --as jane'],
  [['--context', 'dev', '--user', 'jane'], null, 'kubectl get pods --context dev --user jane'],
])('kubectlLines(%j, %j) leads to the cluster of the tour', (args, context, line) => {
  expect(kubectlLines(flagsOf(args), context)('get', 'pods')).toBe(line);
});
