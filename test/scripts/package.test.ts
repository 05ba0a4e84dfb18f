import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../support/clone.ts';

// Another TypeScript project that has installed the packed package: unpacked, so that no registry is asked.
const root = fileURLToPath(new URL('../..', import.meta.url));
const { version, bin, overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  bin: Record<string, string>;
  overrides: Record<string, Record<string, string>>;
};
const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** The README's programs for tests: with client-node, and with a fault. */
const [withClientNode = '', withFault = ''] = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gmu)]
  .map(([, text = '']) => text)
  .filter((text) => text.includes('startSandbox'));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

let project: string;
const installed = (path = '') => join(project, 'node_modules/kube-sa-token', path);

/** Has one of our dependencies there, with those of its own. */
function linkOwn(name: string): void {
  const path = join(project, 'node_modules', name);
  if (existsSync(path)) return;
  mkdirSync(join(path, '..'), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), path, 'dir');
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'kube-sa-token-'));
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', project], {
    cwd: root,
    shell: process.platform === 'win32',
  });
  expect(packed).toMatchObject({ code: 0, stdout: `kube-sa-token-${version}.tgz\n` });
  mkdirSync(installed(), { recursive: true });
  await run('tar', ['-xzf', join(project, `kube-sa-token-${version}.tgz`), '-C', installed(), '--strip-components=1']);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
}, 60_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe('the packed package', () => {
  test('holds what is run and its types: no sources, tests or tools', () => {
    const files = readdirSync(installed(), { recursive: true, encoding: 'utf8' }).map((name) =>
      name.replaceAll('\\', '/'),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/index.js',
        'dist/main.js',
        'dist/types/lib/index.d.ts',
        'scripts/_load.mjs',
        'scripts/bootstrap-token.mjs',
      ]),
    );
    expect(files.filter((name) => /^(?:lib|test|scripts\/dev)(?:\/|$)|\/\.|sources\.json|\.tmp$/u.test(name))).toEqual(
      [],
    );
  });

  test('can be imported where none of its dependencies is installed', async () => {
    const script = `import * as api from 'kube-sa-token';
const decoded = api.decodeToken(new api.BearerToken('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.c2ln'));
process.stdout.write(JSON.stringify({ names: Object.keys(api).sort(), token: String(new api.BearerToken('x')), decoded: typeof decoded }));`;
    const { code, stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { names, token, decoded } = JSON.parse(stdout) as { names: string[]; token: string; decoded: string };
    expect(names).toEqual(
      expect.arrayContaining([
        'bootstrap',
        'clientNodeOptions',
        'connectWithKubeconfig',
        'decodeToken',
        'loadClusterAccess',
        'verifyToken',
      ]),
    );
    expect({ token, decoded }).toEqual({ token: '[redacted token]', decoded: 'object' });
  });

  test('has a sandbox that runs where none of its dependencies is installed', async () => {
    writeFileSync(join(project, 'fault.mjs'), `${withFault}console.log(broken.server);\n`);
    const { code, stdout, stderr } = await run(process.execPath, ['fault.mjs'], { cwd: project });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^https:\/\/127\.0\.0\.1:\d+\n$/u);
  });

  test('has a sandbox with which a process takes little memory', async () => {
    const script = `const { startSandbox } = await import('kube-sa-token/sandbox');
const sandbox = await startSandbox();
process.stdout.write(String(process.memoryUsage.rss()));
await sandbox.close();`;
    const args = ['--input-type=module', '--eval', script];
    const { stdout } = await run(process.execPath, args, { cwd: project });
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(110e6); // 62 to 72 MB on Linux; npm run bench has it exactly
  });

  test('has types of its sandbox that rest on no others than those of Node', async () => {
    linkOwn('@types/node');
    writeFileSync(join(project, 'sandbox.ts'), withFault);
    const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const args = [tsc, ...strict, '--skipLibCheck', 'false', '--listFiles', '--ignoreConfig', 'sandbox.ts'];
    const { code, stdout } = await run(process.execPath, args, { cwd: project });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('/lib/sandbox/index.d.ts\n') });
    expect(stdout.match(/^.*client-node.*$/gmu)).toBeNull();
  });

  test("runs the README's program for tests: client-node on a sandbox, and the process ends by itself", async () => {
    linkOwn('@kubernetes/client-node');
    writeFileSync(join(project, 'program.mjs'), `${withClientNode}\nconsole.log(data.colour);\n`);
    const ran = await run(process.execPath, ['program.mjs'], { cwd: project });
    expect(ran).toEqual({ code: 0, stdout: 'blue\n', stderr: '' });
  });

  test("is to be used with client-node by the README's overrides, which are ours", () => {
    const { undici } = overrides['@kubernetes/client-node'] ?? {};
    const said = [...readme.matchAll(/`("overrides": .*?)`/gu)].map(
      ([, text = '']) => JSON.parse(`{${text}}`) as object,
    );
    expect(said).toEqual([{ overrides: { undici } }, { overrides: { undici } }]);
  });

  test('gives its types to another TypeScript project', async () => {
    linkOwn('@types/node');
    linkOwn('@kubernetes/client-node');
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2023',
          strict: true,
          noEmit: true,
          types: ['node'],
          skipLibCheck: true,
        },
        files: ['main.ts'],
      }),
    );
    writeFileSync(
      join(project, 'main.ts'),
      `import { bootstrap, clientNodeOptions, connectWithKubeconfig, NotFoundError, type Credential } from 'kube-sa-token';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

export async function pods(): Promise<string[]> {
  const connection = await connectWithKubeconfig({ context: 'dev' });
  try {
    const credential: Credential = await bootstrap(connection, { serviceAccount: 'ci-bot', namespace: 'ci' });
    // @ts-expect-error a token is no string: it has to be asked for its text
    const text: string = credential.token;
    const config = new KubeConfig();
    config.loadFromOptions(clientNodeOptions(credential));
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'ci' });
    return items.map(({ metadata }) => metadata?.name ?? text);
  } catch (error) {
    if (error instanceof NotFoundError) return [error.reason];
    throw error;
  } finally {
    connection.close();
  }
}
`,
    );
    expect(await run(process.execPath, [tsc, '-p', project])).toEqual({ code: 0, stdout: '', stderr: '' });
    writeFileSync(
      join(project, 'main.ts'),
      "import { bootstrap } from 'kube-sa-token';\nexport const x: string = bootstrap;\n",
    );
    expect((await run(process.execPath, [tsc, '-p', project])).stdout).toContain("is not assignable to type 'string'");
  });

  test.each(Object.entries(bin))('runs as %s', async (name, path) => {
    const link = join(project, name);
    symlinkSync(installed(path), link);
    expect(await run(link, ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const overview = await run(link, ['--help']);
    expect(overview).toMatchObject({ code: 0, stderr: '' });
    expect(overview.stdout).toContain('\n  bootstrap-token ');
    const help = await run(link, ['bootstrap-token', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--create-service-account');
    expect(await run(link, ['bootstrap-tokne'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean bootstrap-token?'),
    });
  });
});
