import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { npmCi } from '../../scripts/dev/npm-ci.mjs';
import { makeClone } from '../support/clone.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(process.platform === 'win32')('npmCi()', () => {
  test.for([
    [
      'that it is not reached',
      'code EAI_AGAIN\nnpm error errno EAI_AGAIN',
      'the npm registry cannot be reached (EAI_AGAIN)',
    ],
    ['that it does not answer', 'code FETCH_ERROR', 'the npm registry cannot be reached (FETCH_ERROR)'],
    [
      'what npm may not write',
      "code EACCES\nnpm error syscall mkdir\nnpm error path /x\nnpm error errno -13\nnpm error Error: EACCES: permission denied, mkdir '/x'",
      "npm ci ended with EACCES: Error: EACCES: permission denied, mkdir '/x'",
    ],
    ['a code that stands alone', 'code E418', 'npm ci ended with E418'],
    ['the exit code if there is nothing else', 'something', 'npm ci ended with 3'],
  ])('says in one line %s', async ([, said, message]) => {
    await using directory = await temporaryDirectory();
    fakeNpm(directory.path, `echo "npm http fetch GET 200 x"; echo "npm error ${said}"; exit 3`);
    await expect(npmCi(directory.path, () => undefined)).rejects.toThrow(new Error(message));
  });

  test('gives up on an npm that hears nothing, and ends it', async () => {
    await using directory = await temporaryDirectory();
    fakeNpm(directory.path, 'echo "npm http cache x"; exec sleep 60');
    let npm = 0;
    const installing = npmCi(directory.path, (pid) => (npm = pid), 200);
    await expect(installing).rejects.toThrow(new Error('the npm registry has not answered for 0.2 seconds'));
    expect(() => process.kill(npm, 0)).toThrow('ESRCH');
  });

  test('gives up on a registry that takes connections and never answers', async () => {
    await using directory = await temporaryDirectory();
    const clone = makeClone(directory.path, { installed: false });
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => silent.once('listening', resolve));
      vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`);
      vi.stubEnv('npm_config_cache', clone.path('cache'));
      await expect(npmCi(clone.root, () => undefined, 2000)).rejects.toThrow('has not answered for 2 seconds');
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  test('lets an npm take its time that has heard something, and keeps its chatter to itself', async () => {
    await using directory = await temporaryDirectory();
    fakeNpm(directory.path, 'echo "npm http fetch GET 200 x"; echo "npm warn x"; sleep 1; echo "said"');
    expect(await npmCi(directory.path, () => undefined, 500)).toBe('said\n');
  });
});

function fakeNpm(directory: string, script: string): void {
  writeFileSync(join(directory, 'npm'), `#!/bin/sh\nexec >&2\n${script}\n`);
  chmodSync(join(directory, 'npm'), 0o755);
  vi.stubEnv('PATH', `${directory}${delimiter}${process.env['PATH']}`);
}
