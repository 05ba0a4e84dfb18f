import { once } from 'node:events';
import { get } from 'node:https';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

const portOf = (server: string) => Number(new URL(server).port);
/** What a server answers under a name that its certificate has to be for. */
const answerOf = (url: string, caPem: string) =>
  new Promise<string>((resolve, reject) => {
    get(url, { ca: caPem, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

describe('startSandbox()', () => {
  test.for(['127.0.0.1', 'localhost', '[::1]'])('answers on %s', async (host, { skip }) => {
    skip(host === '[::1]' && !hasIpv6, 'no IPv6 here');
    await using sandbox = await startSandbox();
    expect(await answerOf(`https://${host}:${portOf(sandbox.server)}/healthz`, sandbox.caPem)).toBe('ok');
  });

  test.skipIf(!hasIpv6)('tells who reaches it on ::1 that address', async () => {
    await using sandbox = await startSandbox({ now: Date.now });
    const port = portOf(sandbox.server);
    const { certPem: cert, keyPem: key } = sandbox.adminCertificate;
    const text = await new Promise<string>((resolve, reject) => {
      get(`https://[::1]:${port}/api`, { ca: sandbox.caPem, cert, key, agent: false }, (response) => {
        response.setEncoding('utf8').once('data', resolve);
      }).on('error', reject);
    });
    expect(text).toContain(`"serverAddress":"[::1]:${port}"`);
  });

  test.for(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])(
    'ends connections to %s that have said nothing',
    async (host) => {
      const sandbox = await startSandbox();
      const socket = connect(portOf(sandbox.server), host);
      await once(socket, 'connect');
      const ended = once(socket, 'close');
      await sandbox.close();
      await ended;
      await expect(once(connect(portOf(sandbox.server), host), 'connect')).rejects.toThrow('ECONNREFUSED');
    },
  );

  test.for(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])(
    'fails on a port that is taken on %s, and leaves the other free',
    async (host) => {
      const taken = createServer().listen(0, host);
      await once(taken, 'listening');
      const { port } = taken.address() as AddressInfo;
      await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE');
      const other = createServer().listen(port, host === '::1' ? '127.0.0.1' : '::1');
      if (hasIpv6) await once(other, 'listening');
      other.close();
      taken.close();
    },
  );
});
