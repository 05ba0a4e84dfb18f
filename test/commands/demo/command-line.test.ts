import { expect, test } from 'vitest';
import { commandLines } from '../../../lib/commands/demo/command-line.ts';
import { demoCommand } from '../../../lib/commands/demo.ts';
import type { DemoInput } from '../../../lib/commands/demo/run.ts';

function linesOf(invocation: string, args: string[]) {
  const parsed = demoCommand.parse(args);
  if (parsed.kind !== 'run') throw new Error('It is not to run');
  return commandLines(invocation, (parsed.input as DemoInput).flags);
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
