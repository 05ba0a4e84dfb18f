import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { test } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { sleep } from '../../lib/system/deadline.ts';
import type { PassThrough } from '../support/pass-through.ts';
import { type Ending, type Launcher, type Program, startProgram } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { expectNothingLeft, objectsOfOurs, throughPass, whoIs } from '../support/token-run.ts';

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof exitCodes;
const signals = Object.keys(exitCodes) as Signal[];

/** A point of the main job at which it is stopped, made sure of by a request that is held. */
interface Point {
  readonly hold: 'request' | 'answer' | 'watch';
  readonly of: RegExp;
  /** Whether the token is with whoever asked for it by then. */
  readonly handedOut: boolean;
}

const points = {
  'before anything is made': { hold: 'request', of: /^GET \S+\/serviceaccounts\/ci-bot$/u, handedOut: false },
  'the ServiceAccount is made, unanswered': { hold: 'answer', of: /^POST \S+\/serviceaccounts$/u, handedOut: false },
  'the Role is asked for': { hold: 'request', of: /^POST \S+\/roles$/u, handedOut: false },
  'the binding is made, unanswered': { hold: 'answer', of: /^POST \S+\/rolebindings$/u, handedOut: false },
  'the Secret is asked for': { hold: 'request', of: /^POST \S+\/secrets$/u, handedOut: false },
  'the Secret is made, unanswered': { hold: 'answer', of: /^POST \S+\/secrets$/u, handedOut: false },
  'it waits for the controller': { hold: 'watch', of: /^GET \S+\/secrets[?/]/u, handedOut: false },
  'the proof is under way': { hold: 'request', of: /^POST \S+\/selfsubjectreviews$/u, handedOut: false },
  'the token is out, its Secret not labelled': { hold: 'request', of: /^PATCH \S+\/secrets\//u, handedOut: true },
} satisfies Record<string, Point>;
type PointName = keyof typeof points;
const pointNames = Object.keys(points) as PointName[];

const args = ['ci-bot', '--create-service-account', '--allow', 'get pods'];

/** Starts a run, and returns once it has come to `point`; `release` lets the held requests pass. */
async function startUntil(
  name: PointName,
  { env, pass }: { env: Record<string, string>; pass: PassThrough },
  { launcher, more = [] }: { launcher: Launcher; more?: string[] },
): Promise<{ program: Program; release: () => void }> {
  const point: Point = points[name];
  const held = pass.hold(point.hold === 'answer' ? 'answer' : 'request', (line) => {
    // the list of Secrets before the create is not what the wait is for
    return point.of.test(line) && (point.hold !== 'watch' || !line.includes('fieldSelector=type'));
  });
  const program = startProgram('bootstrap-token', { launcher, args: [...args, ...more], env });
  const there = point.hold === 'watch' ? program.says('Waiting up to') : held.reached;
  const early = program.ended.then(({ stderr }) => {
    throw new Error(`The run ended before the point: ${stderr}`);
  });
  early.catch(() => undefined);
  await Promise.race([there, early]);
  return { program, release: held.release };
}

/** What holds for every run that a signal ended, whenever it came: all or nothing. */
async function expectAllOrNothing(
  { cluster, namespace }: { cluster: TestCluster; namespace: string },
  { code, stdout, stderr }: Ending,
  signal: Signal,
): Promise<void> {
  if (stdout === '') {
    expect({ code, stderr }).toMatchObject({ code: exitCodes[signal] });
    await expectNothingLeft(cluster, namespace);
    return;
  }
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await whoIs(cluster, stdout)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
  const { rights, secrets } = await objectsOfOurs(cluster, namespace);
  expect(secrets).toMatchObject([{ state: 'delivered' }]);
  expect(rights).toHaveLength(2);
}

const started: readonly (readonly [Launcher, PointName, Signal])[] = [
  ...pointNames.flatMap((point) => signals.map((signal) => ['node', point, signal] as const)),
  ...pointNames.map((point, index) => ['zx', point, signals[index % 3] ?? 'SIGINT'] as const),
];

test.for(started)(
  'bootstrap-token under %s, once %s, leaves all or nothing on %s',
  async ([launcher, point, signal], { cluster, namespace }) => {
    const { program, release } = await startUntil(point, await throughPass(cluster, namespace), { launcher });
    program.kill(signal);
    // an answer to the proof could come before the signal: it gets none
    if (point !== 'the proof is under way') release();
    const ending = await program.ended;
    expect(ending.stdout !== '').toBe(points[point].handedOut);
    await expectAllOrNothing({ cluster, namespace }, ending, signal);
  },
);

describe('bootstrap-token under npx', () => {
  // npx ends the whole by Ctrl-C, and by itself alone: then the script learns of it when it looks above itself
  const ends: readonly (readonly [Signal, 'one' | 'group', PointName])[] = [
    ...(['the binding is made, unanswered', 'it waits for the controller', 'the proof is under way'] as const).flatMap(
      (point) => [['SIGTERM', 'one', point] as const, ['SIGHUP', 'one', point] as const],
    ),
    ['SIGINT', 'group', 'the Secret is asked for'],
    ['SIGTERM', 'group', 'it waits for the controller'],
    ['SIGHUP', 'one', 'the token is out, its Secret not labelled'],
    ['SIGINT', 'group', 'the token is out, its Secret not labelled'],
  ];

  test.for(ends)(
    'leaves all or nothing on %s to %s of its processes, once %s',
    async ([signal, to, point], { cluster, namespace }) => {
      const { program, release } = await startUntil(point, await throughPass(cluster, namespace), { launcher: 'npx' });
      const npxIsGone = new Promise((resolve) => program.child.once('exit', resolve));
      program.kill(signal, to);
      if (to === 'one') await npxIsGone;
      release();
      const { stdout, stderr } = await program.ended;
      expect(stdout !== '').toBe(points[point].handedOut);
      if (!points[point].handedOut) {
        expect(stderr).toMatch(/error: Interrupted/u);
        await expectNothingLeft(cluster, namespace);
        return;
      }
      const { secrets } = await objectsOfOurs(cluster, namespace);
      expect(secrets).toMatchObject([{ state: 'delivered' }]);
      expect(await whoIs(cluster, stdout)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
    },
  );
});

describe('bootstrap-token on a signal', () => {
  test('resolves a create that is never answered, and removes the Secret', async ({ cluster, namespace }) => {
    const { program } = await startUntil('the Secret is made, unanswered', await throughPass(cluster, namespace), {
      launcher: 'node',
    });
    program.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 143, stdout: '' });
    await expectNothingLeft(cluster, namespace);
  });

  test.for(signals)(
    'that comes in the moment in which the proof is answered leaves all or nothing: %s',
    async (signal, { cluster, namespace }) => {
      const around = await throughPass(cluster, namespace);
      const held = around.pass.hold('answer', (line) => line.endsWith('/selfsubjectreviews'));
      const program = startProgram('bootstrap-token', { args, env: around.env });
      await held.reached;
      held.release();
      program.kill(signal);
      await expectAllOrNothing({ cluster, namespace }, await program.ended, signal);
    },
  );

  test.skipIf(process.platform === 'win32').for(signals)(
    'completes the write that a slow reader holds up, and is 0: %s',
    async (signal, { cluster, namespace }) => {
      await using directory = await temporaryDirectory();
      const pipe = fullPipe(join(directory.path, 'stdout'));
      const { env } = await throughPass(cluster, namespace);
      const program = startProgram('bootstrap-token', { args, env, stdout: pipe.descriptor });
      // the write begins in the same turn of the event loop in which this is said: no signal comes between
      await program.says('Proved the token');
      program.kill(signal);
      const { code, stderr } = await whileReading(pipe, program.ended);
      await expectAllOrNothing({ cluster, namespace }, { code, stderr, stdout: pipe.text() }, signal);
    },
  );

  test('takes nothing back, and is 0, however many come once the token is out', async ({ cluster, namespace }) => {
    const point = 'the token is out, its Secret not labelled';
    const { program, release } = await startUntil(point, await throughPass(cluster, namespace), { launcher: 'node' });
    for (const signal of signals) program.kill(signal);
    release();
    await expectAllOrNothing({ cluster, namespace }, await program.ended, 'SIGINT');
  });

  test('removes the temporary file of --output-file', async ({ cluster, namespace }) => {
    await using directory = await temporaryDirectory();
    const more = ['--output-file', join(directory.path, 'token')];
    const around = await throughPass(cluster, namespace);
    const { program } = await startUntil('the proof is under way', around, { launcher: 'node', more });
    expect(await readdir(directory.path)).toHaveLength(1);
    program.kill('SIGINT');
    expect(await program.ended).toMatchObject({ code: 130 });
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('leaves a file that is complete where the write had begun', async ({ cluster, namespace }) => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'token');
    const point = 'the token is out, its Secret not labelled';
    const around = await throughPass(cluster, namespace);
    const { program, release } = await startUntil(point, around, { launcher: 'node', more: ['--output-file', file] });
    program.kill('SIGINT');
    release();
    const { code, stderr } = await program.ended;
    const stdout = await readFile(file, 'utf8');
    await expectAllOrNothing({ cluster, namespace }, { code, stderr, stdout }, 'SIGINT');
  });

  test.for(signals)(
    'and on a second one skips the clean-up, says what is left, and leaves no file: %s',
    async (signal, { cluster, namespace }) => {
      await using directory = await temporaryDirectory();
      const more = ['--output-file', join(directory.path, 'token')];
      const around = await throughPass(cluster, namespace);
      const cleaning = around.pass.hold('request', (line) => line.startsWith('DELETE '));
      const { program } = await startUntil('the proof is under way', around, { launcher: 'node', more });
      program.kill('SIGTERM');
      await cleaning.reached;
      program.kill(signal);
      const { code, stderr, stdout } = await program.ended;
      const { secrets } = await objectsOfOurs(cluster, namespace);
      expect(secrets).toMatchObject([{ state: 'pending' }]);
      expect({ code, stdout }).toEqual({ code: exitCodes[signal], stdout: '' });
      expect(stderr).toContain('error: Interrupted again: clean-up skipped; left: ');
      expect(stderr).toContain(`Secret "${namespace}/${secrets[0]?.name ?? ''}"`);
      expect(stderr).toContain(`RoleBinding "${namespace}/kube-sa-token:ci-bot"`);
      expect(await readdir(directory.path)).toEqual([]);
    },
  );
});

/** A pseudo-random sequence that is the same in each run, and another for another KUBE_SA_TOKEN_SEED. */
function* pseudoRandom(): Generator<number, never> {
  let state = Number(process.env['KUBE_SA_TOKEN_SEED'] ?? 1);
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

test('bootstrap-token leaves all or nothing on a signal at any other moment, between two requests or amid them', async ({
  cluster,
}) => {
  const random = pseudoRandom();
  for (let run = 0; run < 16; run += 1) {
    const namespace = await cluster.createNamespace();
    const around = await throughPass(cluster, namespace);
    // a full run has about thirty requests and answers
    const at = 1 + Math.floor(random.next().value * 32);
    const signal = signals[Math.floor(random.next().value * 3)] ?? 'SIGTERM';
    const program = startProgram('bootstrap-token', { args, env: around.env });
    let events = 0;
    around.pass.onEvent(() => {
      events += 1;
      if (events === at) program.kill(signal);
    });
    await expectAllOrNothing({ cluster, namespace }, await program.ended, signal);
  }
});

describe('bootstrap-token after a SIGKILL', () => {
  const tenMinutes = 600_000;
  test.for(pointNames)(
    'when %s leaves one pending Secret at most, which a run ten minutes later names',
    async (point, { cluster, namespace }) => {
      const { program } = await startUntil(point, await throughPass(cluster, namespace), { launcher: 'node' });
      program.kill('SIGKILL');
      expect(await program.ended).toMatchObject({ code: 'SIGKILL' });
      const { secrets } = await objectsOfOurs(cluster, namespace);
      expect(secrets.length).toBeLessThanOrEqual(1);
      for (const { name, state } of secrets) {
        expect(state).toBe('pending');
        const said = async (clockAheadMs: number) => {
          const { env } = await throughPass(cluster, namespace, { clockAheadMs });
          const { code, stderr } = await runCommand('bootstrap-token', ['ci-bot'], { env });
          expect({ code, stderr }).toMatchObject({ code: 0 });
          return stderr;
        };
        const named = `Secret "${namespace}/${name}" was left over`;
        expect(await said(tenMinutes - 60_000)).not.toContain('was left over');
        expect(await said(tenMinutes + 1000)).toContain(named);
      }
    },
  );
});

/** A pipe with no room left in it, so that whoever writes to it waits for its reader. */
function fullPipe(path: string) {
  execFileSync('mkfifo', [path]);
  // read and write, so that neither end has to wait for the other
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const descriptor = openSync(path, 'w');
  let filled = 0;
  for (const size of [4096, 1]) {
    try {
      for (;;) filled += writeSync(own, Buffer.alloc(size, '.'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
  onTestFinished(() => [own, descriptor].forEach((each) => closeSync(each)));
  const chunks: Buffer[] = [];
  return {
    descriptor,
    /** Takes what is in it now. */
    drain() {
      const buffer = Buffer.alloc(65_536);
      try {
        for (;;) chunks.push(Buffer.from(buffer.subarray(0, readSync(own, buffer))));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
    },
    /** What was written into it besides the filling. */
    text: () => Buffer.concat(chunks).subarray(filled).toString(),
  };
}

async function whileReading<T>(pipe: { drain(): void }, work: Promise<T>): Promise<T> {
  const reading = new AbortController();
  const drained = (async () => {
    while (!reading.signal.aborted) {
      pipe.drain();
      await sleep(20);
    }
    pipe.drain();
  })();
  try {
    return await work;
  } finally {
    reading.abort();
    await drained;
  }
}
