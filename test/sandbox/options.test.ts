import { describe, expect, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../lib/sandbox/index.ts';
import { type Rest, restClient } from '../control-plane/rest.ts';
import { until } from '../support/until.ts';

const secrets = '/api/v1/namespaces/default/secrets';
const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const tokenPath = '/api/v1/namespaces/default/serviceaccounts/default/token';

async function withSandbox(options: SandboxOptions, use: (admin: Rest, sandbox: Sandbox) => Promise<void>) {
  await using sandbox = await startSandbox(options);
  const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
  try {
    await use(admin, sandbox);
  } finally {
    admin.close();
  }
}

/** The status that a token gets. */
async function statusOf(sandbox: Sandbox, token: string): Promise<number> {
  const rest = restClient({ ...sandbox, token });
  try {
    return (await rest.request('POST', review, {})).status;
  } finally {
    rest.close();
  }
}

async function legacyToken(admin: Rest, name: string): Promise<string> {
  const annotations = { 'kubernetes.io/service-account.name': 'default' };
  await admin.post(secrets, { metadata: { name, annotations }, type: 'kubernetes.io/service-account-token' });
  const token = await until('the token', async () => (await admin.get(`${secrets}/${name}`)).data?.['token']);
  return Buffer.from(token, 'base64').toString();
}

describe('startSandbox()', () => {
  test.each([
    [{}, 201],
    [{ tokenCacheMs: 0 }, 401],
  ])('with %j a deleted token that was in use is answered with %i', async (options, status) => {
    await withSandbox(options, async (admin, sandbox) => {
      const token = await legacyToken(admin, 'a');
      expect(await statusOf(sandbox, token)).toBe(201);
      await admin.delete(`${secrets}/a`);
      expect(await statusOf(sandbox, token)).toBe(status);
    });
  });

  test('a token that was in use is refused ten seconds after its Secret went', async () => {
    let time = Date.now();
    await withSandbox({ now: () => time }, async (admin, sandbox) => {
      const token = await legacyToken(admin, 'a');
      expect(await statusOf(sandbox, token)).toBe(201);
      await admin.delete(`${secrets}/a`);
      time += 10_001;
      expect(await statusOf(sandbox, token)).toBe(401);
    });
  });

  test.each<['ES256' | 'RS256', boolean]>([
    ['RS256', true],
    ['ES256', false],
  ])('with %s a recreated Secret brings its token back: %s', async (algorithm, same) => {
    await withSandbox({ algorithm }, async (admin) => {
      const first = await legacyToken(admin, 'a');
      await admin.delete(`${secrets}/a`);
      expect((await legacyToken(admin, 'a')) === first).toBe(same);
    });
  });

  test('without controllers a token Secret stays empty', async () => {
    await withSandbox({ controllers: false, controllerDelayMs: 0 }, async (admin) => {
      const annotations = { 'kubernetes.io/service-account.name': 'nobody' };
      const type = 'kubernetes.io/service-account-token';
      await admin.post(secrets, { metadata: { name: 'a', annotations }, type });
      expect((await admin.get(`${secrets}/a`)).data).toBeUndefined();
    });
  });

  test('maxTokenExpirationSeconds shortens a TokenRequest, with a warning', async () => {
    await withSandbox({ maxTokenExpirationSeconds: 3600 }, async (admin) => {
      const { body, headers } = await admin.request('POST', tokenPath, { spec: { expirationSeconds: 7200 } });
      expect(body).toMatchObject({ spec: { expirationSeconds: 3600 } });
      expect(headers['warning']).toBe('299 - "requested expiration of 7200 seconds shortened to 3600 seconds"');
    });
  });

  test('a watch that lies further behind than historyLimit is told that it is too old', async () => {
    await withSandbox({ historyLimit: 2 }, async (admin) => {
      const first = await admin.post(secrets, { metadata: { name: 'a' } });
      for (const name of ['b', 'c', 'd', 'e', 'f']) await admin.post(secrets, { metadata: { name } });
      const path = `${secrets}?watch=true&resourceVersion=${first.metadata.resourceVersion}`;
      const { status, text } = await admin.request('GET', path);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    });
  });

  test('begins with the objects that are given, each made as by a create', async () => {
    const annotations = { 'kubernetes.io/service-account.name': 'bot' };
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'team' } },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'token', namespace: 'team', annotations },
        type: 'kubernetes.io/service-account-token',
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'x-' }, data: { a: '1' } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, status: { phase: 'Running' } },
    ];
    await withSandbox({ objects }, async (admin) => {
      await until('its token', async () => (await admin.get('/api/v1/namespaces/team/secrets/token')).data?.['token']);
      expect(await admin.get('/api/v1/namespaces/team')).toMatchObject({ status: { phase: 'Active' } });
      expect(await admin.get('/api/v1/namespaces/default/pods/web')).toMatchObject({ status: { phase: 'Running' } });
      const { items } = await admin.get<{ items: { metadata: { name: string } }[] }>(
        '/api/v1/namespaces/default/configmaps',
      );
      expect(items.map(({ metadata }) => metadata.name)).toContainEqual(expect.stringMatching(/^x-[a-z0-9]{5}$/u));
    });
  });

  test.each<[object: object, error: string]>([
    [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
      'Cannot begin with Deployment "web": there is no kind "Deployment" of "apps/v1"',
    ],
    [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'nowhere' } },
      'Cannot begin with Secret "x": namespaces "nowhere" not found',
    ],
    [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'X' } },
      'Cannot begin with ConfigMap "X": ConfigMap "X" is invalid: metadata.name: Invalid value: "X"',
    ],
    [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, dta: {} }, 'unknown field "dta"'],
    [{}, 'Cannot begin with object 1: there is no kind'],
  ])('refuses to begin with %j', async (object, error) => {
    await expect(startSandbox({ objects: [object] })).rejects.toThrow(error);
  });

  test.each([2001, 2050])('in the year %i of its clock it is trusted, and its tokens hold', async (year) => {
    const now = () => Date.UTC(year, 0);
    await withSandbox({ now }, async (admin, sandbox) => {
      const { metadata } = await admin.post(secrets, { metadata: { name: 'a' } });
      expect(metadata.creationTimestamp).toBe(`${year}-01-01T00:00:00Z`);
      const { body } = await admin.request('POST', tokenPath, { spec: { expirationSeconds: 600 } });
      expect(body).toMatchObject({ status: { expirationTimestamp: `${year}-01-01T00:10:00Z` } });
      expect(await statusOf(sandbox, await legacyToken(admin, 'b'))).toBe(201);
    });
  });

  test('a certificate that is to have run out has, whatever its clock says', async () => {
    const { server, caPem, close } = await startSandbox({
      now: () => Date.UTC(2050, 0),
      faults: ['expired-certificate'],
    });
    const rest = restClient({ server, caPem });
    await expect(rest.request('GET', '/version')).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
    rest.close();
    await close();
  });

  test.each<[options: unknown, message: string]>([
    [{ bogus: 1 }, 'There is no option "bogus"'],
    [{ tokenCacheMS: 0 }, 'There is no option "tokenCacheMS"; did you mean "tokenCacheMs"?'],
    [{ toString: 1 }, 'There is no option "toString"'],
    [{ port: 65_536 }, 'Option "port" cannot be 65536: it takes a whole number from 0 to 65535'],
    [{ port: '6443' }, 'Option "port" cannot be "6443": it takes a whole number from 0 to 65535'],
    [{ port: null }, 'Option "port" cannot be null: it takes a whole number from 0 to 65535'],
    [{ state: '' }, 'Option "state" cannot be "": it takes the path of a file'],
    [{ algorithm: 'HS256' }, 'Option "algorithm" cannot be "HS256": it takes "ES256" or "RS256"'],
    [{ controllers: 'no' }, 'Option "controllers" cannot be "no": it takes true or false'],
    [{ controllerDelayMs: 1e10 }, 'Option "controllerDelayMs" cannot be 10000000000: it takes a whole number from 0'],
    [{ tokenCacheMs: -5 }, 'Option "tokenCacheMs" cannot be -5: it takes a whole number from 0'],
    [
      { maxTokenExpirationSeconds: 0 },
      'Option "maxTokenExpirationSeconds" cannot be 0: it takes a whole number from 1',
    ],
    [{ historyLimit: Number.NaN }, 'Option "historyLimit" cannot be NaN: it takes a whole number from 1'],
    [{ objects: {} }, 'Option "objects" cannot be this object: it takes an array of objects'],
    [{ objects: [null] }, 'Option "objects" cannot be this array: it takes an array of objects'],
    [{ faults: 'redirect' }, 'Option "faults" cannot be "redirect": it takes an array of names of faults'],
    [{ faults: ['nope'] }, 'There is no fault "nope"'],
    [{ now: 0 }, 'Option "now" cannot be 0: it takes a function that returns milliseconds since 1970'],
    [{ now: () => new Date() }, 'Option "now" cannot be this function: it takes a function that returns milliseconds'],
    ['state', 'The options of a sandbox cannot be "state": it takes an object of them'],
    [null, 'The options of a sandbox cannot be null: it takes an object of them'],
  ])('refuses %j as options', async (options, message) => {
    const started = startSandbox(options as SandboxOptions);
    started.then((sandbox) => sandbox.close()).catch(() => undefined);
    const error = await started.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toContain(message);
  });

  test('takes an option that is undefined as unset', async () => {
    const options = { port: undefined, algorithm: undefined, faults: undefined } as unknown as SandboxOptions;
    await withSandbox(options, async (admin) => void (await admin.get('/api/v1/namespaces/default')));
  });

  test('two run side by side and know nothing of each other', async () => {
    await withSandbox({}, async (one, { caPem }) => {
      await withSandbox({}, async (other, another) => {
        await one.post(secrets, { metadata: { name: 'a' } });
        expect(await other.find(`${secrets}/a`)).toBeUndefined();
        expect(another.caPem).not.toBe(caPem);
      });
    });
  });

  test('close() ends its watches, and may be called again', async () => {
    const sandbox = await startSandbox();
    const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
    const watching = admin.request('GET', `${secrets}?watch=true`).then(
      () => 'ended',
      () => 'broken',
    );
    await admin.get('/api/v1/namespaces/default');
    await sandbox.close();
    expect(await watching).toMatch(/^(?:ended|broken)$/u);
    await sandbox.close();
    admin.close();
  });
});
