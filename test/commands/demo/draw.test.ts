import { expect, test } from 'vitest';
import { drawStep } from '../../../lib/commands/demo/draw.ts';
import type { Step } from '../../../lib/commands/demo/step.ts';
import { DeniedError } from '../../../lib/model/errors.ts';

const exchange = { method: 'GET', path: '/api', identity: 'user "jane"', authorization: undefined, warnings: [] };
const step: Step = {
  id: 'call',
  title: 'Call',
  about: 'One request.',
  commands: ['kube-sa-token call-api /api --secret ci-bot-token-x -n demo-x7k2pqv49d'],
  insteadOf: ['curl $APISERVER/api'],
  wire: [
    { ...exchange, status: 200, ms: 3.4 },
    { ...exchange, status: 200, ms: 2 },
    { ...exchange, identity: 'the token', authorization: 'Bearer', status: undefined, ms: 10_000 },
  ],
  result: ['NAME    STATUS', 'web     \u001B[2JRunning'],
};

test('drawStep() shows command, requests and result, wide or narrow', () => {
  expect(drawStep(step, { width: 60, colour: false })).toBe(`
── 7/12  Call ──────────────────────────────────────────────

  One request.

  Command
    $ kube-sa-token call-api /api --secret ci-bot-token-x \\
        -n demo-x7k2pqv49d

  Instead of
    curl $APISERVER/api

  On the wire
    as user "jane"
      GET    200    3 ms  /api ×2
    as the token (Authorization: Bearer ********)
      GET    --- 10000 ms  /api

  Result
    NAME    STATUS
    web     \\x1b[2JRunning
`);
});

test('drawStep() shows what a user is told of a step that failed', () => {
  const failure = new DeniedError('Cannot go there', { reason: 'Forbidden', status: 403, hint: 'Ask for it' });
  const text = drawStep({ ...step, result: ['Created'], failure }, { width: 80, colour: false });
  expect(text).toMatch(/\n {2}What you are told\n {4}Created\n {4}error: Cannot go there\n {4}hint: Ask for it\n$/u);
});

test('drawStep() writes no line that is wider than the terminal, however long a path is', () => {
  const long = { ...exchange, path: `/apis/${'abcdef/'.repeat(20)}?${'x=abcdefg&'.repeat(10)}`, status: 404, ms: 1 };
  const impersonated = { ...long, identity: `user "jane" in groups ${'"group", '.repeat(20)}` };
  const wire = [long, impersonated];
  const lines = drawStep({ ...step, wire, result: ['word '.repeat(50)] }, { width: 80, colour: false });
  expect(lines.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('drawStep() breaks a long line of a shell where the shell reads on', () => {
  const flags = '--kubeconfig /home/jane/.kube/the-other-config --context dev';
  const insteadOf = [
    `kubectl apply -f - ${flags} <<EOF`,
    'EOF',
    `TOKEN=$(kubectl get secret x ${flags} -o jsonpath='{.data.token}' | base64 --decode)`,
    `kubectl config view ${flags} -o jsonpath='{"Cluster name\\tServer"}'\\`,
    `'{.x}'`,
  ];
  const text = drawStep({ ...step, insteadOf }, { width: 80, colour: false });
  expect(/^ {2}Instead of\n([\s\S]*?)\n\n/mu.exec(text)?.[1]).toBe(
    `    kubectl apply -f - --kubeconfig /home/jane/.kube/the-other-config \\
        --context dev <<EOF
    EOF
    TOKEN=$(kubectl get secret x \\
        --kubeconfig /home/jane/.kube/the-other-config --context dev \\
        -o jsonpath='{.data.token}' | base64 --decode)
    kubectl config view --kubeconfig /home/jane/.kube/the-other-config \\
        --context dev -o jsonpath='{"Cluster name\\tServer"}'\\
    '{.x}'`,
  );
});
