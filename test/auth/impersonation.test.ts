import { describe, expect, test } from 'vitest';
import { bearerIdentity } from '../../lib/auth/bearer.ts';
import { anonymousIdentity } from '../../lib/auth/identity.ts';
import { impersonatingIdentity } from '../../lib/auth/impersonation.ts';
import type { Impersonation } from '../../lib/model/cluster-access.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';

const jane = bearerIdentity(new BearerToken('janes-token'), 'user "jane"');
const of = (fields: Partial<Impersonation>) =>
  impersonatingIdentity(jane, { user: 'bob', groups: [], extra: {}, ...fields });

describe('impersonatingIdentity()', () => {
  test('authenticates as before, and has a value for each group and each value of an extra', async () => {
    const identity = of({ uid: '7', groups: ['a', 'b'], extra: { scopes: ['view', 'edit'] } });
    expect(await identity.headers()).toEqual({
      authorization: 'Bearer janes-token',
      'impersonate-user': 'bob',
      'impersonate-uid': '7',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-scopes': ['view', 'edit'],
    });
  });

  test('puts the values of keys together that differ in letter case only, as an API server reads them', async () => {
    const headers = await of({ extra: { Scopes: ['view'], scopes: ['edit'], none: [] } }).headers();
    expect(headers).toMatchObject({ 'impersonate-extra-scopes': ['view', 'edit'] });
    expect(Object.keys(headers)).toHaveLength(3);
  });

  test.each<[Partial<Impersonation>, string]>([
    [{}, 'user "bob" (impersonated by user "jane")'],
    [{ groups: ['a'] }, 'user "bob" in group "a" (impersonated by user "jane")'],
    [
      { user: 'b\u009B31mob', groups: ['a', 'b'] },
      String.raw`user "b\x9b31mob" in groups "a", "b" (impersonated by user "jane")`,
    ],
  ])('of %j says who does it and as whom', (fields, description) => {
    expect(of(fields)).toMatchObject({ description, impersonatedBy: 'user "jane"' });
  });

  test('impersonates without a credential too, for a proxy that adds one', async () => {
    const identity = impersonatingIdentity(anonymousIdentity, { user: 'bob', groups: [], extra: {} });
    expect(identity.description).toBe('user "bob" (impersonated by anonymous)');
    expect(await identity.headers()).toEqual({ 'impersonate-user': 'bob' });
  });

  test.each<[string, Partial<Impersonation>]>([
    ['as "a\\nb"', { user: 'a\nb' }],
    ['as " bob"', { user: ' bob' }],
    ['as-uid "7\\r"', { uid: '7\r' }],
    ['as-groups "a\\u0000"', { groups: ['b', 'a\0'] }],
    ['as-user-extra "scopes" "x "', { extra: { scopes: ['x '] } }],
  ])('refuses %s: in a header it would be another name', (what, fields) => {
    expect(() => of(fields)).toThrow(UsageError);
    expect(() => of(fields)).toThrow(`Cannot impersonate: ${what} has control characters or white space around it`);
  });
});
