import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test as base } from 'vitest';
import { type Clone, makeClone, makeReadOnly, run } from '../support/clone.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const posixOnly = process.platform === 'win32';
const repository = fileURLToPath(new URL('../..', import.meta.url));
const zx = join(repository, 'node_modules/zx/build/cli.js');

const test = base.extend<{ clone: Clone; bareClone: Clone }>({
  clone: async ({}, use) => {
    await using directory = await temporaryDirectory();
    await use(makeClone(directory.path));
  },
  bareClone: async ({}, use) => {
    await using directory = await temporaryDirectory();
    await use(makeClone(directory.path, { installed: false }));
  },
});

const answer = (...args: string[]) => `${JSON.stringify({ version: 1, command: 'call-api', args })}\n`;
const good = { code: 0, stdout: answer(), stderr: '' };

/** As `npm ci` does its work: after all that it is not asked for. */
const installs = (clone: Clone) => `echo 'added 83 packages'
mkdir -p node_modules
for name in esbuild @esbuild yaml; do ln -s ${join(repository, 'node_modules')}/$name node_modules/$name; done
cp ${clone.path('installed.json')} node_modules/.package-lock.json
test -d ${clone.path('lib')}`;

describe('load() in a clone without dist/', () => {
  test('builds on first use, says nothing, and does not build again', async ({ clone }) => {
    expect(await clone.start()).toEqual(good);
    const built = clone.builtAt();
    expect(await clone.start()).toEqual(good);
    expect(clone.builtAt()).toBe(built);
    const besides = readdirSync(clone.path('dist')).filter((name) => name.startsWith('.') || name.endsWith('.tmp'));
    expect(besides.filter((name) => name !== '.compile-cache')).toEqual([]); // Node 22 and later
  });

  test('gives the same arguments under node and zx, and through a link as npm makes one', async ({ clone }) => {
    const args = ['--x', '007', '-n', '', '--', '-y'];
    const script = clone.path('scripts/call-api.mjs');
    symlinkSync(script, clone.path('linked'));
    for (const words of [[script], [clone.path('linked')], [zx, script], [zx, '--quiet', script]]) {
      expect(await run(process.execPath, [...words, ...args])).toEqual({
        code: 0,
        stdout: answer(...args),
        stderr: '',
      });
    }
    const npx = await run('npx', ['zx', 'scripts/call-api.mjs', ...args], {
      cwd: clone.root,
      shell: process.platform === 'win32',
    });
    expect(npx).toMatchObject({ code: 0, stdout: answer(...args) });
    expect(await run(process.execPath, ['scripts/call-api.mjs', script], { cwd: clone.root })).toMatchObject({
      stdout: answer(script),
    });
  });

  test('leaves the command to the first argument of the installed program', async ({ clone }) => {
    const { stdout } = await run(process.execPath, [clone.path('scripts/kube-sa-token.mjs'), 'call-api', '/api']);
    expect(JSON.parse(stdout)).toEqual({ version: 1, command: null, args: ['call-api', '/api'] });
  });
});

describe('load() builds again, and never runs a dist/ that does not belong to lib/,', () => {
  test.for<[what: string, change: (clone: Clone) => void, version: number]>([
    [
      'when a source has changed',
      (clone) => clone.write('lib/main.ts', clone.read('lib/main.ts').replace('version: 1', 'version: 22')),
      22,
    ],
    ['when a source has changed and kept its size and time', changeInSecret, 2],
    ['when a source was added', (clone) => clone.write('lib/other.ts', 'export const other = 1;\n'), 1],
    ['when a source was removed', (clone) => rmSync(clone.path('lib/model/escape.ts')), 1],
    ['when package.json has changed', (clone) => appendFileSync(clone.path('package.json'), '\n'), 1],
    ['when the lock file has changed', (clone) => appendFileSync(clone.path('package-lock.json'), '\n'), 1],
    ['when the build has changed', (clone) => appendFileSync(clone.path('scripts/dev/build.mjs'), '\n'), 1],
    ['when the settings of TypeScript have changed', (clone) => appendFileSync(clone.path('tsconfig.json'), '\n'), 1],
    ['when other dependencies were installed', (clone) => clone.markInstalled({ 'node_modules/x': { dev: true } }), 1],
    ['when main.js is cut short', (clone) => clone.write('dist/main.js', ''), 1],
    [
      'when main.js is damaged and has kept its size',
      (clone) => clone.write('dist/main.js', clone.read('dist/main.js').replace('version:1', 'version:7')),
      1,
    ],
    ['when a file of dist/ is missing', (clone) => rmSync(clone.path('dist/index.js')), 1],
    ['when dist/sources.json is missing', (clone) => rmSync(clone.path('dist/sources.json')), 1],
    ['when dist/sources.json is no JSON', (clone) => clone.write('dist/sources.json', '{'), 1],
  ])('%s', async ([, change, version], { clone }) => {
    await clone.start();
    const built = clone.builtAt();
    change(clone);
    const { stdout, stderr, code } = await clone.start();
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ version });
    expect(clone.builtAt()).not.toBe(built);
  });

  test('when dist/ comes from another clone', async ({ clone }) => {
    await using directory = await temporaryDirectory();
    const other = makeClone(directory.path);
    other.write('lib/main.ts', other.read('lib/main.ts').replace('version: 1', 'version: 3'));
    await other.start();
    cpSync(other.path('dist'), clone.path('dist'), { recursive: true });
    expect(await clone.start()).toEqual(good);
  });

  test('but not when sources were only touched', async ({ clone }) => {
    await clone.start();
    const built = clone.builtAt();
    for (const name of ['lib/main.ts', 'package.json']) utimesSync(clone.path(name), 1, 1);
    expect(await clone.start()).toEqual(good);
    expect(clone.builtAt()).toBe(built);
  });

  test('nor when node_modules was removed to save space', async ({ clone }) => {
    await clone.start();
    rmSync(clone.path('node_modules'), { recursive: true });
    expect(await clone.start()).toEqual(good);
  });

  test('says what is wrong with a source that does not compile', async ({ clone }) => {
    await clone.start();
    clone.write('lib/main.ts', 'export const = 1;\n');
    const { code, stdout, stderr } = await clone.start();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('lib/main.ts:1:13');
    expect(stderr).toMatch(
      /^error: Cannot build .*dist: Build failed with 1 error\. It is told above, with its place$/mu,
    );
    clone.write('lib/main.ts', makeMain(2));
    expect(JSON.parse((await clone.start()).stdout)).toMatchObject({ version: 2 });
  });
});

test('load() in an installed package runs dist/ as it is', async ({ clone }) => {
  await clone.start();
  for (const name of ['lib', 'node_modules', 'dist/sources.json', 'scripts/dev'])
    rmSync(clone.path(name), { recursive: true });
  expect(await clone.start()).toEqual(good);
});

test('load() says what to do where a package was installed without its prepare script', async ({ clone }) => {
  for (const name of ['lib', 'node_modules', 'scripts/dev']) rmSync(clone.path(name), { recursive: true });
  expect(await clone.start()).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: ${clone.root} has no dist/: npm was kept from running its "prepare". Install it from a packed tarball\n`,
  });
});

describe.skipIf(posixOnly)('load() in a clone without node_modules', () => {
  test('installs them from the lock file, once, and says so in a line on stderr', async ({ bareClone }) => {
    const env = bareClone.withNpm(installs(bareClone));
    expect(await bareClone.start([], { env })).toEqual({
      code: 0,
      stdout: answer(),
      stderr: `note: Installing the dependencies of ${bareClone.root} from its lock file, once (npm ci --omit=dev)\nadded 83 packages\n`,
    });
    expect(bareClone.read('npm.log')).toBe(
      'ci --omit=dev --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=http\n',
    );
    expect(await bareClone.start([], { env })).toEqual(good);
    expect(bareClone.read('npm.log').split('\n')).toHaveLength(2);
  });

  test('installs where the script is, whatever npx has put into the environment', async ({ bareClone }) => {
    const env = bareClone.withNpm(
      `test -z "$npm_config_local_prefix" || exit 1\ntest -f package-lock.json || exit 1\n${installs(bareClone)}`,
    );
    const started = await bareClone.start([], { cwd: '/', env: { ...env, npm_config_local_prefix: '/elsewhere' } });
    expect(started).toMatchObject({ code: 0, stdout: answer() });
  });

  test('fails with one line that says what to run, and tries again the next time', async ({ bareClone }) => {
    const offline = bareClone.withNpm(
      'mkdir node_modules; echo "npm error code ECONNREFUSED" >&2; echo "npm error more" >&2; exit 1',
    );
    const error = `error: Cannot install the dependencies of ${bareClone.root}: the npm registry cannot be reached (ECONNREFUSED). Run: cd '${bareClone.root}' && npm ci\n`;
    for (const attempt of [1, 2]) {
      const { code, stdout, stderr } = await bareClone.start([], { env: offline });
      expect({ code, stdout }, `attempt ${attempt}`).toEqual({ code: 1, stdout: '' });
      expect(stderr.replace(/^note: Installing .*\n/u, '')).toBe(error);
      rmSync(bareClone.path('node_modules'), { recursive: true });
    }
    expect(await bareClone.start([], { env: bareClone.withNpm(installs(bareClone)) })).toMatchObject({
      code: 0,
      stdout: answer(),
    });
  });

  test('installs again after an install that was cut short', async ({ bareClone }) => {
    const cut = bareClone.withNpm('mkdir -p node_modules/half; kill -9 $PPID; exit 1');
    expect(await bareClone.start([], { env: cut })).toMatchObject({ code: 'SIGKILL', stdout: '' });
    expect(existsSync(bareClone.path('dist/.lock'))).toBe(true);
    const { code, stdout, stderr } = await bareClone.start([], { env: bareClone.withNpm(installs(bareClone)) });
    expect({ code, stdout }).toEqual({ code: 0, stdout: answer() });
    expect(stderr).toMatch(/^note: Installing /u);
    expect(existsSync(bareClone.path('dist/.lock'))).toBe(false);
  });

  test('waits for the npm that a killed start has left behind', async ({ bareClone }) => {
    const env = bareClone.withNpm(`test -e begun && { echo second >> order; ${installs(bareClone)}; exit; }
touch begun
exec > /dev/null 2>&1
kill -9 $PPID
for _ in $(seq 300); do test -e go-on && break; sleep 0.1; done
echo first >> order`);
    expect(await bareClone.start([], { env })).toMatchObject({ code: 'SIGKILL', stdout: '' });
    const { pid } = JSON.parse(bareClone.read('dist/.installing')) as { pid: number };
    const started = spawn(process.execPath, [bareClone.path('scripts/call-api.mjs')], { env });
    const [stdout, stderr] = [text(started.stdout), text(started.stderr)];
    started.stderr.on('data', (line) => String(line).includes('Waiting') && bareClone.write('go-on', ''));
    expect(await stdout).toBe(answer());
    expect(await stderr).toContain(`note: Waiting for npm (process ${pid}), which prepares ${bareClone.root}\n`);
    expect(bareClone.read('order')).toBe('first\nsecond\n');
  });

  test('does not wait for an npm that is gone, whoever has its process id now', async ({ bareClone }) => {
    const cut = bareClone.withNpm('kill -9 $PPID; exit 1');
    await bareClone.start([], { env: cut });
    if (process.platform === 'linux') bareClone.write('dist/.installing', JSON.stringify({ pid: 1, host: hostname() }));
    const { code, stderr } = await bareClone.start([], { env: bareClone.withNpm(installs(bareClone)) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Waiting') });
  });

  test('passes a signal on to npm and ends by it', async ({ bareClone }) => {
    const env = bareClone.withNpm('kill -TERM $PPID; exec sleep 30');
    expect(await bareClone.start([], { env })).toMatchObject({ code: 'SIGTERM', stdout: '' });
  });

  test('ends by a signal that npm does not care for', async ({ bareClone }) => {
    const env = bareClone.withNpm('trap "" TERM; kill -TERM $PPID; exec > /dev/null 2>&1; sleep 30');
    expect(await bareClone.start([], { env })).toMatchObject({ code: 'SIGTERM', stdout: '' });
  });

  test('leaves a node_modules alone that another tool has made', async ({ bareClone }) => {
    bareClone.install();
    rmSync(bareClone.path('node_modules/.package-lock.json'));
    expect(await bareClone.start([], { env: bareClone.withNpm('exit 1') })).toEqual(good);
    expect(existsSync(bareClone.path('npm.log'))).toBe(false);
  });

  test('says in one line that there is no npm', async ({ bareClone }) => {
    const { code, stderr } = await bareClone.start([], { env: { PATH: bareClone.path('nowhere') } });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\nerror: Cannot install .*: npm does not run \(spawn npm ENOENT\)\. Run: cd '.*' && npm ci\n$/u,
    );
  });

  test('lets twenty starts at once wait for the one that installs', async ({ bareClone }) => {
    const env = bareClone.withNpm(installs(bareClone));
    const runs = await Promise.all(Array.from({ length: 20 }, () => bareClone.start([], { env })));
    for (const { code, stdout } of runs) expect({ code, stdout }).toEqual({ code: 0, stdout: answer() });
    expect(bareClone.read('npm.log').trim().split('\n')).toHaveLength(1);
  });

  test('lets exactly one of twenty starts take over the lock of an owner that is dead', async ({ bareClone }) => {
    const env = bareClone.withNpm(installs(bareClone));
    const { stdout: pid } = await run('/bin/sh', ['-c', 'echo $$']);
    await run('mkdir', [bareClone.path('dist')]);
    writeFileSync(bareClone.path('dist/.lock'), JSON.stringify({ pid: Number(pid), host: hostname(), id: 'x' }));
    const runs = await Promise.all(Array.from({ length: 20 }, () => bareClone.start([], { env })));
    for (const { code, stdout } of runs) expect({ code, stdout }).toEqual({ code: 0, stdout: answer() });
    expect(bareClone.read('npm.log').trim().split('\n')).toHaveLength(1);
    expect(readdirSync(bareClone.path('dist')).filter((name) => name.startsWith('.lock'))).toEqual([]);
  });
});

describe.skipIf(posixOnly)('load() in a clone whose lock file has changed since the install', () => {
  const older = { 'node_modules/zx': { version: '8.0.0' } };

  test('installs again where nothing but what it needs is installed', async ({ clone }) => {
    await clone.start();
    clone.markInstalled(older);
    const env = clone.withNpm(`rm -r node_modules\n${installs(clone)}`);
    expect(await clone.start([], { env })).toEqual({
      code: 0,
      stdout: answer(),
      stderr: `note: Installing the dependencies of ${clone.root} from its lock file, which has changed (zx 8.0.0 instead of 8.8.5) (npm ci --omit=dev)\nadded 83 packages\n`,
    });
    expect(await clone.start([], { env: clone.withNpm('exit 1') })).toEqual(good);
  });

  test.for([
    ['packages for developing', { 'node_modules/vitest': { version: '4.1.12', dev: true } }],
    ['a linked package', { 'node_modules/x': { link: true } }],
    ['a package of somebody else', { 'node_modules/x': { extraneous: true } }],
  ] as const)('says what to run where that would take away %s', async ([, more], { clone }) => {
    await clone.start();
    clone.markInstalled({ ...older, ...more });
    const env = clone.withNpm('exit 1');
    const why = 'node_modules is not what package-lock.json says (zx 8.0.0 instead of 8.8.5)';
    expect(await clone.start([], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: Cannot build ${clone.path('dist')}: ${why}. Run: cd '${clone.root}' && npm ci\n`,
    });
    expect(existsSync(clone.path('npm.log'))).toBe(false);
    clone.markInstalled(more);
    expect(await clone.start([], { env })).toEqual(good);
  });

  test('does not take away what was installed by hand after an install that was cut short', async ({ clone }) => {
    await clone.start();
    clone.write('dist/.installing', '');
    clone.markInstalled({ 'node_modules/vitest': { version: '4.1.12', dev: true } });
    expect(await clone.start([], { env: clone.withNpm('exit 1') })).toEqual(good);
  });

  test('a build by hand goes on with what is installed, and says so', async ({ clone }) => {
    clone.markInstalled(older);
    const { code, stderr } = await run(process.execPath, [clone.path('scripts/dev/build.mjs')]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: Building with .* \(zx 8\.0\.0 instead of 8\.8\.5\)\. Run: npm ci\ndist\/ built/u);
  });
});

describe('load() beside a build', () => {
  test('waits for another start that builds, and says for which', async ({ clone }) => {
    await run('mkdir', [clone.path('dist')]);
    writeFileSync(clone.path('dist/.lock'), JSON.stringify({ pid: process.pid, host: hostname(), id: 'x' }));
    const child = spawn(process.execPath, [clone.path('scripts/call-api.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout = text(child.stdout);
    const [said] = (await once(child.stderr, 'data')) as [Buffer];
    expect(said.toString()).toBe(
      `note: Waiting for process ${process.pid} on ${hostname()}, which prepares ${clone.root}\n`,
    );
    expect(existsSync(clone.path('dist/main.js'))).toBe(false);
    rmSync(clone.path('dist/.lock'));
    expect(await stdout).toBe(answer());
  });

  test('succeeds in each of twenty starts while dist/ is built again and again', async ({ clone }) => {
    await clone.start();
    let building = true;
    const builds = (async () => {
      for (let version = 2; building; version++) {
        clone.write('lib/main.ts', makeMain(version));
        await run(process.execPath, [clone.path('scripts/dev/build.mjs')]);
      }
    })();
    for (const _ of Array(5)) {
      const runs = await Promise.all(Array.from({ length: 4 }, () => clone.start()));
      for (const { code, stderr, stdout } of runs) {
        expect(stderr.replaceAll(/^note: Waiting .*\n/gmu, '')).toBe('');
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ command: 'call-api' });
      }
    }
    building = false;
    await builds;
  });

  test('keeps the chunks of a main.js that is still running, until somebody builds by hand', async ({ clone }) => {
    await clone.start();
    const before = readdirSync(clone.path('dist'));
    clone.write(
      'lib/main.ts',
      makeMain(2).replace(
        "'./system/node-runtime.ts'",
        "'./system/node-runtime.ts';\nexport const lazy = () => import('./system/duration.ts')",
      ),
    );
    await clone.start();
    const after = readdirSync(clone.path('dist'));
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.length).toBeGreaterThan(before.length);
    clone.write('lib/main.ts', makeMain(3));
    const { stdout, stderr } = await run(process.execPath, [clone.path('scripts/dev/build.mjs'), '--clean']);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: expect.stringMatching(/^dist\/ built: \d+ files\n$/u) });
    expect(readdirSync(clone.path('dist')).length).toBe(before.length);
    expect(await clone.start()).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.skipIf(posixOnly)('load() in a clone that nobody may write to', () => {
  // As root every file can be written, so the start is somebody else's.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

  test('works all the same, also when its times have changed', async ({ clone }) => {
    await clone.start();
    utimesSync(clone.path('lib/main.ts'), 1, 1);
    const record = clone.read('dist/sources.json');
    rmSync(clone.path('node_modules'), { recursive: true });
    const restore = makeReadOnly(clone.root);
    expect(await clone.start([], asNobody)).toEqual(good);
    expect(clone.read('dist/sources.json')).toBe(record);
    restore();
  });

  test.for<[what: string, why: string, change: (clone: Clone) => void]>([
    ['does not belong to lib/', 'it does not belong to lib/', (clone) => clone.write('lib/main.ts', makeMain(2))],
    ['is missing', 'it is missing', (clone) => rmSync(clone.path('dist'), { recursive: true })],
    [
      'is missing, as node_modules is',
      'it is missing',
      (clone) => ['dist', 'node_modules'].forEach((name) => rmSync(clone.path(name), { recursive: true })),
    ],
  ])('says in one line what to run if dist/ %s', async ([, why, change], { clone }) => {
    await clone.start();
    change(clone);
    const restore = makeReadOnly(clone.root);
    const dist = clone.path('dist');
    expect(await clone.start([], asNobody)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: Cannot build ${dist}: ${why}, and this user may not write there. As its owner, run: cd '${clone.root}' && npm ci\n`,
    });
    restore();
  });
});

test('load() says in one line that this Node is too old', async ({ clone }) => {
  const older =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})';
  const { code, stdout, stderr } = await run(process.execPath, ['--import', older, clone.path('scripts/call-api.mjs')]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: Node 18.20.4 is too old: 20.19 or later is needed\n',
  });
});

function makeMain(version: number): string {
  return `export { nodeRuntime } from './system/node-runtime.ts';
export async function main(command: string, { args }: { args: string[] }): Promise<number> {
  process.stdout.write(\`\${JSON.stringify({ version: ${version}, command, args })}\\n\`);
  return 0;
}
`;
}

/** As a tool does that gives every file the same time. */
function changeInSecret(clone: Clone): void {
  const path = clone.path('lib/main.ts');
  const { atime, mtime } = statSync(path);
  copyFileSync(path, clone.path('copy'));
  clone.write('lib/main.ts', clone.read('lib/main.ts').replace('version: 1', 'version: 2'));
  utimesSync(path, atime, mtime);
  chmodSync(path, 0o644);
}
