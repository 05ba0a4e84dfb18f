import type { V1Secret } from '@kubernetes/client-node';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { watch, type WatchEvent } from '../../lib/connection/watch.ts';
import { DeniedError, type KubeSaTokenError, ServerError, UnreachableError } from '../../lib/model/errors.ts';
import { testConnection } from '../support/connect.ts';
import {
  answer,
  answerHead,
  chunk,
  failure,
  type ScriptedStep,
  startScriptedServer,
} from '../support/scripted-server.ts';

afterEach(() => void vi.useRealTimers());

const chunked = answerHead(200, { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' });
const event = (type: string, name: string) =>
  `${JSON.stringify({ type, object: { kind: 'Secret', metadata: { name, creationTimestamp: '2026-11-24T12:00:00Z' } } })}\n`;
const end = '0\r\n\r\n';

async function collect(
  script: readonly ScriptedStep[],
  seen: WatchEvent<V1Secret>[] = [],
  signal = new AbortController().signal,
) {
  const server = await startScriptedServer(script);
  const { connection, told } = await testConnection(server.url, { options: { requestTimeoutMs: 1000 } });
  const request = {
    path: '/api/v1/namespaces/ci/secrets',
    query: { fieldSelector: 'metadata.name=x' },
    doing: 'watch Secrets',
    signal,
  };
  try {
    for await (const each of watch<V1Secret>(connection, request)) seen.push(each);
    return { seen, server, told };
  } catch (error) {
    return { seen, server, told, error: error as KubeSaTokenError };
  }
}

const shown = (events: WatchEvent<V1Secret>[]) => events.map(({ object, type }) => `${type} ${object.metadata?.name}`);

/** Writes parts one by one, so that each comes in a chunk of its own. */
const inParts =
  (...parts: (string | Uint8Array)[]): ScriptedStep =>
  async ({ write }) => {
    await write(chunked);
    for (const part of parts) {
      await write(typeof part === 'string' && part === end ? part : chunk(part));
      await new Promise(setImmediate);
    }
  };

describe('watch()', () => {
  test('asks for a watch and gives its events until the server ends it', async () => {
    const { seen, server, error } = await collect([
      inParts(event('ADDED', 'a'), event('MODIFIED', 'b'), event('DELETED', 'c'), event('BOOKMARK', 'd'), end),
    ]);
    expect(error).toBeUndefined();
    expect(shown(seen)).toEqual(['ADDED a', 'MODIFIED b', 'DELETED c', 'BOOKMARK d']);
    expect(server.requests[0]?.path).toBe('/api/v1/namespaces/ci/secrets?fieldSelector=metadata.name%3Dx&watch=true');
  });

  test('leaves dates as the text that came', async () => {
    const { seen } = await collect([inParts(event('ADDED', 'a'), end)]);
    expect(seen[0]?.object.metadata?.creationTimestamp).toBe('2026-11-24T12:00:00Z');
  });

  test('does not mind where chunks are cut: within a line, within a character, several lines in one', async () => {
    const bytes = Buffer.from(event('ADDED', 'Zürich') + event('ADDED', 'b') + event('ADDED', 'c'));
    const cut = bytes.indexOf(0xc3) + 1;
    const { seen } = await collect([
      inParts(bytes.subarray(0, 7), bytes.subarray(7, cut), bytes.subarray(cut), '\n', end),
    ]);
    expect(shown(seen)).toEqual(['ADDED Zürich', 'ADDED b', 'ADDED c']);
  });

  test.each<[string, ScriptedStep[], new (...args: never[]) => KubeSaTokenError, string, string]>([
    [
      'an ERROR event in an answer of 200',
      [
        inParts(
          event('ADDED', 'a'),
          `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (5)' } })}\n`,
          end,
        ),
      ],
      ServerError,
      'Expired',
      'too old resource version: 1 (5)',
    ],
    ['a 410', [failure(410, 'Gone', 'too old resource version')], ServerError, 'Expired', 'too old resource version'],
    ['a 403', [failure(403, 'Forbidden', 'secrets is forbidden')], DeniedError, 'Forbidden', 'secrets is forbidden'],
    [
      'an ERROR event without reason',
      [inParts('{"type":"ERROR","object":{}}\n', end)],
      ServerError,
      'WatchError',
      'does not say why',
    ],
    [
      'a login page',
      [answer(200, '<html><title>Sign in</title>', { 'Content-Type': 'text/html' })],
      ServerError,
      'HtmlAnswer',
      'an HTML page "Sign in"',
    ],
    [
      'what is no event',
      [inParts('{"kind":"SecretList","items":[]}\n', end)],
      ServerError,
      'NotJson',
      'no watch events',
    ],
    ['what is no JSON', [inParts('hello\n', end)], ServerError, 'NotJson', 'no watch events'],
    ['null', [inParts('null\n', end)], ServerError, 'NotJson', 'no watch events'],
    [
      'an event that is cut off',
      [inParts(event('ADDED', 'a'), '{"type":"MODIFIED","obj', end)],
      ServerError,
      'TruncatedAnswer',
      'the last of which is cut off',
    ],
  ])('tells %s as what it is', async (_, script, type, reason, words) => {
    const { error } = await collect(script);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ reason, message: expect.stringContaining(words) as unknown });
    expect(error?.message).toMatch(/^Cannot watch Secrets/u);
  });

  test('shows nothing of an event that it cannot read: it may be a Secret', async () => {
    const { error } = await collect([inParts('{"type":"MODIFIED","object":{"data":{"token":"ZXlKaGJ', end)]);
    expect(error?.message).not.toContain('ZXlK');
  });

  test.each<[string, (exchange: Parameters<Extract<ScriptedStep, (...args: never[]) => unknown>>[0]) => void]>([
    ['a reset', (exchange) => exchange.reset()],
    ['an end without the last chunk', (exchange) => exchange.end()],
  ])('gives what came before %s, then an error', async (_, finish) => {
    let proceed: (() => void) | undefined;
    const firstSeen = new Promise<void>((resolve) => (proceed = resolve));
    const seen: WatchEvent<V1Secret>[] = [];
    seen.push = (...events) => {
      proceed?.();
      return Array.prototype.push.apply(seen, events);
    };
    const { error } = await collect(
      [
        async (exchange) => {
          await exchange.write(chunked + chunk(event('ADDED', 'a')).toString());
          await firstSeen;
          finish(exchange);
        },
      ],
      seen,
    );
    expect(shown(seen)).toEqual(['ADDED a']);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ reason: 'ConnectionReset' });
  });

  test('waits for headers that are never sent until its signal ends it, whatever the request timeout', async () => {
    const controller = new AbortController();
    const reason = new UnreachableError('Cannot wait any longer', { reason: 'Test' });
    const { error } = await collect([() => controller.abort(reason)], [], controller.signal);
    expect(error).toBe(reason);
  });

  test('is not cut by the request timeout, however long it is silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { seen, error } = await collect([
      async (exchange) => {
        vi.advanceTimersByTime(3_600_000);
        await exchange.write(chunked);
        vi.advanceTimersByTime(3_600_000);
        await exchange.write(chunk(event('ADDED', 'a')).toString() + end);
      },
    ]);
    expect(error).toBeUndefined();
    expect(shown(seen)).toEqual(['ADDED a']);
  });

  test('ends in the middle with the reason of its signal, and closes the connection', async () => {
    const controller = new AbortController();
    const reason = new UnreachableError('Cannot wait any longer', { reason: 'Test' });
    let closed: Promise<void> | undefined;
    const { error } = await collect(
      [
        async (exchange) => {
          ({ closed } = exchange);
          await exchange.write(chunked);
          setImmediate(() => controller.abort(reason));
        },
      ],
      [],
      controller.signal,
    );
    expect(error).toBe(reason);
    await closed;
  });

  test('closes the connection when nobody reads on', async () => {
    let closed: Promise<void> | undefined;
    const server = await startScriptedServer([
      async (exchange) => {
        ({ closed } = exchange);
        await exchange.write(chunked + chunk(event('ADDED', 'a')).toString());
      },
    ]);
    const { connection } = await testConnection(server.url);
    const { signal } = new AbortController();
    for await (const { type } of watch(connection, { path: '/x', doing: 'watch', signal })) if (type === 'ADDED') break;
    await closed;
  });

  test('is repeated before its first event like any GET', async () => {
    const { seen, told } = await collect([answer(429), inParts(event('ADDED', 'a'), end)]);
    expect(shown(seen)).toEqual(['ADDED a']);
    expect(told.waits).toEqual([100]);
  });
});
