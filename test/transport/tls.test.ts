import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { tlsOptions } from '../../lib/transport/tls.ts';
import { trustOfPem } from '../../lib/transport/trust.ts';
import { testAuthority } from '../support/scripted-server.ts';

test('tlsOptions() speak no TLS below 1.2, whatever the defaults of Node are', async () => {
  const { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION } = tls;
  onTestFinished(() => void Object.assign(tls, { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION }));
  const old = { DEFAULT_MIN_VERSION: 'TLSv1.1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' } as const;
  Object.assign(tls, old); // as --tls-min-v1.1 and --tls-cipher-list do
  const { certPem, keyPem } = testAuthority.issue({ commonName: 'x', usage: 'server', dnsNames: ['localhost'] });
  const server = tls.createServer({ cert: certPem, key: keyPem, maxVersion: 'TLSv1.1' }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const trust = trustOfPem(testAuthority.certPem, 'certificate-authority');
  const options = { port, ...tlsOptions({ host: 'localhost', trust }), host: '127.0.0.1' };
  const settled = (socket: tls.TLSSocket) => {
    onTestFinished(() => void socket.destroy());
    return once(socket, 'secureConnect').then(
      () => socket.getProtocol(),
      ({ code }: NodeJS.ErrnoException) => code,
    );
  };
  const lax = { port, host: '127.0.0.1', servername: 'localhost', ca: testAuthority.certPem };
  expect(await settled(tls.connect(lax))).toBe('TLSv1.1');
  expect(await settled(tls.connect(options))).toMatch(/PROTOCOL/u);
});
