import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Clone, makeClone, run } from '../support/clone.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// A program on the real Runtime of a real process: each of its commands shows one thing.
const source = `import { InterruptedError } from './model/errors.ts';
import { findAncestors } from './system/ancestors.ts';
import type { Runtime } from './system/runtime.ts';
export { nodeRuntime } from './system/node-runtime.ts';

export async function main(_command: string, runtime: Runtime): Promise<number> {
  const { args, stdin, stdout, stderr, interruption } = runtime;
  const say = (text: string) => stdout.write(text + '\\n');
  try {
    switch (args[0]) {
      case 'describe':
        await say(JSON.stringify({ in: stdin.isTTY, out: stdout.isTTY, columns: stdout.columns ?? null, cwd: runtime.cwd, random: runtime.random(4).length }));
        break;
      case 'read':
        await say('reading');
        await say('read ' + (await stdin.read()).toString());
        break;
      case 'some':
        await say((await stdin.read(10)).length > 10 ? 'too much' : 'all of it');
        break;
      case 'lines':
        await say(String(await stdin.readLine()));
        await say(String(await stdin.readLine()));
        break;
      case 'wait':
        await say('waiting');
        interruption.leaves(() => 'Secret "ci/x"');
        await new Promise((resolve) => setTimeout(resolve, 30_000));
        break;
      case 'half-made':
        interruption.leaves(() => 'Secret "ci/x"');
      case 'idle':
        await say('waiting');
        await new Promise((resolve) => {
          interruption.signal.addEventListener('abort', resolve);
          setTimeout(resolve, 30_000);
        });
        await say(String(interruption.signal.reason));
        interruption.leaves(undefined);
        break;
      case 'hand-out':
        await say('waiting');
        await stdin.read();
        await interruption.hold(() => say('handed out'));
        break;
      case 'above':
        await say(String(findAncestors('exec').hasNpx));
        break;
      case 'hold':
        process.on('SIGTERM', () => say('signal'));
        process.on('SIGINT', () => say('another'));
        await interruption.hold(async () => {
          await say('holding');
          await stdin.read();
          await say('held');
        });
        break;
      case 'count':
        for (let line = 0; line < 20_000; line++) await say(String(line));
        break;
      case 'flood':
        for (let line = 0; line < 100_000; line++) await say('x'.repeat(100));
    }
    return 0;
  } catch (error) {
    await stderr.write((error as Error).name + ': ' + (error as Error).message + '\\n');
    return error instanceof InterruptedError ? 7 : 8;
  }
}
`;

let clone: Clone;
let remove: () => PromiseLike<void>;

beforeAll(async () => {
  const directory = await temporaryDirectory();
  remove = () => directory[Symbol.asyncDispose]();
  clone = makeClone(directory.path);
  clone.write('lib/main.ts', source);
  await clone.start(); // builds
});

afterAll(() => remove());

/** A running program: what it has said so far, and how it ends. */
function program(...args: string[]) {
  const child = spawn(process.execPath, [clone.path('scripts/call-api.mjs'), ...args]);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({ code: code ?? signal, ...said }));
  const says = async (text: string) => {
    while (!said.stdout.includes(text)) await once(child.stdout, 'data');
  };
  return { child, ended, says };
}

test('nodeRuntime() knows that a pipe is no terminal, and where it was started', async () => {
  const { stdout } = await clone.start(['describe'], { cwd: clone.root });
  expect(JSON.parse(stdout)).toEqual({ in: false, out: false, columns: null, cwd: clone.root, random: 4 });
});

test('nodeRuntime() reads stdin to its end', async () => {
  const { child, ended } = program('read');
  child.stdin.end('a\nb\n');
  expect(await ended).toMatchObject({ code: 0, stdout: 'reading\nread a\nb\n\n' });
});

test('nodeRuntime() stops reading stdin once there is more than asked for, though it stays open', async () => {
  const { child, ended } = program('some');
  child.stdin.write('more than ten bytes');
  expect(await ended).toMatchObject({ code: 0, stdout: 'too much\n' });
});

test('nodeRuntime() reads stdin line by line, and lets the process end though stdin stays open', async () => {
  const { child, ended } = program('lines');
  child.stdin.write('first\nsecond\nthird\n');
  expect(await ended).toMatchObject({ code: 0, stdout: 'first\nsecond\n' });
});

describe.skipIf(process.platform === 'win32')('nodeRuntime() on a signal', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a read of stdin', async (signal) => {
    const { child, ended, says } = program('read');
    await says('reading');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 7, stderr: `InterruptedError: Interrupted by ${signal}\n` });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s for the second time ends the process at once and says what is left', async (signal, code) => {
    const { child, ended, says } = program('wait');
    await says('waiting');
    child.kill('SIGTERM');
    const again = setInterval(() => child.kill(signal), 20);
    const stderr = 'error: Interrupted again: clean-up skipped; left: Secret "ci/x"\n';
    expect(await ended).toMatchObject({ code, stderr });
    clearInterval(again);
  });

  test('takes it for SIGTERM that its parent is gone, while something is half made', async () => {
    const script = [process.execPath, clone.path('scripts/call-api.mjs'), 'half-made'];
    const shell = spawn('sh', ['-c', '"$0" "$@" & wait', ...script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('waiting')) await once(shell.stdout, 'data');
    shell.kill('SIGKILL');
    await once(shell.stdout, 'end');
    expect(said).toBe('waiting\nInterruptedError: Interrupted: the process that started this one is gone\n');
  });

  test('drops it while the writes run that must complete', async () => {
    const { child, ended, says } = program('hold');
    await says('holding');
    child.kill('SIGTERM');
    await says('signal');
    child.kill('SIGINT');
    await says('another');
    child.stdin.end();
    expect(await ended).toMatchObject({ code: 0, stdout: 'holding\nsignal\nanother\nheld\n', stderr: '' });
  });
});

// What npx does, and what it is called.
const npx = `process.title = 'npm exec call-api';
process.env.npm_command = 'exec';
require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' });
setInterval(() => {}, 1_000_000);`;

describe.runIf(process.platform === 'linux')('nodeRuntime() under npx', () => {
  /** Starts a program by npx, and that by a shell line in which it is "$@". */
  function underNpx(line: string, started: readonly string[]) {
    const child = spawn('sh', ['-c', line, 'sh', process.execPath, '--eval', npx, ...started], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    onTestFinished(() => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // all have ended
      }
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    const says = async (text: string) => {
      while (!said.stdout.includes(text)) await once(child.stdout, 'data');
    };
    const ended = Promise.all([once(child.stdout, 'end'), once(child.stderr, 'end')]).then(() => said);
    return { child, says, ended };
  }
  const script = () => [process.execPath, clone.path('scripts/call-api.mjs')];
  const between = ['sh', '-c', '"$0" "$@" & wait'];

  test.each([
    ['its parent', () => script()],
    ['beyond a shell', () => [...between, ...script()]],
  ])('takes it for SIGTERM that npx, %s, was killed', async (_, started) => {
    const { child, says, ended } = underNpx('exec "$@"', [...started(), 'idle']);
    await says('waiting');
    child.kill('SIGKILL');
    expect((await ended).stdout).toBe(
      'waiting\nInterruptedError: Interrupted: the process that started this one is gone\n',
    );
  });

  test('does not mind that the shell that started npx has ended', async () => {
    const { child, says, ended } = underNpx('exec 3<&0; "$@" <&3 & wait', [...script(), 'hand-out']);
    await says('waiting');
    child.kill('SIGKILL');
    await once(child, 'exit');
    child.stdin.end();
    await says('handed out');
    process.kill(-(child.pid ?? 0), 'SIGKILL'); // what stands for npx
    expect(await ended).toEqual({ stdout: 'waiting\nhanded out\n', stderr: '' });
  });

  test('tells npx from what has only its environment', async () => {
    const { says } = underNpx('exec "$@"', [...script(), 'above']);
    await says('true');
    const shell = ['-c', '"$0" "$@"; true', ...script(), 'above'];
    expect(await run('sh', shell, { env: { ...process.env, npm_command: 'exec' } })).toMatchObject({
      stdout: 'false\n',
    });
  });
});

test('nodeRuntime() rejects a write that nobody reads any more', async () => {
  const { child, ended, says } = program('flood');
  await says('xxx');
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 8, stderr: 'Error: write EPIPE\n' });
});

const counted = Array.from({ length: 20_000 }, (_, line) => `${line}\n`).join('');

describe.skipIf(process.platform === 'win32')('nodeRuntime() with a pipe whose reader is slow', () => {
  /** Starts a program that writes to a named pipe: what spawn() makes is a socket. */
  const intoPipe = (command: string) => {
    const name = clone.path(`${command}.pipe`);
    execFileSync('mkfifo', [name]);
    const reader = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(name, constants.O_WRONLY);
    const child = spawn(process.execPath, [clone.path('scripts/call-api.mjs'), command], {
      stdio: ['ignore', writer, 'ignore'],
    });
    closeSync(writer);
    return { child, output: new Socket({ fd: reader, readable: true, writable: false }) };
  };

  test('writes all, in its order', async () => {
    const { child, output } = intoPipe('count');
    await once(output, 'readable'); // it has begun, and fills the pipe
    expect(child.exitCode).toBe(null);
    expect(await readText(output)).toBe(counted);
  });

  test('sees a signal all the same', async () => {
    const { child, output } = intoPipe('flood');
    await once(output, 'readable');
    const again = setInterval(() => child.kill('SIGTERM'), 20); // the second one ends it whatever it does
    const [code] = (await once(child, 'exit')) as [number];
    clearInterval(again);
    output.destroy();
    expect(code).toBe(143);
  });
});

test.skipIf(process.platform === 'win32')(
  'nodeRuntime() shares a file with who writes before and after it',
  async () => {
    const call = `"$0" "$1" describe`;
    const script = `{ echo before; ${call}; echo between; ${call}; echo after; } > "$2"; cat "$2"`;
    const { stdout } = await run('sh', [
      '-c',
      script,
      process.execPath,
      clone.path('scripts/call-api.mjs'),
      clone.path('out'),
    ]);
    expect(stdout.split('\n').map((line) => (line.startsWith('{') ? 'described' : line))).toEqual([
      'before',
      'described',
      'between',
      'described',
      'after',
      '',
    ]);
  },
);
