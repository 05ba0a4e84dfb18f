import { describe, expect, test } from 'vitest';
import { anonymousIdentity } from '../../lib/auth/identity.ts';
import { identityOf } from '../../lib/auth/kubeconfig-user.ts';
import type { KubeconfigUser } from '../../lib/model/cluster-access.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { BearerToken, SecretText } from '../../lib/model/secret-text.ts';
import { testAuthority } from '../support/scripted-server.ts';
import { testPlugin } from '../support/plugin.ts';

const token = new BearerToken('janes-token');
const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
const certificate = { clientCertificate: { data: certPem }, clientKey: { data: new SecretText(keyPem) } };
const exec = testPlugin({ command: 'aws' });
const user = (fields: Partial<KubeconfigUser>): KubeconfigUser => ({ name: 'jane', ...fields });

const oidc = { 'idp-issuer-url': new SecretText('https://idp.test'), 'client-id': new SecretText('cli') };

describe('identityOf()', () => {
  test.each<[what: string, fields: Partial<KubeconfigUser>, headers: object, hasCertificate: boolean]>([
    ['a token', { token }, { authorization: 'Bearer janes-token' }, false],
    [
      'a username and password, in UTF-8',
      { username: 'jane', password: new SecretText('pässword:1') },
      { authorization: `Basic ${Buffer.from('jane:pässword:1').toString('base64')}` },
      false,
    ],
    ['a username without password', { username: 'jane' }, { authorization: `Basic ${btoa('jane:')}` }, false],
    ['a client certificate', certificate, {}, true],
    [
      'a client certificate along with a token',
      { ...certificate, token },
      { authorization: 'Bearer janes-token' },
      true,
    ],
    ['a token rather than exec', { token, exec }, { authorization: 'Bearer janes-token' }, false],
    ['a client certificate rather than exec', { ...certificate, exec }, {}, true],
    [
      'a token rather than an auth-provider',
      { token, authProvider: { name: 'oidc', config: oidc, file: '/config' } },
      { authorization: 'Bearer janes-token' },
      false,
    ],
  ])('acts on %s, as client-go does', async (_, fields, headers, hasCertificate) => {
    const identity = identityOf(user(fields));
    expect(identity.description).toBe('user "jane"');
    expect(await identity.headers()).toEqual(headers);
    expect(await identity.clientCertificate()).toEqual(
      hasCertificate ? { certPem, keyPem: new SecretText(keyPem) } : undefined,
    );
  });

  test.each<[string, Partial<KubeconfigUser>]>([
    ['nothing', {}],
    ['an empty username', { username: '', password: new SecretText('x') }],
    ['a client key without certificate', { clientKey: { data: new SecretText(keyPem) } }],
  ])('is anonymous with %s', (_, fields) => {
    expect(identityOf(user(fields))).toBe(anonymousIdentity);
  });

  test.each<[field: string, fields: Partial<KubeconfigUser>]>([
    ['exec', { exec }],
    ['auth-provider', { authProvider: { name: 'oidc', config: {}, file: '/config' } }],
    ['auth-provider', { ...certificate, authProvider: { name: 'oidc', config: {}, file: '/config' } }],
  ])('refuses %s, which it would have to act on, by name', (field, fields) => {
    expect(() => identityOf(user(fields))).toThrow(UsageError);
    expect(() => identityOf(user(fields))).toThrow(
      `Cannot connect as user "jane": users["jane"].user.${field} is set, and this version cannot`,
    );
  });

  test.each([
    ['gcp', /gke-gcloud-auth-plugin takes its place/u],
    ['azure', /kubelogin takes its place/u],
    ['openstack', /client-go knows oidc alone/u],
  ])('sends no token that stands beside auth-provider %s, as client-go does not', async (name, hint) => {
    const authProvider = { name, config: {}, file: '/config' };
    const error = await identityOf(user({ token, authProvider }))
      .headers()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ reason: 'AuthProviderUnknown', hint: expect.stringMatching(hint) as string });
  });

  test('refuses a token beside a username: only one of them can be sent', () => {
    expect(() => identityOf(user({ token, username: 'jane' }))).toThrow('it has a token and a username');
  });

  test.each(['', 'line\nbreak', 'janes-token\n', 'nul\0'])('refuses the token %j without showing it', (text) => {
    const refused = () => identityOf(user({ token: new BearerToken(text) }));
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(
      /^Cannot use token of user "jane": (?:it is empty|there is an? (?:end of line|control character) in it)$/u,
    );
  });

  test('escapes the name of the user', () => {
    expect(identityOf(user({ name: 'ja\u001B[31mne', token })).description).toBe(String.raw`user "ja\x1b[31mne"`);
  });
});
