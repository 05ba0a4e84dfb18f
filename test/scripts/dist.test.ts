import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type * as Generated from '../../lib/connection/generated.ts';
import * as whole from '../../lib/connection/generated.ts';
import { bundle, importBuiltins, usedOfClientNode } from '../../scripts/dev/build.mjs';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const used = usedOfClientNode(root);

type Configuration = ReturnType<typeof whole.createConfiguration>;
type Client = Record<string, ((parameters: object) => Promise<unknown>) | undefined>;
type ClientClass = new (configuration: Configuration) => Client;

/** Every operation of the generated client that lib/ calls, by the class that has it. */
const operations = Object.entries(whole)
  .filter(([name]) => /^Object\w+Api$/u.test(name))
  .flatMap(([name, api]) =>
    Object.getOwnPropertyNames((api as unknown as ClientClass).prototype)
      .filter((operation) => operation !== 'constructor' && used.operations.has(operation))
      .map((operation): [api: string, operation: string] => [name, operation]),
  );

test('the operations that lib/ calls are found by scanning it', () => {
  const names = operations.map(([, operation]) => operation);
  expect(names).toEqual(expect.arrayContaining(['createNamespacedSecret', 'readNamespacedServiceAccount']));
  expect(names).not.toContain('listNode');
});

test('dist/ has every operation that lib/ calls, and knows the dates of what it answers', async () => {
  const client = await importGenerated(join(root, 'dist'));
  expect(await brokenOperations(client)).toEqual([]);
});

test('dist/ has no operation that lib/ does not call, nor the HTTP library of the client', async () => {
  const client = await importGenerated(join(root, 'dist'));
  const kept = Object.getOwnPropertyNames(client.ObjectCoreV1Api.prototype);
  expect(kept).not.toContain('listNode');
  expect(kept.length).toBeLessThan(60);
  const names = Object.keys(readRecord().outputs);
  expect(names.filter((name) => readFileSync(join(root, 'dist', name), 'utf8').includes('undici'))).toEqual([]);
});

test("dist/ takes Node's modules by getBuiltinModule(), which reads no property that nobody asked for", () => {
  const texts = Object.keys(readRecord().outputs).map((name) => readFileSync(join(root, 'dist', name), 'utf8'));
  expect(texts.filter((text) => /from"node:/u.test(text))).toEqual([]);
  expect(texts.some((text) => text.includes('process.getBuiltinModule("node:https")'))).toBe(true);
});

test.each([
  ['import{readFile}from"node:fs/promises";', 'const {readFile}=process.getBuiltinModule("node:fs/promises");'],
  ['import{isIP as isIP2,Socket}from"node:net";', 'const {isIP:isIP2,Socket}=process.getBuiltinModule("node:net");'],
  ['import*as tls from"node:tls";', 'const tls=process.getBuiltinModule("node:tls");'],
  ['import os from"node:os";', 'const os=process.getBuiltinModule("node:os");'],
])('importBuiltins() rewrites %s', (text, expected) => {
  expect(importBuiltins(text)).toBe(expected);
});

test('importBuiltins() refuses an import that it does not know', () => {
  expect(() => importBuiltins('import fs,{readFile}from"node:fs";')).toThrow('An import of node:fs');
});

test('an operation that was pruned away would be noticed', async () => {
  await using directory = await temporaryDirectory();
  const pruned = new Set(used.operations);
  pruned.delete('createNamespacedSecret');
  const files = await bundle(root, { ...used, operations: pruned });
  for (const [name, text] of files) writeFileSync(join(directory.path, name), text);
  writeFileSync(join(directory.path, 'package.json'), '{"type":"module"}');
  expect(await brokenOperations(await importGenerated(directory.path))).toEqual([
    expect.stringMatching(/^ObjectCoreV1Api\.createNamespacedSecret: TypeError: .* is not a function$/u),
  ]);
});

async function importGenerated(dist: string): Promise<typeof Generated> {
  const names = readdirSync(dist).filter((name) => /^generated-\w+\.js$/u.test(name));
  const recorded = dist === join(root, 'dist') ? Object.keys(readRecord().outputs) : names;
  const name = names.find((each) => recorded.includes(each)) ?? 'generated.js';
  return (await import(pathToFileURL(join(dist, name)).href)) as typeof Generated;
}

function readRecord(): { outputs: Record<string, number> } {
  return JSON.parse(readFileSync(join(root, 'dist', 'sources.json'), 'utf8')) as { outputs: Record<string, number> };
}

/** Calls each operation on a server that answers everything with one object, and says which do not work. */
async function brokenOperations(client: typeof Generated): Promise<string[]> {
  const { createConfiguration, ResponseContext, ServerConfiguration, wrapHttpLibrary } = client;
  const metadata = { name: 'x', creationTimestamp: '2026-01-02T03:04:05Z' };
  const text = async () => JSON.stringify({ metadata, items: [{ metadata }] });
  const library = {
    send: async () =>
      new ResponseContext(
        200,
        { 'content-type': 'application/json' },
        { text, binary: async () => Buffer.alloc(0), stream: () => null },
      ),
  };
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration('https://127.0.0.1', {}),
    httpApi: wrapHttpLibrary(library),
  });
  const broken: string[] = [];
  for (const [api, operation] of operations) {
    try {
      const answer = await call(client, { api, operation, configuration });
      if (JSON.stringify(datesOf(answer)).includes('string')) broken.push(`${api}.${operation}: a date is a string`);
    } catch (error) {
      broken.push(`${api}.${operation}: ${String(error)}`);
    }
  }
  return broken;
}

async function call(
  client: object,
  { api, operation, configuration }: { api: string; operation: string; configuration: Configuration },
): Promise<unknown> {
  const classes = client as Record<string, ClientClass | undefined>;
  const object = classes[api] === undefined ? {} : new classes[api](configuration);
  if (object[operation] === undefined) throw new TypeError(`${operation} is not a function`);
  return object[operation]({ name: 'x', namespace: 'x', body: { metadata: { creationTimestamp: new Date(0) } } });
}

/** The type of each creationTimestamp in an answer: a Date where its model is known, a string where it was pruned. */
function datesOf(value: unknown): string[] {
  if (value instanceof Date || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    key === 'creationTimestamp' ? [typeof each] : datesOf(each),
  );
}
