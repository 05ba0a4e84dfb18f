import { execFile, type ExecFileOptions } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What a program wrote, and how it ended. */
export interface Run {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A clone as small as a clone can be: the real launchers, build and Runtime, and a main() that prints what it was
 * given. `node_modules` is the repository's, or absent.
 */
export interface Clone {
  readonly root: string;
  path(name: string): string;
  read(name: string): string;
  write(name: string, text: string): void;
  /** Runs `node scripts/call-api.mjs …args`. */
  start(args?: readonly string[], options?: ExecFileOptions): Promise<Run>;
  /** Tells one dist/ from another: it changes with every build. */
  builtAt(): string;
  /** Gives it the repository's node_modules, as far as a build needs them, with a stamp of its own. */
  install(): void;
  /** Says of its node_modules what npm would after `npm ci --omit=dev`, and with these packages besides or instead. */
  markInstalled(packages: Record<string, object>): void;
  /** Environment with an `npm` that runs `script` (sh) instead; the script logs its calls to `npm.log`. */
  withNpm(script: string): NodeJS.ProcessEnv;
}

const mainSource = `import type { Runtime } from './system/runtime.ts';
export { nodeRuntime } from './system/node-runtime.ts';

export async function main(command: string | undefined, { args, stdout }: Runtime): Promise<number> {
  await stdout.write(\`\${JSON.stringify({ version: 1, command: command ?? null, args })}\\n\`);
  return 0;
}
`;

/** Makes a clone in an empty directory; it has no dist/ yet. */
export function makeClone(root: string, { installed = true }: { installed?: boolean } = {}): Clone {
  const copied = ['scripts', 'lib/system', 'lib/model', 'package.json', 'package-lock.json', 'tsconfig.json', '.npmrc'];
  for (const name of copied) {
    cpSync(join(repository, name), join(root, name), { recursive: true });
  }
  const path = (name: string) => join(root, name);
  const clone: Clone = {
    root,
    path,
    read: (name) => readFileSync(path(name), 'utf8'),
    write: (name, text) => writeFileSync(path(name), text),
    start: (args = [], options = {}) => run(process.execPath, [path('scripts/call-api.mjs'), ...args], options),
    builtAt() {
      const { ino, mtimeNs } = statSync(path('dist/main.js'), { bigint: true });
      return `${ino} ${mtimeNs}`;
    },
    install() {
      mkdirSync(path('node_modules'), { recursive: true });
      for (const name of ['esbuild', '@esbuild', 'yaml', 'zx', '.bin']) {
        symlinkSync(join(repository, 'node_modules', name), path(`node_modules/${name}`), 'dir');
      }
      cpSync(path('installed.json'), path('node_modules/.package-lock.json'));
    },
    markInstalled(packages) {
      clone.write(
        'node_modules/.package-lock.json',
        JSON.stringify({ packages: { ...neededPackages(), ...packages } }),
      );
    },
    withNpm(script) {
      mkdirSync(path('bin'), { recursive: true });
      clone.write('bin/npm', `#!/bin/sh\necho "$@" >> ${path('npm.log')}\n${script}\n`);
      chmodSync(path('bin/npm'), 0o755);
      return { ...process.env, PATH: `${path('bin')}${delimiter}${process.env['PATH']}` };
    },
  };
  clone.write('installed.json', JSON.stringify({ packages: neededPackages() }));
  clone.write('lib/main.ts', mainSource);
  clone.write('lib/index.ts', 'export const index = true;\n');
  mkdirSync(path('lib/sandbox'));
  clone.write('lib/sandbox/index.ts', 'export const sandbox = true;\n');
  if (installed) clone.install();
  return clone;
}

function neededPackages(): Record<string, object> {
  const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  return Object.fromEntries(
    Object.entries(packages).filter(([path, { dev, optional }]) => path !== '' && !dev && !optional),
  );
}

/** Lets a program run to its end; never rejects. */
export function run(file: string, args: readonly string[], options: ExecFileOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(file, args, { encoding: 'utf8', ...options }, (error, stdout, stderr) => {
      const code = error === null ? 0 : (error.code ?? error.signal);
      resolve({ code, stdout: String(stdout), stderr: String(stderr) });
    });
  });
}

/** Lets everybody read and nobody write what is in a directory; returns what takes it back. */
export function makeReadOnly(root: string): () => void {
  const entries = ['.', ...readdirSync(root, { recursive: true, encoding: 'utf8' })].map((name) => join(root, name));
  const own = entries.filter((entry) => !lstatSync(entry).isSymbolicLink());
  const writable = own.map((entry) => ({ entry, mode: statSync(entry).mode }));
  for (const { entry, mode } of writable) chmodSync(entry, (mode & 0o111) === 0 ? 0o444 : 0o555);
  return () => {
    for (const { entry, mode } of writable) chmodSync(entry, mode);
  };
}
