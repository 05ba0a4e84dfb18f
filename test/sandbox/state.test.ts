import { chmod, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../lib/sandbox/index.ts';
import { type Rest, restClient } from '../control-plane/rest.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const secrets = '/api/v1/namespaces/default/secrets';
const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const yearMs = 365 * 24 * 3_600_000;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let state: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  state = join(directory.path, 'state');
});
afterEach(async () => {
  vi.useRealTimers();
  await directory[Symbol.asyncDispose]();
});

/** Has the computer's clock stand there. */
function standAt(now: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now });
}

async function withSandbox<T>(use: (admin: Rest, sandbox: Sandbox) => Promise<T>, options: SandboxOptions = {}) {
  await using sandbox = await startSandbox({ state, ...options });
  return await asAdmin(sandbox, (admin) => use(admin, sandbox));
}

async function asAdmin<T>(
  sandbox: Pick<Sandbox, 'server' | 'caPem' | 'adminCertificate'>,
  use: (admin: Rest) => Promise<T>,
) {
  const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
  try {
    return await use(admin);
  } finally {
    admin.close();
  }
}

async function tokenOf(admin: Rest, name: string): Promise<string> {
  const annotations = { 'kubernetes.io/service-account.name': 'default' };
  await admin.post(secrets, { metadata: { name, annotations }, type: 'kubernetes.io/service-account-token' });
  const token = await until('the token', async () => (await admin.get(`${secrets}/${name}`)).data?.['token']);
  return Buffer.from(token, 'base64').toString();
}

describe('startSandbox({ state })', () => {
  test('goes on with the objects, certificates, tokens and port of the one before', async () => {
    const before = await withSandbox(async (admin, { server, caPem, adminCertificate }) => {
      const token = await tokenOf(admin, 'token');
      const secret = await admin.get(`${secrets}/token`);
      const list = await admin.get(secrets);
      return { token, secret, list, access: { server, caPem, adminCertificate } };
    });
    await withSandbox(async (_, { server }) => {
      expect(server).toBe(before.access.server);
      await asAdmin(before.access, async (admin) => {
        expect(await admin.get(`${secrets}/token`)).toEqual(before.secret);
        const created = await admin.post(secrets, { metadata: { name: 'x' } });
        expect(Number(created.metadata.resourceVersion)).toBe(Number(before.list.metadata.resourceVersion) + 1);
      });
      const bearer = restClient({ ...before.access, token: before.token });
      expect((await bearer.request('POST', review, {})).status).toBe(201);
      bearer.close();
    });
  });

  test('keeps a deletion, too', async () => {
    await withSandbox((admin) => admin.post(secrets, { metadata: { name: 'x' } }));
    await withSandbox((admin) => admin.delete(`${secrets}/x`));
    await withSandbox(async (admin) => expect(await admin.find(`${secrets}/x`)).toBeUndefined());
  });

  test('begins with objects once: what became of them since is kept', async () => {
    const objects = ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } }));
    await withSandbox((admin) => admin.delete(`${secrets}/a`), { objects });
    await withSandbox(
      async (admin) => {
        expect(await admin.find(`${secrets}/a`)).toBeUndefined();
        expect(await admin.find(`${secrets}/b`)).toBeDefined();
      },
      { objects },
    );
  });

  test('takes another port where the one before is taken, and the one that is asked for', async () => {
    const first = await withSandbox(async (_, { server }) => server);
    const port = Number(new URL(first).port);
    const copy = `${state}-copy`;
    await copyFile(state, copy);
    await withSandbox(async (_, { server }) => {
      expect(server).toBe(first);
      await withSandbox(async (__, other) => expect(other.server).not.toBe(first), { state: copy });
      await expect(startSandbox({ state: copy, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    });
    // and that one has given the file back
    await withSandbox(async () => {}, { state: copy });
  });

  test('has the controllers do what was left undone', async () => {
    const annotations = { 'kubernetes.io/service-account.name': 'default' };
    const type = 'kubernetes.io/service-account-token';
    const namespace = { metadata: { name: 'going' } };
    await withSandbox(
      async (admin) => {
        await admin.post(secrets, { metadata: { name: 'token', annotations }, type });
        await admin.post('/api/v1/namespaces', namespace);
        await admin.delete('/api/v1/namespaces/going');
      },
      { controllers: false },
    );
    await withSandbox(async (admin) => {
      await until('the token', async () => (await admin.get(`${secrets}/token`)).data?.['token']);
      await until('the namespace to go', async () =>
        (await admin.find('/api/v1/namespaces/going')) === undefined ? true : undefined,
      );
    });
  });

  test('tells a watch from before that it is too old, and goes on from the last revision', async () => {
    const [first, last] = await withSandbox(async (admin) => {
      const one = await admin.post(secrets, { metadata: { name: 'a' } });
      return [one, await admin.post(secrets, { metadata: { name: 'b' } })];
    });
    await withSandbox(async (admin) => {
      const from = (version: string) => `${secrets}?watch=true&timeoutSeconds=1&resourceVersion=${version}`;
      const { text } = await admin.request('GET', from(first?.metadata.resourceVersion ?? ''));
      expect(JSON.parse(text)).toMatchObject({ type: 'ERROR', object: { code: 410 } });
      await admin.post(secrets, { metadata: { name: 'c' } });
      const { text: events } = await admin.request('GET', from(last?.metadata.resourceVersion ?? ''));
      expect(JSON.parse(events)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'c' } } });
    });
  });

  test('writes the file for its owner alone, as a whole, and leaves nothing beside it', async () => {
    await withSandbox(async (admin) => {
      expect((await stat(state)).mode & 0o777).toBe(0o600);
      await admin.post(secrets, { metadata: { name: 'x' } });
      await until('the change in the file', async () =>
        (await readFile(state, 'utf8')).includes('"name":"x"') ? true : undefined,
      );
    });
    expect(await readdir(directory.path)).toEqual(['state']);
  });

  test('that cannot be written in the end is told by close(), each time', async () => {
    const sandbox = await startSandbox({ state });
    await directory[Symbol.asyncDispose]();
    for (let time = 0; time < 2; time += 1) {
      await expect(sandbox.close()).rejects.toMatchObject({
        name: 'OutputError',
        message: `Cannot write file "${state}": its directory does not exist`,
      });
    }
    await expect(fetch(sandbox.server)).rejects.toThrow('fetch failed');
  });

  test('takes no revision again that one that was killed may have told', async () => {
    const created = await withSandbox((admin) => admin.post(secrets, { metadata: { name: 'x' } }));
    const text = await readFile(state, 'utf8');
    await writeFile(state, text.replace('"complete":true', '"complete":false'));
    await withSandbox(async (admin) => {
      const { metadata } = await admin.post(secrets, { metadata: { name: 'y' } });
      expect(Number(metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion) + 1000);
    });
  });

  test('signs as it did, and not with another algorithm', async () => {
    await withSandbox(async () => {}, { algorithm: 'RS256' });
    await withSandbox(async (admin) => {
      const [header = ''] = (await tokenOf(admin, 'token')).split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'RS256' });
    });
    await expect(startSandbox({ state, algorithm: 'ES256' })).rejects.toThrow(
      'Cannot sign tokens with ES256: the state has tokens that are signed with RS256',
    );
  });

  test.each([
    ['keeps certificates that hold', 0, { admin: true, authority: true }],
    ["renews the administrator's that is about to run out", yearMs - 24 * 3_600_000, { admin: false, authority: true }],
    ['renews an authority that has run out, with all that it signed', 11 * yearMs, { admin: false, authority: false }],
  ])('%s', async (_, laterMs, same) => {
    const before = await withSandbox(async (admin, { adminCertificate, caPem }) => {
      await tokenOf(admin, 'token');
      return { adminCertificate, caPem };
    });
    standAt(Date.now() + laterMs);
    await using sandbox = await startSandbox({ state });
    expect(sandbox.caPem === before.caPem).toBe(same.authority);
    expect(sandbox.adminCertificate.certPem === before.adminCertificate.certPem).toBe(same.admin);
  });

  test('with a new authority gives it to the namespaces and the token Secrets', async () => {
    await withSandbox((admin) => tokenOf(admin, 'token'));
    const text = JSON.parse(await readFile(state, 'utf8')) as { authority: object };
    standAt(Date.now() - 20 * yearMs);
    const other = await startSandbox({ state: `${state}-old` });
    await other.close();
    vi.useRealTimers();
    const { authority } = JSON.parse(await readFile(`${state}-old`, 'utf8')) as { authority: object };
    await writeFile(state, `${JSON.stringify({ ...text, authority })}\n`);
    await withSandbox(async (admin, { caPem }) => {
      await until('the new authority', async () => {
        const config = await admin.get('/api/v1/namespaces/default/configmaps/kube-root-ca.crt');
        const { data } = await admin.get(`${secrets}/token`);
        const inSecret = Buffer.from(data?.['ca.crt'] ?? '', 'base64').toString();
        return config.data?.['ca.crt'] === caPem && inSecret === caPem ? true : undefined;
      });
    });
  });
});

describe('a file that is no state', () => {
  test.each<[what: string, text: string, error: string]>([
    ['is somebody else’s', 'apiVersion: v1\n', 'no sandbox has written it'],
    ['is JSON of another kind', '{"kind":"List"}\n', 'no sandbox has written it'],
    [
      'is of another version',
      '{"apiVersion":"kube-sa-token/v2","kind":"SandboxState","port":1}\n',
      'it is of version v2, and this program knows v1 alone',
    ],
    [
      'is cut off',
      '{"apiVersion":"kube-sa-token/v1","kind":"SandboxState","port":',
      'it is damaged: it is not complete',
    ],
    [
      'lacks fields',
      '{"apiVersion":"kube-sa-token/v1","kind":"SandboxState","port":1}\n',
      'it is damaged: its field "complete" makes no sense',
    ],
  ])('that %s is told in one line, and left as it is', async (_, text, error) => {
    await writeFile(state, text, { mode: 0o600 });
    await expect(startSandbox({ state })).rejects.toThrow(`Cannot use "${state}": ${error}`);
    expect(await readFile(state, 'utf8')).toBe(text);
    expect(await readdir(directory.path)).toEqual(['state']);
  });

  test.each<[field: string, value: unknown]>([
    ['port', 0],
    ['revision', '7'],
    ['authority', { certPem: 'x', keyPem: 'y' }],
    ['admin', undefined],
    ['signingKey', { algorithm: 'none' }],
    ['objects', { secrets: [{ kind: 'Secret' }] }],
    ['objects', { nonsense: [] }],
  ])('whose field %s makes no sense is damaged', async (field, value) => {
    await withSandbox(async () => {});
    const text = JSON.parse(await readFile(state, 'utf8')) as object;
    await writeFile(state, JSON.stringify({ ...text, [field]: value }));
    await expect(startSandbox({ state })).rejects.toMatchObject({
      reason: 'StateDamaged',
      message: expect.stringContaining(`its field "${field}" makes no sense`),
    });
  });

  test.skipIf(process.platform === 'win32')('that others may read is refused', async () => {
    await withSandbox(async () => {});
    await chmod(state, 0o640);
    await expect(startSandbox({ state })).rejects.toMatchObject({ reason: 'FileNotPrivate' });
    await chmod(state, 0o600);
    await withSandbox(async () => {});
  });

  test('that is empty is taken, as mktemp makes one', async () => {
    await writeFile(state, '', { mode: 0o600 });
    await withSandbox(async () => {});
    expect(await readFile(state, 'utf8')).toContain('"SandboxState"');
  });

  test('that is a directory, or lies in none, is told', async () => {
    await expect(startSandbox({ state: directory.path })).rejects.toThrow('it is a directory');
    await expect(startSandbox({ state: join(state, 'x') })).rejects.toThrow('its directory does not exist');
  });

  test('that another sandbox has is refused until that one ends', async () => {
    await withSandbox(async () => {
      await expect(startSandbox({ state })).rejects.toThrow(
        `Cannot use "${state}": process ${process.pid} is using it`,
      );
    });
    await withSandbox(async () => {});
  });
});
