import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SecretText } from '../../lib/model/secret-text.ts';
import { testConnection } from '../support/connect.ts';
import {
  answer,
  answerHead,
  chunk,
  json,
  otherAuthority,
  startScriptedServer,
  testAuthority,
  wrongCertificates,
} from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ok = answer(200, '{}');
const get = { method: 'GET', path: '/', doing: 'test' };
const issue = (commonName: string) => testAuthority.issue({ commonName, usage: 'client' });

async function directoryOfTest() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return (name: string) => join(directory.path, name);
}

describe('a connection whose files are replaced', () => {
  test('goes on with the new client certificate, and with the old one until its key is there too', async () => {
    const at = await directoryOfTest();
    const write = (name: string, text: string) => writeFile(at(name), text);
    const [first, second] = [issue('first'), issue('second')];
    await Promise.all([write('crt', first.certPem), write('key', first.keyPem)]);
    const server = await startScriptedServer([ok, ok, ok, ok, ok]);
    const user = { clientCertificate: { file: at('crt') }, clientKey: { file: at('key') } };
    const { connection } = await testConnection(server.url, { user });
    await connection.send(get);
    await connection.send(get);
    await write('crt', second.certPem.slice(0, 100));
    await connection.send(get);
    await write('crt', second.certPem);
    await connection.send(get);
    await write('key', second.keyPem);
    await connection.send(get);
    expect(server.requests.map(({ clientName, connection: index }) => [clientName, index])).toEqual([
      ['first', 0],
      ['first', 0],
      ['first', 0],
      ['first', 0],
      ['second', 1],
    ]);
  });

  test('lets a watch go on that runs, and begins the next one with the new client certificate', async () => {
    const at = await directoryOfTest();
    const write = (name: string, text: string) => writeFile(at(name), text);
    const [first, second] = [issue('first'), issue('second')];
    await Promise.all([write('crt', first.certPem), write('key', first.keyPem)]);
    let rotated = () => {};
    const rotation = new Promise<void>((resolve) => (rotated = resolve));
    const server = await startScriptedServer([
      async ({ write: send, end }) => {
        await send(answerHead(200, { 'Transfer-Encoding': 'chunked' }));
        await send(chunk('before '));
        await rotation;
        await send(chunk('after'));
        await send('0\r\n\r\n');
        end();
      },
      ok,
      json(200, {}),
    ]);
    const user = { clientCertificate: { file: at('crt') }, clientKey: { file: at('key') } };
    const { connection } = await testConnection(server.url, { user });
    const watch = await connection.open({ ...get, stream: true });
    await Promise.all([write('crt', second.certPem), write('key', second.keyPem)]);
    await connection.send(get);
    rotated();
    const seen: Uint8Array[] = [];
    for await (const bytes of watch.body) seen.push(bytes);
    expect(Buffer.concat(seen).toString()).toBe('before after');
    await (await connection.open({ ...get, stream: true })).body[Symbol.asyncIterator]().next();
    expect(server.requests.map(({ clientName }) => clientName)).toEqual(['first', 'second', 'second']);
  });

  test('trusts the new CA and no longer the old one, and the old one while the file is broken', async () => {
    const at = await directoryOfTest();
    await writeFile(at('ca'), testAuthority.certPem);
    const old = await startScriptedServer([ok, ok, ok, ok]);
    const { connection } = await testConnection(old.url, { cluster: { certificateAuthority: { file: at('ca') } } });
    await connection.send(get);
    await writeFile(at('ca'), '');
    await connection.send(get);
    expect(old.connections).toBe(1);
    await writeFile(at('ca'), otherAuthority.certPem);
    await expect(connection.send(get)).rejects.toMatchObject({ reason: 'CertificateNotTrusted' });
    expect(connection.trust.caPem).toBe(otherAuthority.certPem);
    await writeFile(at('ca'), `${otherAuthority.certPem}${testAuthority.certPem}`);
    await connection.send(get);
    expect(old.requests).toHaveLength(3);
  });

  test('gives the new CA to those who go out as somebody else too, unless they have a trust of their own', async () => {
    const at = await directoryOfTest();
    await writeFile(at('ca'), testAuthority.certPem);
    const server = await startScriptedServer([ok], { certificate: wrongCertificates.ofAnotherAuthority() });
    const { connection } = await testConnection(server.url, { cluster: { certificateAuthority: { file: at('ca') } } });
    const [same, own] = [
      connection.withIdentity(connection.identity),
      connection.withIdentity(connection.identity, { ...connection.trust }),
    ];
    onTestFinished(() => [same, own].forEach((each) => each.close()));
    await writeFile(at('ca'), otherAuthority.certPem);
    await same.send(get);
    await expect(own.send(get)).rejects.toMatchObject({ reason: 'CertificateNotTrusted' });
  });

  test('needs no file where certificate and key are inline', async () => {
    const { certPem, keyPem } = issue('jane');
    const server = await startScriptedServer([ok]);
    const user = { clientCertificate: { data: certPem }, clientKey: { data: new SecretText(keyPem) } };
    const { connection } = await testConnection(server.url, { user });
    await connection.send(get);
    expect(server.requests[0]?.clientName).toBe('jane');
  });
});
