import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ApiRequest, ApiStream } from '../../lib/connection/connection.ts';
import { testConnection } from '../support/connect.ts';
import {
  answer,
  answerHead,
  chunk,
  failure,
  type ScriptedStep,
  startScriptedServer,
} from '../support/scripted-server.ts';

const get: ApiRequest = { method: 'GET', path: '/logs', doing: 'read the logs' };

afterEach(() => void vi.useRealTimers());

async function textOf({ body }: ApiStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const bytes of body) chunks.push(bytes);
  return Buffer.concat(chunks).toString();
}

describe('open()', () => {
  test('gives the answer as it comes, before it has ended', async () => {
    let proceed: (() => void) | undefined;
    const firstSeen = new Promise<void>((resolve) => (proceed = resolve));
    const server = await startScriptedServer([
      async ({ write }) => {
        await write(`${answerHead(200, { 'Transfer-Encoding': 'chunked' })}${chunk('one').toString()}`);
        await firstSeen;
        await write(`${chunk('two').toString()}0\r\n\r\n`);
      },
    ]);
    const { connection } = await testConnection(server.url);
    const stream = await connection.open(get);
    const seen: string[] = [];
    for await (const bytes of stream.body) {
      seen.push(Buffer.from(bytes).toString());
      proceed?.();
    }
    expect(seen).toEqual(['one', 'two']);
  });

  test.each([302, 401, 403, 404, 409, 422, 501])('gives an answer of %i like any other', async (status) => {
    const server = await startScriptedServer([answer(status, 'words', { 'Content-Type': 'text/plain' })]);
    const { connection } = await testConnection(server.url);
    const stream = await connection.open(get);
    expect(stream).toMatchObject({ status, headers: { 'content-type': 'text/plain' } });
    expect(await textOf(stream)).toBe('words');
  });

  test('repeats after 429 and 5xx, and gives the last answer when it has repeated enough', async () => {
    const server = await startScriptedServer([
      answer(429),
      answer(500),
      answer(502),
      answer(503),
      failure(503, '', 'still not ready'),
    ]);
    const { connection, told } = await testConnection(server.url);
    const stream = await connection.open(get);
    expect(stream.status).toBe(503);
    expect(await textOf(stream)).toContain('still not ready');
    expect(told.waits).toEqual([100, 300, 900, 2000]);
    expect(server.connections).toBe(1);
  });

  test('throws where the connection cannot be made', async () => {
    const reset: ScriptedStep = (exchange) => exchange.reset();
    const server = await startScriptedServer([reset, reset, reset]);
    const { connection } = await testConnection(server.url);
    await expect(connection.open(get)).rejects.toMatchObject({ name: 'UnreachableError', reason: 'ConnectionReset' });
  });

  test('throws to the reader when the body breaks off, and does not repeat what was read', async () => {
    const server = await startScriptedServer([
      async ({ write, reset }) => {
        await write(`${answerHead(200, { 'Content-Length': '10' })}abc`);
        reset();
      },
      answer(200, 'abcdefghij'),
    ]);
    const { connection } = await testConnection(server.url);
    const stream = await connection.open(get);
    await expect(textOf(stream)).rejects.toMatchObject({ name: 'UnreachableError', reason: 'ConnectionReset' });
    expect(server.requests).toHaveLength(1);
  });

  test('counts the request timeout until the body has ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await startScriptedServer([`${answerHead(200, { 'Content-Length': '10' })}abc`]);
    const { connection } = await testConnection(server.url, { options: { requestTimeoutMs: 5000 } });
    const stream = await connection.open(get);
    vi.advanceTimersByTime(5000);
    await expect(textOf(stream)).rejects.toMatchObject({ reason: 'RequestTimeout' });
  });

  test.each<[string, (stream: ApiStream) => unknown]>([
    ['has ended', textOf],
    ['is discarded', (stream) => stream.discard()],
    [
      'is left',
      async (stream) => {
        for await (const bytes of stream.body) if (bytes.length > 0) break;
      },
    ],
  ])('leaves no timer behind when the body %s', async (_, finish) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await startScriptedServer([answer(200, 'abc')]);
    const { connection } = await testConnection(server.url, { options: { requestTimeoutMs: 5000 } });
    await finish(await connection.open(get));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('sets no time limit on a stream', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await startScriptedServer([
      async ({ write }) => {
        vi.advanceTimersByTime(86_400_000);
        await write(answerHead(200, { 'Content-Length': '3' }));
        vi.advanceTimersByTime(86_400_000);
        await write('abc');
      },
    ]);
    const { connection } = await testConnection(server.url, { options: { requestTimeoutMs: 5000 } });
    expect(await textOf(await connection.open({ ...get, stream: true }))).toBe('abc');
  });
});
