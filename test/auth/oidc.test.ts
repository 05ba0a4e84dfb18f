import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { identityOf } from '../../lib/auth/kubeconfig-user.ts';
import { CredentialError } from '../../lib/model/errors.ts';
import { SecretText } from '../../lib/model/secret-text.ts';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import { testHost } from '../support/plugin.ts';
import { answer, json, type ScriptedStep, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const caData = Buffer.from(testAuthority.certPem).toString('base64');

async function provider(directory: string, answers: readonly (object | ScriptedStep)[], more: object = {}) {
  const steps = [...answers];
  const idp = await startScriptedServer(
    Array.from({ length: 9 }, (): ScriptedStep => async (exchange) => {
      if (exchange.request.path.endsWith('/openid-configuration')) {
        return exchange.write(json(200, { issuer: idp.url, token_endpoint: `${idp.url}/token`, ...more }));
      }
      const step = steps.shift();
      if (typeof step === 'function') return (step as (given: typeof exchange) => Promise<void>)(exchange);
      const claims = { iss: idp.url, aud: 'cli', sub: 'jane', iat: now, exp: now + 3600 };
      const idToken = `${base64({ alg: 'RS256' })}.${base64(claims)}.AAAA`;
      return exchange.write(
        json(200, { access_token: 'a', token_type: 'Bearer', id_token: idToken, ...(step as object | undefined) }),
      );
    }),
  );
  const config = {
    'idp-issuer-url': idp.url,
    'idp-certificate-authority-data': caData,
    'client-id': 'cli',
    'refresh-token': 'refresh-1',
  };
  const file = await writeKubeconfig(directory, { users: { jane: { 'auth-provider': { name: 'oidc', config } } } });
  const secrets = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, new SecretText(value)]));
  const user = { name: 'jane', authProvider: { name: 'oidc', config: secrets, file } };
  return { idp, file, identity: identityOf(user, testHost()) };
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

  test('tells of a new refresh-token that cannot be saved because somebody has the lock', async () => {
    await using directory = await temporaryDirectory();
    const { file, identity } = await provider(directory.path, [{ refresh_token: 'refresh-2' }]);
    await writeFile(`${file}.lock`, '');
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(CredentialError);
    expect((error as Error).message).toMatch(/^Cannot save the new refresh-token of .*: somebody else has its lock; /u);
    expect((error as Error).message).not.toContain('refresh-2');
    expect(await readFile(file, 'utf8')).toContain('refresh-1');
    expect(await readFile(`${file}.lock`, 'utf8')).toBe(''); // it is not ours to remove
  });

  test.each<[what: string, step: ScriptedStep, why: string]>([
    [
      'a web page',
      answer(200, '<html>s3cr3t</html>', { 'Content-Type': 'text/html' }),
      'gave no answer that can be used (OAUTH_RESPONSE_IS_NOT_JSON)',
    ],
    [
      'a redirect',
      answer(302, '', { Location: 'https://elsewhere.test/' }),
      'gave no answer that can be used (OAUTH_RESPONSE_IS_NOT_CONFORM)',
    ],
    [
      'a refusal in many words',
      json(400, { error: 'invalid_grant', error_description: 's3cr3t' }),
      'refuses the refresh-token (invalid_grant)',
    ],
    [
      "somebody else's id_token",
      json(200, {
        access_token: 'a',
        token_type: 'Bearer',
        id_token: `${base64({ alg: 'RS256' })}.${base64({ iss: 'https://evil.test', aud: 'cli', sub: 'j', iat: now, exp: now + 9 })}.AAAA`,
      }),
      'gave no answer that can be used (OAUTH_JWT_CLAIM_COMPARISON_FAILED)',
    ],
  ])('takes %s for no token, and shows nothing of it', async (_, step, why) => {
    await using directory = await temporaryDirectory();
    const { identity } = await provider(directory.path, [(exchange) => exchange.write(step as Buffer)]);
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(CredentialError);
    expect((error as Error).message).toBe(
      `Cannot refresh the id-token of auth-provider oidc of user "jane": the identity provider ${why}`,
    );
  });

  test('sends no refresh-token over plain http', async () => {
    await using directory = await temporaryDirectory();
    const { identity, idp } = await provider(directory.path, [{}], { token_endpoint: 'http://127.0.0.1:1/token' });
    const error = await identity.headers().catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).toContain('gave no answer that can be used (OAUTH_HTTP_REQUEST_FORBIDDEN)');
    expect(idp.requests).toHaveLength(1);
  });
});
