import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import { readProviderConfig, replaceProviderConfig } from '../../lib/kubeconfig/replace-values.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A kubeconfig with these lines below `config:`; what follows them is to stay. */
const head = `apiVersion: v1
kind: Config
users:
- name: other
  user: {token: t}
- name: jane
  user:
    auth-provider:
      name: oidc
      config:
`;
const tail = `        zlast: x
current-context: dev # here
`;
const lines = (...config: string[]) => `${head}${config.map((line) => `        ${line}\n`).join('')}${tail}`;

async function fileOf(text: string | Uint8Array): Promise<string> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const file = join(directory.path, 'config');
  await writeFile(file, text);
  return file;
}

const configOf = async (text: string) =>
  Object.fromEntries((await parseKubeconfig(text, '/config')).users.get('jane')?.authProvider?.config ?? []);

const replacing = async (text: string | Uint8Array, values: Readonly<Record<string, string>>) => {
  const file = await fileOf(text);
  const replaced = await replaceProviderConfig(file, 'jane', values);
  expect(await readFile(file)).toEqual(Buffer.from(text)); // it only says what is to be written
  return replaced;
};

describe('replaceProviderConfig()', () => {
  test.each<[what: string, written: string[], next: string]>([
    ['a literal block', ['refresh-token: |-', '  sEcReT'], 'refresh-token: "next"\n'],
    ['a literal block that keeps its newline', ['refresh-token: |', '  sEcReT'], 'refresh-token: "next"\n'],
    ['a folded block', ['refresh-token: >', '  sE', '  cReT'], 'refresh-token: "next"\n'],
    ['a block with a comment', ['refresh-token: >2- # mine', '  sEcReT'], 'refresh-token: "next" # mine\n'],
    ['a block with an anchor', ['refresh-token: &a |-', '  sEcReT'], 'refresh-token: &a "next"\n'],
    ['an empty block', ['refresh-token: |-'], 'refresh-token: "next"\n'],
    ['plain text', ['refresh-token: sEcReT # mine'], 'refresh-token: "next" # mine\n'],
    ['quoted text', [`'refresh-token': 'sE''cReT'`], `'refresh-token': "next"\n`],
    ['text of two lines', ['refresh-token: "sE\\', '  cReT"'], 'refresh-token: "next"\n'],
  ])('replaces %s, and leaves what follows where it is', async (_, written, next) => {
    const replaced = await replacing(lines(...written), { 'refresh-token': 'next' });
    expect(replaced).toBe(`${head}        ${next}${tail}`);
    expect(await configOf(replaced ?? '')).toEqual({ 'refresh-token': 'next', zlast: 'x' });
  });

  test('leaves the empty lines and comments below a block', async () => {
    const replaced = await replacing(lines('id-token: |+', '  a', '', '# b'), { 'id-token': 'next' });
    expect(replaced).toBe(`${head}        id-token: "next"\n        \n        # b\n${tail}`);
  });

  test('replaces two values of a file with the line ends of Windows, and ends none of them', async () => {
    const text = lines('refresh-token: |-', '  r', 'id-token: >-', '  i').replaceAll('\n', '\r\n');
    const replaced = await replacing(text, { 'id-token': 'next-i', 'refresh-token': 'next-r' });
    expect(await configOf(replaced ?? '')).toEqual({ 'refresh-token': 'next-r', 'id-token': 'next-i', zlast: 'x' });
    expect(replaced).not.toMatch(/[^\r]\n/u);
  });

  test('replaces the last block of a file that ends without a newline', async () => {
    const text = `${head}        refresh-token: |-\n          r`;
    const replaced = await replacing(text, { 'refresh-token': 'next' });
    expect(replaced).toBe(`${head}        refresh-token: "next"`);
  });

  test('replaces and reads the last of two equal keys, which counts', async () => {
    const text = lines('refresh-token: first', 'refresh-token: last');
    expect(await replacing(text, { 'refresh-token': 'next' })).toBe(
      lines('refresh-token: first', 'refresh-token: "next"'),
    );
    expect(await readProviderConfig(await fileOf(text), 'jane', 'refresh-token')).toBe('last');
  });

  test('writes letters that are line breaks to YAML so that they are none', async () => {
    const replaced = await replacing(lines('refresh-token: r'), { 'refresh-token': 'a\u2028\u0085"\\é😀' });
    expect(replaced).toContain(String.raw`"a\u2028\u0085\"\\\u00e9😀"`);
  });

  test('replaces a value of a kubeconfig that is JSON', async () => {
    const of = (token: string) =>
      JSON.stringify({ users: [{ name: 'jane', user: { 'auth-provider': { config: { 'refresh-token': token } } } }] });
    expect(await replacing(of('r'), { 'refresh-token': 'néxt' })).toBe(of('néxt').replace('é', String.raw`\u00e9`));
  });

  test.each<[what: string, text: string | Uint8Array]>([
    ['another place would change, by an alias', lines('refresh-token: &r x', 'same: *r')],
    ['an alias leads to it', lines('a: &r x', 'refresh-token: *r')],
    ['a tag makes something else of it', lines('refresh-token: !!binary eA==')],
    ['it is merged into the mapping', lines('<<: {refresh-token: x}')],
    ['there is none', lines('other: x')],
    ['there is no such user', lines('refresh-token: x').replace('jane', 'john')],
    ['the file is no YAML any more', `${lines('refresh-token: x')}: {`],
    ['the file is not UTF-8', Buffer.concat([Buffer.from(lines('refresh-token: x')), Buffer.from([0x23, 0xff])])],
  ])('changes nothing where %s', async (_, text) => {
    expect(await replacing(text, { 'refresh-token': 'next' })).toBeUndefined();
  });
});
