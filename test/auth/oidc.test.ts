import { lstat, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identityOf } from '../../lib/auth/kubeconfig-user.ts';
import type { PluginHost } from '../../lib/auth/plugin-host.ts';
import { CredentialError } from '../../lib/model/errors.ts';
import { SecretText } from '../../lib/model/secret-text.ts';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import { testHost } from '../support/plugin.ts';
import {
  answer,
  closedPort,
  json,
  type ScriptedStep,
  startScriptedServer,
  testAuthority,
  wrongCertificates,
} from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const caData = Buffer.from(testAuthority.certPem).toString('base64');

const token = (claims: object, alg = 'RS256') => `${base64({ alg })}.${base64(claims)}.AAAA`;

async function provider(
  directory: string,
  answers: readonly (object | ScriptedStep)[],
  { host, secret = '', ...more }: { host?: Partial<PluginHost>; secret?: string; [field: string]: unknown } = {},
) {
  const steps = [...answers];
  const idp = await startScriptedServer(
    Array.from({ length: 9 }, (): ScriptedStep => async (exchange) => {
      if (exchange.request.path.endsWith('/openid-configuration')) {
        return exchange.write(json(200, { issuer: idp.url, token_endpoint: `${idp.url}/token`, ...more }));
      }
      const step = steps.shift();
      if (typeof step === 'function') return (step as (given: typeof exchange) => Promise<void>)(exchange);
      const claims = { iss: idp.url, aud: 'cli', sub: 'jane', iat: now, exp: now + 3600 };
      const idToken = token(claims);
      return exchange.write(
        json(200, { access_token: 'a', token_type: 'Bearer', id_token: idToken, ...(step as object | undefined) }),
      );
    }),
  );
  const config = {
    'idp-issuer-url': idp.url,
    'idp-certificate-authority-data': caData,
    'client-id': 'cli',
    'client-secret': secret,
    'refresh-token': 'refresh-1',
  };
  const file = await writeKubeconfig(directory, { users: { jane: { 'auth-provider': { name: 'oidc', config } } } });
  const secrets = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, new SecretText(value)]));
  const user = { name: 'jane', authProvider: { name: 'oidc', config: secrets, file } };
  return { idp, file, identity: identityOf(user, testHost(host)) };
}

describe('auth-provider oidc', () => {
  test('asks the identity provider once for all who wait, and keeps what it gave', async () => {
    await using directory = await temporaryDirectory();
    const { identity, idp } = await provider(directory.path, [{}]);
    const all = await Promise.all([identity.headers(), identity.headers()]);
    expect(all[0]?.['authorization']).toMatch(/^Bearer eyJ/u);
    expect(await identity.headers()).toEqual(all[1]);
    expect(idp.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('asks nothing of the provider while a new refresh-token could not be saved: somebody has the lock', async () => {
    await using directory = await temporaryDirectory();
    const answers = [{ refresh_token: 'refresh-2' }];
    const { file, identity, idp } = await provider(directory.path, answers, { host: { timeoutMs: 0 } });
    await writeFile(`${file}.lock`, '');
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(CredentialError);
    expect((error as Error).message).toMatch(
      /a new refresh-token could not be saved in .*: somebody else has its lock; nothing was asked/u,
    );
    expect(idp.requests).toEqual([]);
    expect(await readFile(`${file}.lock`, 'utf8')).toBe(''); // it is not ours to remove
  });

  test('waits for the lock, and goes on with the refresh-token that was saved meanwhile', async () => {
    await using directory = await temporaryDirectory();
    const { file, identity, idp } = await provider(directory.path, [{}]);
    await writeFile(`${file}.lock`, '');
    const headers = identity.headers();
    await writeFile(file, (await readFile(file, 'utf8')).replace('refresh-1', 'refresh-2'));
    await rm(`${file}.lock`);
    expect((await headers)['authorization']).toMatch(/^Bearer eyJ/u);
    expect(idp.requests.at(-1)?.body).toContain('refresh_token=refresh-2');
  });

  const claims = { iss: 'https://elsewhere.test', exp: now + 3600 };
  test.each<[what: string, grant: object]>([
    ['for several without azp', { id_token: token({ ...claims, aud: ['api', 'cli'], sub: 'j', iat: now }) }],
    ['for another client', { id_token: token({ ...claims, aud: 'api', azp: 'other', sub: 'j', iat: now }) }],
    ['signed with ES256', { id_token: token(claims, 'ES256') }],
    ['that is no JWT at all', { id_token: 'opaque' }],
    ['without a token_type', { id_token: token(claims), token_type: undefined }],
  ])('takes an id_token %s as it comes, as client-go does', async (_, grant) => {
    await using directory = await temporaryDirectory();
    const { identity } = await provider(directory.path, [grant], { issuer: 'https://other.test' });
    expect(await identity.headers()).toEqual({ authorization: `Bearer ${(grant as { id_token: string }).id_token}` });
  });

  test.each([{ id_token: undefined }, { access_token: undefined }])(
    'saves a new refresh-token although the answer is of no use: %j',
    async (grant) => {
      await using directory = await temporaryDirectory();
      const { file, identity } = await provider(directory.path, [{ refresh_token: 'refresh-2', ...grant }]);
      await expect(identity.headers()).rejects.toThrow(CredentialError);
      expect(await readFile(file, 'utf8')).toMatch(/refresh-token: "refresh-2"/u);
    },
  );

  test('saves a new refresh-token in place of a block of text, and the file can be read as before', async () => {
    await using directory = await temporaryDirectory();
    const { file, identity, idp } = await provider(directory.path, [{ refresh_token: 'refresh-2' }]);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/( *)refresh-token: .*/u, '$1refresh-token: |-\n$1  sEc\n$1zlast: x'));
    await identity.headers();
    expect(idp.requests.at(-1)?.body).toContain('refresh_token=sEc');
    expect(await readFile(file, 'utf8')).toBe(
      text.replace(/( *)refresh-token: .*/u, '$1refresh-token: "refresh-2"\n$1zlast: x'),
    );
  });

  test('asks nothing of the provider while a new refresh-token could not be saved: another place of the file would change', async () => {
    await using directory = await temporaryDirectory();
    const { file, identity, idp } = await provider(directory.path, [{ refresh_token: 'refresh-2' }]);
    const text = (await readFile(file, 'utf8')).replace(
      /refresh-token: .*/u,
      'refresh-token: &r s3cr3t\n        z: *r',
    );
    await writeFile(file, text);
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ reason: 'RefreshNotSaved' });
    expect((error as Error).message).toMatch(
      /: it has none of this user that can be replaced alone; nothing was asked/u,
    );
    expect((error as Error).message).not.toContain('s3cr3t');
    expect(idp.requests).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('saves where a link of the kubeconfig leads, under the lock of that file, and leaves the link', async () => {
    await using directory = await temporaryDirectory();
    const answers = [{ refresh_token: 'refresh-2' }];
    const { file, identity } = await provider(directory.path, answers, { host: { timeoutMs: 0 } });
    const target = join(directory.path, 'target');
    await rename(file, target);
    await symlink(target, file);
    await writeFile(`${target}.lock`, '');
    await expect(identity.headers()).rejects.toThrow(`could not be saved in "${target}": somebody else has its lock`);
    await rm(`${target}.lock`);
    await identity.headers();
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).toMatch(/refresh-token: "refresh-2"/u);
  });

  test.each([
    ['invalid_client', 'invalid_grant', 'invalid_grant'],
    ['invalid_grant', 'invalid_client', 'invalid_grant'],
    ['unauthorized_client', 'access_denied', 'unauthorized_client'],
  ])('tells of %s and then %s that it is %s: what is said of the login', async (first, second, told) => {
    await using directory = await temporaryDirectory();
    const refusals = [first, second].map(
      (error): ScriptedStep =>
        ({ write }) =>
          write(json(400, { error })),
    );
    const { identity } = await provider(directory.path, refusals);
    await expect(identity.headers()).rejects.toThrow(`refuses the refresh-token (${told})`);
  });

  test('names the client in the body where the provider does not take it from the header', async () => {
    await using directory = await temporaryDirectory();
    const refuse: ScriptedStep = ({ write }) => write(json(401, { error: 'invalid_client' }));
    const { identity, idp } = await provider(directory.path, [refuse, {}], { secret: 's3cr3t' });
    expect((await identity.headers())['authorization']).toMatch(/^Bearer eyJ/u);
    const [first, second] = idp.requests.filter(({ method }) => method === 'POST');
    expect(first?.headers['authorization']).toBe(`Basic ${btoa('cli:s3cr3t')}`);
    expect(second?.headers).not.toHaveProperty('authorization');
    expect(second?.body).toContain('client_secret=s3cr3t');
  });

  test.each<[what: string, step: ScriptedStep, why: string]>([
    [
      'a web page',
      answer(200, '<html>s3cr3t</html>', { 'Content-Type': 'text/html' }),
      'gave no answer that can be used (it is not JSON)',
    ],
    [
      'a redirect',
      answer(302, '', { Location: 'https://elsewhere.test/' }),
      'gave no answer that can be used (HTTP status 302)',
    ],
    [
      'a refusal in many words',
      json(400, { error: 'invalid_grant', error_description: 's3cr3t' }),
      'refuses the refresh-token (invalid_grant)',
    ],
  ])('takes %s for no token, and shows nothing of it', async (_, step, why) => {
    await using directory = await temporaryDirectory();
    const { identity } = await provider(
      directory.path,
      Array.from({ length: 2 }, (): ScriptedStep => (exchange) => exchange.write(step as Buffer)),
    );
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(CredentialError);
    expect((error as Error).message).toBe(
      `Cannot refresh the id-token of auth-provider oidc of user "jane": the identity provider ${why}`,
    );
    expect((error as CredentialError).hint).toMatch(/./u);
  });

  describe('says of an identity provider that cannot be asked where it is, and what to look at:', () => {
    const refused = async (config: Record<string, string>, host: Partial<PluginHost> = {}) => {
      await using directory = await temporaryDirectory();
      const all = { 'client-id': 'cli', 'refresh-token': 's3cr3t', ...config };
      const file = await writeKubeconfig(directory.path, {
        users: { jane: { 'auth-provider': { name: 'oidc', config: all } } },
      });
      const secrets = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, new SecretText(value)]));
      const user = { name: 'jane', authProvider: { name: 'oidc', config: secrets, file } };
      const error = await identityOf(user, testHost(host))
        .headers()
        .catch((thrown: unknown) => thrown as CredentialError);
      expect(error).toBeInstanceOf(CredentialError);
      expect(`${(error as CredentialError).message} ${(error as CredentialError).hint}`).not.toContain('s3cr3t');
      return error;
    };
    const says = (why: string) =>
      `Cannot refresh the id-token of auth-provider oidc of user "jane": the identity provider ${why}`;

    test('it is down, and its URL has a password in it', async () => {
      const port = await closedPort();
      expect(await refused({ 'idp-issuer-url': `https://jo:s3cr3t@127.0.0.1:${port}/s3cr3t?s3cr3t` })).toMatchObject({
        message: says(`https://127.0.0.1:${port} cannot be asked (ECONNREFUSED)`),
        hint: 'Is it running, a VPN off, or idp-issuer-url of the auth-provider no longer right?',
      });
    });

    test('its authority is not known', async () => {
      const { url } = await startScriptedServer([]);
      expect(await refused({ 'idp-issuer-url': url })).toMatchObject({
        message: expect.stringMatching(
          / the identity provider https:\/\/127\.0\.0\.1:\d+ cannot be asked \((?:UNABLE_TO|SELF_SIGNED)/u,
        ) as unknown,
        hint: expect.stringMatching(/^idp-certificate-authority of the auth-provider/u) as unknown,
      });
    });

    test('its certificate has expired', async () => {
      const { url } = await startScriptedServer([], { certificate: wrongCertificates.expired() });
      expect(await refused({ 'idp-issuer-url': url, 'idp-certificate-authority-data': caData })).toMatchObject({
        message: says(`${url} cannot be asked (CERT_HAS_EXPIRED)`),
        hint: expect.stringMatching(/^Its certificate is refused/u) as unknown,
      });
    });

    test('the proxy to it is down', async () => {
      const port = await closedPort();
      const env = { HTTPS_PROXY: `http://jo:s3cr3t@127.0.0.1:${port}` };
      expect(await refused({ 'idp-issuer-url': 'https://idp.test' }, { env })).toMatchObject({
        message: expect.stringMatching(
          /: proxy http:\/\/.*127\.0\.0\.1:\d+ \(HTTPS_PROXY\) does not lead to the identity provider https:\/\/idp\.test \(ECONNREFUSED\)$/u,
        ) as unknown,
        hint: 'Is the proxy running, and its address right?',
      });
    });

    test('its URL is none', async () => {
      expect(await refused({ 'idp-issuer-url': 's3cr3t' })).toMatchObject({
        message: says('cannot be asked (ERR_INVALID_URL)'),
      });
    });
  });

  test('sends no refresh-token over plain http', async () => {
    await using directory = await temporaryDirectory();
    const { identity, idp } = await provider(directory.path, [{}], { token_endpoint: 'http://127.0.0.1:1/token' });
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).toContain('gave no answer that can be used (OAUTH_HTTP_REQUEST_FORBIDDEN)');
    expect(idp.requests).toHaveLength(1);
  });
});
