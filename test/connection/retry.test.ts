import { describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../lib/connection/connection.ts';
import { RetryableError, retryAfterMs, withRetries } from '../../lib/connection/retry.ts';
import { ServerError, UnreachableError } from '../../lib/model/errors.ts';
import { sleep } from '../../lib/system/deadline.ts';
import { testConnection } from '../support/connect.ts';
import {
  answer,
  closedPort,
  failure,
  json,
  type ScriptedStep,
  startScriptedServer,
} from '../support/scripted-server.ts';

const now = Date.UTC(2026, 10, 24, 12);

describe('retryAfterMs()', () => {
  test.each<[string | undefined, number]>([
    [undefined, 0],
    ['0', 0],
    ['1', 1000],
    [' 30 ', 30_000],
    ['Tue, 24 Nov 2026 12:00:05 GMT', 5000],
    ['Tue, 24 Nov 2026 11:59:00 GMT', 0],
    ['soon', 0],
    ['-1', 0],
    ['1.5', 0],
  ])('reads %j as %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('withRetries()', () => {
  const unreachable = new UnreachableError('Cannot: gone', { reason: 'ConnectionReset' });

  test('spreads its delays by half', async () => {
    const waits: number[] = [];
    const schedule = { delaysMs: [100, 300], sleep: (ms: number) => Promise.resolve(void waits.push(ms)) };
    const failing = () => Promise.reject(new RetryableError(unreachable, { kind: 'status' }));
    await expect(withRetries({ schedule, random: () => 0, signal: undefined }, failing)).rejects.toBe(unreachable);
    await expect(withRetries({ schedule, random: () => 0.5, signal: undefined }, failing)).rejects.toBe(unreachable);
    expect(waits).toEqual([50, 150, 75, 225]);
  });

  test('ends at once when its signal aborts in a pause, with the reason of that', async () => {
    const controller = new AbortController();
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      setImmediate(() => controller.abort(new Error('enough')));
      return Promise.reject(new RetryableError(unreachable, { kind: 'status' }));
    };
    const schedule = { delaysMs: [3_600_000], sleep };
    await expect(withRetries({ schedule, random: () => 1, signal: controller.signal }, attempt)).rejects.toThrow(
      'enough',
    );
    expect(attempts).toBe(1);
  });

  test('gives an answer that came together with the abort: a create must not be lost', async () => {
    const controller = new AbortController();
    const schedule = { delaysMs: [1], sleep };
    const attempt = () => {
      controller.abort(new Error('too late'));
      return Promise.resolve('created');
    };
    expect(await withRetries({ schedule, random: () => 1, signal: controller.signal }, attempt)).toBe('created');
  });

  test('does not repeat a bug', async () => {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      return Promise.reject(new TypeError('undefined is not a function'));
    };
    const schedule = { delaysMs: [0, 0], sleep };
    await expect(withRetries({ schedule, random: () => 1, signal: undefined }, attempt)).rejects.toThrow(TypeError);
    expect(attempts).toBe(1);
  });
});

const ok = json(200, { kind: 'Status', status: 'Success' });
const get: ApiRequest = { method: 'GET', path: '/x', doing: 'test' };
const post: ApiRequest = { method: 'POST', path: '/x', body: '{}', doing: 'test' };
const reset: ScriptedStep = (exchange) => exchange.reset();
const error = (status: number) => failure(status, '', 'try again');

interface Case {
  what: string;
  request: ApiRequest;
  script: ScriptedStep[];
  /** Milliseconds before each repetition. */
  waits: number[];
  outcome: 'answered' | 'failed';
}

describe('a connection repeats', () => {
  test.each<Case>([
    {
      what: 'GET after 429, not before Retry-After is over',
      request: get,
      script: [answer(429, '', { 'Retry-After': '7' }), ok],
      waits: [7000],
      outcome: 'answered',
    },
    {
      what: 'GET after 503, longer from time to time',
      request: get,
      script: [error(503), error(500), error(502), error(504), ok],
      waits: [100, 300, 900, 2000],
      outcome: 'answered',
    },
    {
      what: 'GET five times and no more',
      request: get,
      script: [error(503), error(503), error(503), error(503), error(503), ok],
      waits: [100, 300, 900, 2000],
      outcome: 'failed',
    },
    {
      what: 'GET after a lost connection, twice',
      request: get,
      script: [reset, reset, ok],
      waits: [100, 300],
      outcome: 'answered',
    },
    {
      what: 'GET after a lost connection no more than twice',
      request: get,
      script: [reset, reset, reset, ok],
      waits: [100, 300],
      outcome: 'failed',
    },
    {
      what: 'HEAD like GET',
      request: { ...get, method: 'HEAD' },
      script: [answer(503), answer(200)],
      waits: [100],
      outcome: 'answered',
    },
    {
      what: 'POST after 429, which says that nothing was done',
      request: post,
      script: [answer(429), ok],
      waits: [100],
      outcome: 'answered',
    },
    {
      what: 'POST that is idempotent after 503',
      request: { ...post, retry: 'idempotent' },
      script: [error(503), ok],
      waits: [100],
      outcome: 'answered',
    },
    {
      what: 'POST that is idempotent after a lost connection',
      request: { ...post, retry: 'idempotent' },
      script: [reset, ok],
      waits: [100],
      outcome: 'answered',
    },
    { what: 'no POST after 503', request: post, script: [error(503), ok], waits: [], outcome: 'failed' },
    { what: 'no POST after a lost connection', request: post, script: [reset, ok], waits: [], outcome: 'failed' },
    {
      what: 'no PATCH after 500',
      request: { ...post, method: 'PATCH' },
      script: [error(500), ok],
      waits: [],
      outcome: 'failed',
    },
    {
      what: 'no DELETE after a lost connection',
      request: { ...get, method: 'DELETE' },
      script: [reset, ok],
      waits: [],
      outcome: 'failed',
    },
    {
      what: 'nothing that must not be',
      request: { ...get, retry: 'never' },
      script: [answer(429), ok],
      waits: [],
      outcome: 'failed',
    },
    { what: 'no GET after 501', request: get, script: [error(501), ok], waits: [], outcome: 'failed' },
    { what: 'no GET after 401', request: get, script: [error(401), ok], waits: [], outcome: 'failed' },
    { what: 'no GET after 403', request: get, script: [error(403), ok], waits: [], outcome: 'failed' },
    { what: 'no GET after 404', request: get, script: [error(404), ok], waits: [], outcome: 'failed' },
    { what: 'no GET after 409', request: get, script: [error(409), ok], waits: [], outcome: 'failed' },
    {
      what: 'no GET that may come again in an hour only',
      request: get,
      script: [answer(429, '', { 'Retry-After': '3600' }), ok],
      waits: [],
      outcome: 'failed',
    },
  ])('$what', async ({ request, script, waits, outcome }) => {
    const server = await startScriptedServer(script);
    const { connection, told } = await testConnection(server.url);
    const sent = connection.send(request);
    await (outcome === 'answered' ? sent : expect(sent).rejects.toThrow('Cannot test'));
    expect(told.waits).toEqual(waits);
    expect(server.requests).toHaveLength(waits.length + 1);
    expect(told.exchanges).toHaveLength(waits.length + 1);
  });

  test('GET by the date in Retry-After, by its own clock', async () => {
    const server = await startScriptedServer([answer(503, '', { 'Retry-After': 'Tue, 24 Nov 2026 12:00:04 GMT' }), ok]);
    const { connection, told } = await testConnection(server.url, { options: { now: () => now } });
    await connection.send(get);
    expect(told.waits).toEqual([4000]);
  });

  test('POST where there was no connection: nothing was sent', async () => {
    const { connection, told } = await testConnection(`https://127.0.0.1:${await closedPort()}`);
    await expect(connection.send(post)).rejects.toMatchObject({ reason: 'ConnectionRefused' });
    expect(told.waits).toEqual([100, 300]);
  });

  test('with the same body', async () => {
    const server = await startScriptedServer([answer(429), ok]);
    const { connection } = await testConnection(server.url);
    await connection.send({ ...post, body: '{"a":1}' });
    expect(server.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  test('no longer than the caller waits', async () => {
    const server = await startScriptedServer([answer(429, '', { 'Retry-After': '20' }), ok]);
    const { connection } = await testConnection(server.url, { options: { retry: { delaysMs: [100], sleep } } });
    const controller = new AbortController();
    const reason = new ServerError('Cannot wait', { reason: 'Test' });
    const sent = connection.send({ ...get, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(sent).rejects.toBe(reason);
  });
});
