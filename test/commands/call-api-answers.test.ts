import { describe, expect, test } from 'vitest';
import { main } from '../../lib/main.ts';
import type { InterruptSignal } from '../../lib/system/runtime.ts';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import { runCommand } from '../support/run-command.ts';
import { testRuntime } from '../support/runtime.ts';
import {
  answer,
  answerHead,
  chunk,
  failure,
  json,
  type ScriptedStep,
  startScriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Runs `work` with a kubeconfig whose one cluster answers by this script, as jane. */
async function on<T>(
  script: readonly ScriptedStep[],
  work: (env: { KUBECONFIG: string }, server: Awaited<ReturnType<typeof startScriptedServer>>) => Promise<T>,
): Promise<T> {
  await using directory = await temporaryDirectory();
  const server = await startScriptedServer(script);
  const KUBECONFIG = await writeKubeconfig(directory.path, {
    clusters: {
      dev: {
        server: server.url,
        'certificate-authority-data': Buffer.from(testAuthority.certPem).toString('base64'),
      },
    },
    users: { jane: { token: 'janes-token' } },
    contexts: { dev: { cluster: 'dev', user: 'jane' } },
    currentContext: 'dev',
  });
  return await work({ KUBECONFIG }, server);
}

const callApi = (script: readonly ScriptedStep[], ...args: string[]) =>
  on(script, (env) => runCommand('call-api', args, { env }));

const chunked = answerHead(200, { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' });
const stream = (...lines: string[]) =>
  Buffer.concat([Buffer.from(chunked), ...lines.map((line) => chunk(line)), Buffer.from('0\r\n\r\n')]);
const added = '{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"a"}}}\n';
const errorEvent = (code: number, reason: string, message: string) =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', code, reason, message } })}\n`;

describe('call-api -o json|yaml', () => {
  const rest = (stderr: string) =>
    stderr.split('\n').filter((line) => line !== '' && !line.startsWith('note: Calling '));

  test.each(['json', 'yaml'])(
    '-o %s says on stderr once that a body is not JSON, and prints it as it came',
    async (format) => {
      const run = await callApi([answer(200, 'ok', { 'Content-Type': 'text/plain' })], '/livez', '-o', format);
      expect(run).toMatchObject({ code: 0, stdout: 'ok' });
      expect(rest(run.stderr)).toEqual([`note: The body is not JSON: it is printed as it came, not as -o ${format}`]);
    },
  );

  test.each([
    ['raw', 'ok'],
    ['json', '{}'],
    ['json', ''],
  ])('says nothing of it where nothing was to be changed (-o %s): %j', async (format, body) => {
    const run = await callApi([answer(200, body, { 'Content-Type': 'text/plain' })], '/livez', '-o', format);
    expect({ code: run.code, rest: rest(run.stderr) }).toEqual({ code: 0, rest: [] });
  });
});

describe('call-api --watch', () => {
  test.each([
    [410, 'Expired', 1, 'Begin again, without resourceVersion and continue'],
    [403, 'Forbidden', 4, 'kubectl auth can-i --list shows what this user may do'],
    [404, 'NotFound', 3, 'call-api / lists the paths'],
  ] as const)('tells an ERROR event on stderr, and exits by its code: %d %s', async (code, reason, exit, hint) => {
    const event = errorEvent(code, reason, 'the server has words');
    const run = await callApi([stream(added, event)], '/api/v1/configmaps', '--watch', '-q');
    expect(run).toMatchObject({ code: exit, stdout: added + event });
    expect(run.stderr).toMatch(
      new RegExp(
        `^error: Cannot GET /api/v1/configmaps\\?watch=true: ${code} .*: the server has words\nhint: ${hint}`,
        'u',
      ),
    );
  });

  test('takes an ERROR event without a code for a failure too', async () => {
    const run = await callApi([stream('{"type":"ERROR","object":{}}\n')], '/api/v1/configmaps', '--watch');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^error: Cannot GET .*: 500/mu);
  });

  test.each([
    ['raw', '{"kind":"Namespace"}', '{"kind":"Namespace"}'],
    ['raw', '{\n  "kind": "Namespace"\n}\n', '{\n  "kind": "Namespace"\n}\n'],
    ['raw', 'ok', 'ok'],
    ['json', '{"kind":"Namespace"}', '{\n  "kind": "Namespace"\n}\n'],
    ['yaml', '{\n  "kind": "Namespace"\n}', 'kind: Namespace\n'],
  ])('prints a body that is no watch all the same (-o %s): %j', async (format, body, stdout) => {
    const run = await callApi([stream(body)], '/api/v1/namespaces/ci', '--watch', '-o', format);
    expect(run).toMatchObject({ code: 1, stdout });
    expect(run.stderr).toMatch(/^error: Cannot GET .* as a watch: there are no watch events in the answer\nhint: /mu);
  });

  test('tells an event that is cut off', async () => {
    const run = await callApi([stream(added, '{"type":"ADD')], '/api/v1/configmaps', '--watch');
    expect(run).toMatchObject({ code: 1, stdout: added });
    expect(run.stderr).toContain('to its end: the last event is cut off');
  });

  test('is no failure when the server ends it', async () => {
    expect(await callApi([stream(added, '\n')], '/api/v1/configmaps', '--watch')).toMatchObject({
      code: 0,
      stdout: added,
    });
  });

  test.each<[InterruptSignal, number]>([
    ['SIGINT', 0],
    ['SIGTERM', 0],
    ['SIGHUP', 129],
  ])('ends by %s with %d, before its first event and after it', async (signal, code) => {
    const begun: ScriptedStep = async ({ write }) => write(chunked + chunk(added).toString());
    for (const step of [begun, () => undefined] as const) {
      await on([step], async (env, server) => {
        const runtime = testRuntime({
          args: ['/api/v1/configmaps', '--watch'],
          env,
          onStdout: () => runtime.interrupt(signal),
        });
        const running = main('call-api', runtime);
        if (step !== begun) {
          while (server.requests.length === 0) await new Promise(setImmediate);
          runtime.interrupt(signal);
        }
        expect(await running).toBe(code);
      });
    }
  });
});

describe('call-api --all-pages', () => {
  const list = (items: unknown[], token = '') =>
    json(200, { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '7', continue: token }, items });

  test('prints the body of a refusal, and exits by its status', async () => {
    const run = await callApi([failure(403, 'Forbidden', 'no list for you')], '/api/v1/configmaps', '--all-pages');
    expect(run.code).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'Status', message: 'no list for you' });
    expect(run.stderr).toMatch(/^error: Cannot GET \/api.*: 403 Forbidden: no list for you\nhint: /mu);
  });

  test('leaves the body of a refusal away where a part of the list is out', async () => {
    const run = await callApi([list([{ a: 1 }], 'next'), failure(403, 'Forbidden', 'no more')], '/x', '--all-pages');
    expect(run.code).toBe(4);
    expect(run.stdout).not.toContain('Status');
  });

  test('-o json prints what a list of one page would be', async () => {
    const items = [{ metadata: { name: 'a', labels: { x: '1' } } }, { metadata: { name: 'b' } }, { data: 'x\ny' }];
    const pages = [list(items.slice(0, 1), 'next'), list(items.slice(1))];
    const { stdout } = await callApi(pages, '/api/v1/configmaps', '--all-pages', '-o', 'json');
    const whole = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items };
    expect(stdout).toBe(`${JSON.stringify(whole, undefined, 2)}\n`);
    const empty = await callApi([list([])], '/api/v1/configmaps', '--all-pages', '-o', 'json');
    expect(empty.stdout).toBe(`${JSON.stringify({ ...whole, items: [] }, undefined, 2)}\n`);
  });

  test('says that it goes with lists', async () => {
    const run = await callApi([json(200, { kind: 'Namespace' })], '/api/v1/namespaces/ci', '--all-pages');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/\nhint: --all-pages goes with the path of a list\n/u);
  });
});

describe('call-api', () => {
  test.each([
    [400, 1],
    [401, 4],
    [403, 4],
    [404, 3],
    [405, 1],
    [409, 1],
    [410, 1],
    [415, 1],
    [422, 1],
    [302, 1],
  ])('prints the body of a %d, tells its words with a hint and exits %d', async (status, exit) => {
    const run = await callApi([failure(status, 'Reason', 'the server has words')], 'DELETE', '/x');
    expect(run.code).toBe(exit);
    expect(run.stdout).toContain('the server has words');
    expect(run.stderr).toMatch(
      new RegExp(`^error: Cannot DELETE /x: ${status} .*: the server has words\nhint: .`, 'mu'),
    );
  });

  test.each([
    [{ name: 'none', kind: 'configmaps' }, 'The path without the name lists what there is'],
    [{}, 'call-api / lists the paths of the API server'],
  ])('hints at what is missing, an object or a path: %j', async (details, hint) => {
    const run = await callApi([json(404, { kind: 'Status', code: 404, message: 'not found', details })], '/x');
    expect(run.stderr).toContain(`\nhint: ${hint}`);
  });

  test('does not repeat on stderr a credential that the server repeats', async () => {
    const run = await callApi([failure(403, 'Forbidden', 'not with janes-token')], '/x');
    expect(run.stdout).toContain('janes-token');
    expect(run.stderr).not.toContain('janes-token');
  });

  test('sends headers of any name, several of one name as one', async () => {
    await on([json(200, {})], async (env, server) => {
      const headers = ['__proto__: a', 'constructor: b', 'X-Two: 1', 'x-two: 2', 'toString: c'];
      const args = ['/x', ...headers.flatMap((header) => ['-H', header])];
      expect(await runCommand('call-api', args, { env })).toMatchObject({ code: 0 });
      expect(server.requests[0]?.head).toMatch(/^__proto__: a\r?$/mu);
      expect(server.requests[0]?.head).toMatch(/^constructor: b\r?$/mu);
      expect(server.requests[0]?.head).toMatch(/^x-two: 1, 2\r?$/mu);
      expect(server.requests[0]?.head).toMatch(/^tostring: c\r?$/mu);
    });
  });

  test('says with which token it calls, and names it where it is refused', async () => {
    const run = await on([failure(401, 'Unauthorized', 'Unauthorized')], (env) =>
      runCommand('call-api', ['/x', '--token-file', '-'], { env, stdin: 'opaque' }),
    );
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(/^note: Calling https:\/\/127\.0\.0\.1:\d+ with the token from stdin$/mu);
    expect(run.stderr).toMatch(
      /^error: Cannot GET \/x: 401 Unauthorized\nhint: The token from stdin may have expired, or belong to another cluster$/mu,
    );
  });

  test('takes a web page for no answer of an API server', async () => {
    const page = answer(200, '<html><title>Sign in</title>', { 'Content-Type': 'text/html' });
    expect(await callApi([page], '/x')).toMatchObject({ code: 1, stdout: '<html><title>Sign in</title>' });
  });
});
