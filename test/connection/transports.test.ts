import { expect, test } from 'vitest';
import { anonymousIdentity } from '../../lib/auth/identity.ts';
import { transportsOf } from '../../lib/connection/transports.ts';
import { createTransport } from '../../lib/transport/transport.ts';
import { fixedTrust, trustOfPem } from '../../lib/transport/trust.ts';
import { testAuthority } from '../support/scripted-server.ts';

test('a transport that could not be made is made anew the next time, and one that could is kept', async () => {
  const trust = fixedTrust(trustOfPem(testAuthority.certPem, 'certificate-authority'));
  let count = 0;
  const transports = transportsOf({ identity: anonymousIdentity, trust }, (material) => {
    count += 1;
    if (count === 1) return Promise.reject(new Error('no memory'));
    return createTransport({ ...material, server: 'https://127.0.0.1:1' });
  });
  await expect(transports.current()).rejects.toThrow('no memory');
  expect(await transports.current()).toBe(await transports.current());
  expect(count).toBe(2);
  transports.close();
});
