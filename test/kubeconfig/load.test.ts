import { once } from 'node:events';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadKubeconfig } from '../../lib/kubeconfig/load.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const listed = (...files: string[]) => ({ files, explicit: false, firstOnly: false });

describe('loadKubeconfig()', () => {
  test('merges the files that exist', async () => {
    await using directory = await temporaryDirectory();
    const one = await writeKubeconfig(directory.path, simpleKubeconfig('one'), 'one');
    const two = await writeKubeconfig(directory.path, simpleKubeconfig('two'), 'two');
    const kubeconfig = await loadKubeconfig(listed(one, join(directory.path, 'missing'), two));
    expect(kubeconfig.files).toEqual([one, two]);
    expect([...kubeconfig.contexts.keys()]).toEqual(['one', 'two']);
    expect(kubeconfig.currentContext).toBe('one');
    expect(kubeconfig.clusters.get('two')?.file).toBe(two);
  });

  test('follows links, and takes paths in a file from where the link is, like client-go', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'real'));
    await writeKubeconfig(join(directory.path, 'real'), simpleKubeconfig('one'), 'config');
    await symlink(join(directory.path, 'real', 'config'), join(directory.path, 'link'));
    const kubeconfig = await loadKubeconfig(listed(join(directory.path, 'link')));
    expect(kubeconfig.clusters.get('one')?.file).toBe(join(directory.path, 'link'));
  });

  test('says where it looked if no file exists', async () => {
    await expect(loadKubeconfig(listed('/nowhere/a', '/nowhere/b'))).rejects.toMatchObject({
      name: 'UsageError',
      message: 'Cannot find a kubeconfig: there is no "/nowhere/a", "/nowhere/b"',
      hint: 'Name one with --kubeconfig, or in the environment variable KUBECONFIG',
    });
  });

  test.each<[file: string, explicit: boolean, hint: RegExp]>([
    ['/work/~/.kube/config', true, /^Shells replace ~ only/u],
    ['/work/~/.kube/config', false, /^Shells replace ~ only/u],
    ['C:\\work\\~\\config', true, /^Shells replace ~ only/u],
    ['/work/-', true, /\/dev\/stdin$/u],
  ])('says what %s was meant for', async (file, explicit, hint) => {
    const location = { files: [file], explicit, firstOnly: false };
    await expect(loadKubeconfig(location)).rejects.toMatchObject({
      reason: 'KubeconfigNotFound',
      hint: expect.stringMatching(hint) as string,
    });
  });

  test.skipIf(process.platform === 'win32')('names a socket as such', async () => {
    await using directory = await temporaryDirectory();
    const socket = join(directory.path, 'socket');
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    await expect(loadKubeconfig(listed(socket))).rejects.toThrow(': it is a socket, or a device that is not there');
  });

  test('says so if KUBECONFIG names nothing', async () => {
    await expect(loadKubeconfig(listed())).rejects.toThrow('Cannot find a kubeconfig: KUBECONFIG names no file');
  });

  test('is empty without any file for a command that does not need one', async () => {
    const kubeconfig = await loadKubeconfig(listed('/nowhere/a'), { optional: true });
    expect(kubeconfig).toMatchObject({ files: [], currentContext: '', clusters: new Map(), contexts: new Map() });
  });

  test('needs the file of a flag even then', async () => {
    const location = { files: ['/nowhere/a'], explicit: true, firstOnly: false };
    await expect(loadKubeconfig(location, { optional: true })).rejects.toThrow('Cannot find kubeconfig "/nowhere/a"');
  });

  test('takes the first file that exists where only that counts, and does not look at the next', async () => {
    await using directory = await temporaryDirectory();
    const one = await writeKubeconfig(directory.path, simpleKubeconfig('one'), 'one');
    const broken = join(directory.path, 'broken');
    await writeFile(broken, '[');
    const location = { files: ['/nowhere/a', one, broken], explicit: false, firstOnly: true };
    expect((await loadKubeconfig(location)).files).toEqual([one]);
  });

  test('names a directory as such', async () => {
    await using directory = await temporaryDirectory();
    await expect(loadKubeconfig(listed(directory.path))).rejects.toThrow(
      `Cannot read kubeconfig "${directory.path}": it is a directory`,
    );
  });

  test('does not take a file below a file for one that is missing', async () => {
    await using directory = await temporaryDirectory();
    const one = await writeKubeconfig(directory.path, simpleKubeconfig('one'), 'one');
    await expect(loadKubeconfig(listed(join(one, 'config')))).rejects.toThrow(': its path leads through a file');
  });

  test('names every file that is broken', async () => {
    await using directory = await temporaryDirectory();
    const [one, two] = [join(directory.path, 'one'), join(directory.path, 'two')];
    await writeFile(one, 'clusters: 1\n');
    await writeFile(two, 'users: 1\n');
    const error = await loadKubeconfig(listed(one, two)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toBe(
      `Cannot read kubeconfig "${one}": clusters is a number, not a list; ` +
        `Cannot read kubeconfig "${two}": users is a number, not a list`,
    );
  });

  test('escapes what a path would do to a terminal', async () => {
    const location = { files: ['/nowhere/\u001b[31m'], explicit: true, firstOnly: false };
    await expect(loadKubeconfig(location)).rejects.toThrow('Cannot find kubeconfig "/nowhere/\\x1b[31m"');
  });

  test('refuses what is larger than any kubeconfig, of known size or without end, and a link that leads to itself', async () => {
    await using directory = await temporaryDirectory();
    const large = join(directory.path, 'large');
    await writeFile(large, '');
    await truncate(large, 600 * 1024 * 1024);
    const loop = join(directory.path, 'loop');
    await symlink(loop, loop);
    const tooLarge = 'it has more than 100 MB, and so is no kubeconfig';
    for (const [file, why] of [
      [large, tooLarge],
      ['/dev/zero', tooLarge],
      [loop, 'too many symbolic links'],
    ] as const) {
      await expect(loadKubeconfig(listed(file))).rejects.toMatchObject({
        name: 'UsageError',
        message: `Cannot read kubeconfig "${file}": ${why}`,
      });
    }
  });
});
