import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { test } from '../kubectl/kubectl-test.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { runCommand } from '../support/run-command.ts';
import { answer, json, type ScriptedStep, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const idToken = (claims: object) =>
  `${base64({ alg: 'RS256' })}.${base64({ sub: 'jane', aud: 'cli', iat: now, ...claims })}.${base64('signature')}`;
const fresh = idToken({ exp: now + 3600 });
const old = idToken({ exp: now - 1 });
const caData = Buffer.from(testAuthority.certPem).toString('base64');

interface Case {
  readonly name?: string;
  /** Fields of the provider's config beside issuer and client. */
  readonly config: Readonly<Record<string, string | undefined>>;
  /** What the identity provider answers to the grant, beside its id_token. */
  readonly grant?: object;
  readonly grantStatus?: number;
  /** Where the provider looks for the client. */
  readonly inBodyAlone?: boolean;
  readonly inHeaderAlone?: boolean;
}

const cases: Record<string, Case> = {
  'a valid id-token': { config: { 'id-token': fresh } },
  'an id-token about to expire': { config: { 'id-token': idToken({ exp: now + 5 }) } },
  'an expired id-token': { config: { 'id-token': old } },
  'no tokens': { config: {} },
  'an id-token that is none': { config: { 'id-token': 'word' } },
  'an expired id-token and a refresh-token': { config: { 'id-token': old, 'refresh-token': 'refresh-1' } },
  'a refresh-token alone': { config: { 'refresh-token': 'refresh-1' } },
  'a client secret': { config: { 'id-token': old, 'refresh-token': 'refresh-1', 'client-secret': 's p+a/c%e' } },
  'another refresh-token in the answer': {
    config: { 'id-token': old, 'refresh-token': 'refresh-1' },
    grant: { refresh_token: 'refresh-2' },
  },
  'no id_token in the answer': { config: { 'refresh-token': 'refresh-1' }, grant: { id_token: undefined } },
  'a refusal': { config: { 'refresh-token': 'refresh-1' }, grantStatus: 400, grant: { error: 'invalid_grant' } },
  'an id_token for several, of another algorithm': {
    config: { 'refresh-token': 'refresh-1' },
    grant: { token_type: undefined, id_token: `${base64({ alg: 'ES256' })}.${base64({ aud: ['a', 'b'] })}.AAAA` },
  },
  'no access_token in the answer': { config: { 'refresh-token': 'refresh-1' }, grant: { access_token: undefined } },
  'a client that the header does not name': {
    config: { 'refresh-token': 'refresh-1', 'client-secret': 's3cr3t' },
    inBodyAlone: true,
  },
  'a client without a secret that the body does not name': {
    config: { 'refresh-token': 'refresh-1' },
    inHeaderAlone: true,
  },
  'no issuer': { config: { 'id-token': fresh, 'idp-issuer-url': undefined } },
  'no client': { config: { 'id-token': fresh, 'client-id': undefined } },
  gcp: { name: 'gcp', config: {} },
  azure: { name: 'azure', config: {} },
  'a provider that nobody knows': { name: 'openstack', config: {} },
};

describe('auth-provider and kubectl', () => {
  test.for(Object.entries(cases))('do the same as with us: %s', async ([, each], { kubectl }) => {
    await using directory = await temporaryDirectory();
    const api = await startScriptedServer(Array.from({ length: 20 }, () => json(200, { kind: 'Probe' })));
    const idp = await startScriptedServer(
      Array.from({ length: 20 }, (): ScriptedStep => ({ request, write }) => {
        if (request.path === '/.well-known/openid-configuration') {
          return write(json(200, { issuer: idp.url, token_endpoint: `${idp.url}/token` }));
        }
        const isInHeader = request.headers['authorization'] !== undefined;
        if ((each.inBodyAlone && isInHeader) || (each.inHeaderAlone && !isInHeader)) {
          return write(json(401, { error: 'invalid_client' }));
        }
        const tokens = {
          access_token: 'a',
          token_type: 'Bearer',
          id_token: idToken({ exp: now + 3600, iss: idp.url }),
        };
        return write(json(each.grantStatus ?? 200, { ...tokens, ...each.grant }));
      }),
    );
    const spec = simpleKubeconfig('dev', {
      cluster: { server: api.url, 'certificate-authority-data': caData },
      user: {
        'auth-provider': {
          name: each.name ?? 'oidc',
          config: {
            'idp-issuer-url': idp.url,
            'idp-certificate-authority-data': caData,
            'client-id': 'cli',
            ...each.config,
          },
        },
      },
    });
    const seen = async (code: number, kubeconfig: string) => {
      const { users } = parse(await readFile(kubeconfig, 'utf8')) as {
        users: { user: { 'auth-provider': { config: Record<string, string> } } }[];
      };
      const grants = idp.requests.splice(0).filter(({ method }) => method === 'POST');
      const fields = new URLSearchParams(grants.at(-1)?.body ?? '');
      return {
        ok: code === 0,
        requests: api.requests
          .splice(0)
          .filter(({ path }) => !path.includes('/version'))
          .map(({ headers, path }) => [path, headers['authorization']]),
        asked: grants.length > 0,
        grant: [fields.get('grant_type'), fields.get('refresh_token')],
        kept: users[0]?.user['auth-provider'].config?.['refresh-token'],
      };
    };
    const env = (kubeconfig: string) => ({ PATH: process.env['PATH'], HOME: directory.path, KUBECONFIG: kubeconfig });
    const theirs = await writeKubeconfig(directory.path, spec, 'theirs');
    const theirCode = await promisify(execFile)(kubectl.path, ['get', '--raw', '/probe'], { env: env(theirs) }).then(
      () => 0,
      ({ code }: { code: number }) => code,
    );
    const reference = await seen(theirCode, theirs);
    const ours = await writeKubeconfig(directory.path, spec, 'ours');
    const before = await readFile(ours, 'utf8');
    const run = await runCommand('call-api', ['/probe'], { env: env(ours) });
    expect({ ...(await seen(run.code, ours)), stderr: undefined }).toEqual({ ...reference, stderr: undefined });
    expect(run.stderr).not.toMatch(/refresh-[12]\b|eyJ/u);
    // kubectl writes the whole file anew each time; we two values, and only when the refresh-token is another one
    const after = (await readFile(ours, 'utf8')).replace('"refresh-2"', 'refresh-1').replace(/"eyJ[^"]+"/u, old);
    expect(after).toBe(before);
    expect((await readdir(directory.path)).filter((name) => /lock|tmp/u.test(name))).toEqual([]);
  });
});

describe('auth-provider, on purpose otherwise than with kubectl', () => {
  const ways: Record<
    string,
    (provider: string) => { certificate?: false; answer: (path: string) => Buffer | undefined }
  > = {
    'over plain http': () => ({ certificate: false, answer: () => undefined }),
    'that redirects the discovery': (provider) => ({
      answer: (path) =>
        path.startsWith('/.well-known') ? answer(302, '', { Location: `${provider}/found` }) : undefined,
    }),
    'that redirects the grant': (provider) => ({
      answer: (path) => (path === '/token' ? answer(307, '', { Location: `${provider}/elsewhere` }) : undefined),
    }),
  };

  test.for(Object.entries(ways))('a provider %s gets no refresh-token', async ([, way], { kubectl }) => {
    await using directory = await temporaryDirectory();
    const api = await startScriptedServer(Array.from({ length: 9 }, () => json(200, { kind: 'Probe' })));
    const { certificate } = way('');
    const idp = await startScriptedServer(
      Array.from({ length: 20 }, (): ScriptedStep => ({ request: { method, path }, write }) => {
        const tokens = { access_token: 'a', token_type: 'Bearer', id_token: fresh };
        const usual = method === 'POST' ? tokens : { issuer: idp.url, token_endpoint: `${idp.url}/token` };
        return write(way(idp.url).answer(path) ?? json(200, usual));
      }),
      certificate === undefined ? {} : { certificate },
    );
    const config = {
      'idp-issuer-url': idp.url,
      'idp-certificate-authority-data': caData,
      'client-id': 'cli',
      'refresh-token': 'refresh-1',
    };
    const kubeconfig = await writeKubeconfig(
      directory.path,
      simpleKubeconfig('dev', {
        cluster: { server: api.url, 'certificate-authority-data': caData },
        user: { 'auth-provider': { name: 'oidc', config } },
      }),
    );
    const env = { PATH: process.env['PATH'], HOME: directory.path, KUBECONFIG: kubeconfig };
    const ours = await runCommand('call-api', ['/probe'], { env });
    expect({ code: ours.code, asked: api.requests }).toEqual({ code: 1, asked: [] });
    expect(idp.requests.filter(({ path }) => path === '/found' || path === '/elsewhere')).toEqual([]);
    await promisify(execFile)(kubectl.path, ['get', '--raw', '/probe'], { env });
    expect(api.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${fresh}`);
  });
});
