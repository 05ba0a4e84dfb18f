import { expect, test } from 'vitest';
import type { FaultName } from '../../../lib/sandbox/faults/names.ts';
import { startSandbox } from '../../../lib/sandbox/index.ts';
import { restClient } from '../../control-plane/rest.ts';
import { runCommand } from '../../support/run-command.ts';
import { until } from '../../support/until.ts';

test('lift() ends a fault: the token controller comes back, and does what was left undone', async () => {
  await using sandbox = await startSandbox({ faults: ['controller-off'] });
  const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
  const annotations = { 'kubernetes.io/service-account.name': 'default' };
  const type = 'kubernetes.io/service-account-token';
  await admin.post('/api/v1/namespaces/default/secrets', { metadata: { name: 'a', annotations }, type });
  sandbox.lift();
  await until('its token', async () => (await admin.get('/api/v1/namespaces/default/secrets/a')).data?.['token']);
  admin.close();
});

test('a sandbox with a fault that there is not is refused with the nearest one', async () => {
  const start = startSandbox({ faults: ['controler-off' as FaultName] });
  await expect(start).rejects.toThrow(
    new TypeError('There is no fault "controler-off"; did you mean "controller-off"?'),
  );
});

test('sandbox --break names the nearest fault, too, and its help has them all', async () => {
  const refused = await runCommand('sandbox', ['--break', 'controler-off']);
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^error: Cannot use --break "controler-off": .*\nhint: Did you mean controller-off\?\n$/u,
    ),
  });
  const { stdout } = await runCommand('sandbox', ['--help']);
  expect(stdout).toMatch(/^FAULT:\n {2}controller-off +the token controller does not run/mu);
});
