import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commands } from '../lib/commands/table.ts';
import { importsOf, violations } from './support/house-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

test('lib/ keeps the rules of the house', () => {
  const files = readdirSync(`${root}lib`, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  const sources = files.filter((file) => file.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.flatMap((file) => violations(file, read(`lib/${file}`)))).toEqual([]);
});

describe('the rules of the house forbid', () => {
  test.each<[file: string, code: string]>([
    ['token/create.ts', "import { main } from '../main.ts';"],
    ['token/create.ts', "import { renderTable } from '../cli/table.ts';"],
    ['token/create.ts', "import type { Progress } from '../cli/progress.ts';"],
    ['token/create.ts', "import { revokeTokenCommand } from '../commands/revoke-token.ts';"],
    ['token/create.ts', "import { collect } from '../audit/collect.ts';"],
    ['account/ensure.ts', "import { decode } from '../token/decode.ts';"],
    ['connection/send.ts', "import { bind } from '../account/bind.ts';"],
    ['auth/bearer.ts', "import { connect } from '../connection/connect.ts';"],
    ['transport/trust.ts', "import { identityOf } from '../auth/identity.ts';"],
    ['kubeconfig/load.ts', "import { createTransport } from '../transport/transport.ts';"],
    ['system/yaml.ts', "import { parseKubeconfig } from '../kubeconfig/parse.ts';"],
    ['model/errors.ts', "import type { Runtime } from '../system/runtime.ts';"],
    ['cli/table.ts', "import type { Kubeconfig } from '../kubeconfig/parse.ts';"],
    ['export/env.ts', "export { trustOfPem } from '../transport/trust.ts';"],
    ['sandbox/server.ts', "import { send } from '../connection/send.ts';"],
    ['sandbox/server.ts', "const { send } = await import('../connection/send.ts');"],
    ['export/env.ts', "import { findings } from '../audit/findings.ts';"],
    ['index.ts', "export { main } from './main.ts';"],
    ['main.ts', "import { createToken } from './token/create.ts';"],
    ['commands/a.ts', "import { main } from '../main.ts';"],
    ['commands/a.ts', "import { x } from '../../test/support/runtime.ts';"],
    ['commands/a.ts', "import { x } from '../helpers/x.ts';"],
    ['helpers/x.ts', "import { x } from '../model/errors.ts';"],
    ['token/create.ts', "import {\n  a,\n  b,\n} from '../commands/table.ts';"],
    ['token/create.ts', "import '../commands/table.ts';"],
    ['token/create.ts', "export * from '../commands/table.ts';"],
    ['token/create.ts', "import { KubeConfig } from '@kubernetes/client-node';"],
    ['token/create.ts', "import { type V1Secret } from '@kubernetes/client-node';"],
    ['token/create.ts', "import { V1Secret } from '@kubernetes/client-node/dist/gen/models/V1Secret.js';"],
    ['token/create.ts', "const client = await import('@kubernetes/client-node');"],
    ['connection/typed-api.ts', "const client = await import('@kubernetes/client-node');"],
    ['connection/typed-api.ts', "import { ObjectCoreV1Api } from './generated.ts';"],
    ['commands/demo.ts', "import { $ } from 'zx';"],
    ['system/spawn-all.ts', "import { spawn } from 'node:child_process';"],
    ['token/create.ts', "import { readFileSync } from 'node:fs';"],
    ['token/create.ts', "import { readFile } from 'node:fs/promises';"],
    ['token/create.ts', "import { hostname } from 'node:os';"],
    ['transport/agent.ts', "import { Agent } from 'node:http';"],
    ['token/create.ts', "import { argv } from 'node:process';"],
    ['token/create.ts', 'const text = token.reveal();'],
    ['token/create.ts', 'const { reveal } = token;'],
    ['token/create.ts', 'const texts = tokens.map((token) => token.reveal());'],
    ['commands/a.ts', 'const text = token.reveal();'],
    ['token/create.ts', 'let count = 0;'],
    ['token/create.ts', 'export let count = 0;'],
    ['token/create.ts', 'const cache = new Map();'],
    ['token/create.ts', 'const cache = new Map<string, Connection>();'],
    ['token/create.ts', 'export const seen: Set<string> = new WeakSet<object>();'],
    ['token/create.ts', 'const now = new Date();'],
    ['token/create.ts', 'const x = y as any;'],
    ['token/create.ts', '// @ts-ignore it is fine'],
  ])('in %s: %s', (file, code) => {
    expect(violations(file, code)).toHaveLength(1);
  });
});

describe('the rules of the house allow', () => {
  test.each<[file: string, code: string]>([
    ['token/create.ts', "import { ensure } from '../account/ensure.ts';"],
    ['token/create.ts', "import { newName } from './name.ts';"],
    ['commands/bootstrap-token/input.ts', "import { defineOptions } from '../../cli/options.ts';"],
    ['commands/bootstrap-token.ts', "import { bootstrapInput } from './bootstrap-token/input.ts';"],
    ['main.ts', "import packageJson from '../package.json' with { type: 'json' };"],
    ['token/create.ts', "import type { V1Secret } from '@kubernetes/client-node';"],
    [
      'connection/generated.ts',
      "export { ObjectCoreV1Api } from '@kubernetes/client-node/dist/gen/types/ObjectParamAPI.js';",
    ],
    ['connection/typed-api.ts', "const { ObjectCoreV1Api } = await import('./generated.ts');"],
    ['connection/typed-api.ts', "import type { ObjectCoreV1Api } from './generated.ts';"],
    ['system/spawn.ts', "import { spawn } from 'node:child_process';"],
    ['transport/agent.ts', "import type { Agent } from 'node:http';"],
    ['transport/agent.ts', "const { Agent } = await import('node:http');"],
    ['kubeconfig/load.ts', "import { readFile } from 'node:fs/promises';"],
    ['auth/bearer.ts', 'const header = `Bearer ${token.reveal()}`;'],
    ['token/create.ts', '// never calls token.reveal() itself\nlet_ = 1;'],
    ['token/create.ts', '/** Only auth/ may call token.reveal(). */'],
    ['token/create.ts', 'function f() {\n  let count = 0;\n}'],
    ['token/create.ts', "const verbs = new Set(['get', 'list']);"],
    ['token/create.ts', 'const at = new Date(now());'],
  ])('in %s: %s', (file, code) => {
    expect(violations(file, code)).toEqual([]);
  });
});

test('importsOf() sees every form of import', () => {
  const code = `import a from './a.ts';
import type { B } from './b.ts';
import { c, type D } from "./c.ts";
import {
  e,
} from './e.ts';
import * as f from './f.ts';
import './g.ts';
export { h } from './h.ts';
export type { I } from './i.ts';
export * from './j.ts';
export const k = await import('./k.ts');
let l: typeof import('./l.ts');
export function m() {}
const text = 'import n from "./n.ts"';
`;
  expect(importsOf(code).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' (type)' : ''}`)).toEqual([
    './a.ts',
    './b.ts (type)',
    './c.ts',
    './e.ts',
    './f.ts',
    './g.ts',
    './h.ts',
    './i.ts (type)',
    './j.ts',
    './k.ts',
    './l.ts',
  ]);
});

describe('each launcher', () => {
  const launchers = readdirSync(`${root}scripts`).filter((name) => name.endsWith('.mjs') && !name.startsWith('_'));

  test.each(launchers)('scripts/%s only hands its command to main()', (name) => {
    const command = name === 'kube-sa-token.mjs' ? 'undefined' : `'${name.slice(0, -'.mjs'.length)}'`;
    const [, comment, ...code] = read(`scripts/${name}`).split('\n');
    expect(comment).toMatch(/^\/\/ [A-Z].*\.$/u);
    expect(['#!/usr/bin/env node', ...code]).toEqual([
      '#!/usr/bin/env node',
      "import { load } from './_load.mjs';",
      '',
      'const { main, nodeRuntime } = await load();',
      `process.exit(await main(${command}, nodeRuntime(import.meta.url)));`,
      '',
    ]);
    expect(read(`scripts/${name}`).startsWith('#!/usr/bin/env node\n')).toBe(true);
    if (process.platform !== 'win32') expect(statSync(`${root}scripts/${name}`).mode & 0o111).toBe(0o111);
  });

  test('belongs to one command, and each command has one', () => {
    expect(launchers.toSorted()).toEqual(
      [...Object.keys(commands).map((name) => `${name}.mjs`), 'kube-sa-token.mjs'].toSorted(),
    );
  });
});

// an archive of a release is no clone
test.runIf(existsSync(`${root}.git`))(
  'git holds at the top level what belongs there, dot files beside it, and no link',
  () => {
    const tracked = execFileSync('git', ['ls-files', '--stage'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    const names = new Set(tracked.map((line) => line.slice(line.indexOf('\t') + 1).split('/')[0] ?? ''));
    const code = ['lib', 'package-lock.json', 'package.json', 'scripts', 'test', 'tsconfig.json'];
    expect([...names].filter((name) => !name.startsWith('.'))).toEqual(['LICENSE', 'README.md', ...code]);
    expect(tracked.filter((line) => line.startsWith('120000'))).toEqual([]);
  },
);

test('package.json names files that exist, and dist/ for the rest', () => {
  const { bin, files } = JSON.parse(read('package.json')) as { bin: Record<string, string>; files: string[] };
  const named = [...Object.values(bin), ...files.filter((file) => !/^!|^dist$/u.test(file))];
  for (const path of named)
    expect(statSync(`${root}${path}`).isFile() || statSync(`${root}${path}`).isDirectory()).toBe(true);
});

test('package-lock.json names no registry, and pins every package by hash', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { resolved?: string; integrity?: string }>;
  };
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(installed.length).toBeGreaterThan(50);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});
