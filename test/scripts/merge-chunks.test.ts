import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { mergeChunks } from '../../scripts/dev/merge-chunks.mjs';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const large = `globalThis.unused = '${'x'.repeat(8192)}';`;

/** A program with two commands, which load what they run: A and B at each start, C, D and the small E for both runs. */
const files: Readonly<Record<string, string>> = {
  'main.js': `import {A} from "./chunk-A.js"; import "./chunk-B.js"; export {A};
    export const commands = { one: () => import("./commandOne-3.js"), two: () => import("./commandTwo-4.js") };`,
  'commandOne-3.js': 'export const run = () => import("./one-1.js");',
  'commandTwo-4.js': 'export const run = () => import("./two-2.js");',
  'one-1.js': `import {A} from "./chunk-A.js"; import {made as c} from "./chunk-C.js"; import {made as d} from "./chunk-D.js";
    import "./chunk-E.js"; export const parts = [A, c, d];`,
  'two-2.js': `import {A} from "./chunk-A.js"; import {made as c} from "./chunk-C.js"; import {made as d} from "./chunk-D.js";
    export const parts = [A, c, d];`,
  'chunk-A.js': 'export class A {}',
  'chunk-B.js': 'globalThis.loadedOfB = (globalThis.loadedOfB ?? 0) + 1;',
  'chunk-E.js': 'const made = {}; export {made};',
  'chunk-C.js': `import {A} from "./chunk-A.js"; ${large} const made = new A(); export {made};`,
  'chunk-D.js': `${large} const made = {}; export {made};`,
};

interface Loaded {
  readonly A: new () => object;
  readonly commands: Record<'one' | 'two', () => Promise<{ run(): Promise<{ parts: [unknown, object, object] }> }>>;
}

test('mergeChunks() joins what a start needs', async () => {
  const merged = await mergeChunks(graphOf(files), ['main.js']);
  const started = staticOf('main.js', merged);
  expect(started).toHaveLength(1);
  expect(merged.get(started[0] ?? '')).toMatch(/\bA=class/u);
  expect(merged.get(started[0] ?? '')).toContain('loadedOfB');
});

test('mergeChunks() joins a small chunk, which is sooner read than found, to what a start needs', async () => {
  const merged = await mergeChunks(graphOf({ ...files, 'chunk-E.js': 'globalThis.loadedOfE = 1;' }), ['main.js']);
  expect(merged.get(staticOf('main.js', merged)[0] ?? '')).toContain('loadedOfE');
});

test('mergeChunks() joins what the same entries need besides', async () => {
  const merged = await mergeChunks(graphOf(files), ['main.js']);
  expect(staticOf(nameOf('one', merged), merged)).toHaveLength(2);
  expect(merged.size).toBe(7);
});

test('mergeChunks() does not have a start load modules of Node that only a small chunk needs', async () => {
  const text = 'import {createHash} from"node:crypto"; globalThis.loadedOfE = createHash("sha256");';
  const merged = await mergeChunks(graphOf({ ...files, 'chunk-E.js': text }), ['main.js']);
  expect(merged.get(staticOf('main.js', merged)[0] ?? '')).not.toContain('node:crypto');
});

test('mergeChunks() joins all that the main job needs besides, others need it or not', async () => {
  const shared = { ...files, 'two-2.js': 'import {made} from "./chunk-C.js"; export const parts = [made];' };
  const apart = await mergeChunks(graphOf(shared), ['main.js']);
  expect(staticOf(nameOf('one', apart), apart)).toHaveLength(3);
  const joined = await mergeChunks(graphOf(shared), ['main.js'], 'one-1.js');
  expect(staticOf(nameOf('one', joined), joined)).toHaveLength(2);
  expect(staticOf(nameOf('two', joined), joined)).toHaveLength(1);
});

test('a class is one and the same in all files that mergeChunks() makes, and each runs once', async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'package.json'), '{"type":"module"}');
  for (const [name, text] of await mergeChunks(graphOf(files), ['main.js']))
    await writeFile(join(directory.path, name), text);
  const { A, commands } = (await import(pathToFileURL(join(directory.path, 'main.js')).href)) as Loaded;
  const [one, two] = await Promise.all([(await commands.one()).run(), (await commands.two()).run()]);
  expect(one.parts[0]).toBe(A);
  expect(one.parts[1]).toBeInstanceOf(A);
  expect(two.parts[1]).toBe(one.parts[1]);
  expect(two.parts[2]).not.toBe(one.parts[1]);
  expect((globalThis as { loadedOfB?: number }).loadedOfB).toBe(1);
});

test('a file that mergeChunks() joins otherwise than before has another name', async () => {
  const before = await mergeChunks(graphOf(files), ['main.js']);
  const otherwise = { ...files, 'two-2.js': 'import {made} from "./chunk-C.js"; export const parts = [made];' };
  const after = await mergeChunks(graphOf(otherwise), ['main.js']);
  const same = [...after].filter(([name]) => name !== 'main.js' && before.has(name));
  for (const [name, text] of same) expect(text).toBe(before.get(name));
  expect(nameOf('one', after)).not.toBe(nameOf('one', before));
});

function graphOf(texts: Readonly<Record<string, string>>) {
  return new Map(
    Object.entries(texts).map(([name, text]) => {
      const found = [...text.matchAll(/(from|import\(?) ?"\.\/([\w.-]+)"/gu)];
      const imports = found.map(([, how, path = '']) => ({
        path,
        kind: how === 'import(' ? 'dynamic-import' : 'import-statement',
      }));
      const exports = [...text.matchAll(/export (?:class|const) (\w+)|export \{(\w+)\}/gu)].map(
        ([, declared, listed]) => declared ?? listed ?? '',
      );
      return [name, { text, imports, exports }];
    }),
  );
}

function nameOf(base: string, texts: ReadonlyMap<string, string>): string {
  return [...texts.keys()].find((name) => name.startsWith(`${base}-`)) ?? '';
}

function staticOf(name: string, texts: ReadonlyMap<string, string>): string[] {
  return [
    ...new Set([...(texts.get(name) ?? '').matchAll(/(?:from|import)"\.\/([\w.-]+)"/gu)].map(([, path = '']) => path)),
  ];
}
