import type { IncomingHttpHeaders } from 'node:http';
import { authenticatedGroup, anonymous, serviceAccountGroups, type User } from '../authentication/user.ts';
import { badRequest } from '../status.ts';
import type { Store } from '../store/store.ts';
import { authorize, type ResourceAttributes } from './rbac.ts';
import { refusal } from './refuse.ts';

const authenticationGroup = 'authentication.k8s.io';

/**
 * Whom a request counts for: its caller, or whom the caller asks to be taken for and may be.
 *
 * @throws {ApiError} 400: no user is named; 403: the caller may not.
 */
export function impersonate(store: Store, caller: User, headers: IncomingHttpHeaders): User {
  const username = textOf(headers['impersonate-user']);
  const uid = textOf(headers['impersonate-uid']);
  const groups = listOf(headers['impersonate-group']);
  const extra = extraOf(headers);
  if (username === '') {
    if (uid === '' && groups.length === 0 && extra.length === 0) return caller;
    throw Object.assign(badRequest(withoutUser(uid, groups)), { nosniff: true });
  }
  const [, namespace = '', account = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/u.exec(username) ?? [];
  const isAccount = account !== '';
  const who = isAccount ? target('', 'serviceaccounts', account, { namespace }) : target('', 'users', username);
  const all = [
    who,
    ...groups.map((group) => target('', 'groups', group)),
    ...extra.flatMap(([key, values]) =>
      values.map((value) => target(authenticationGroup, 'userextras', value, { subresource: key })),
    ),
    ...(uid === '' ? [] : [target(authenticationGroup, 'uids', uid)]),
  ];
  for (const what of all) if (!authorize(store, caller, what).allowed) throw refusal(caller, what, '');
  const own = isAccount && groups.length === 0 ? serviceAccountGroups(namespace) : groups;
  return {
    username,
    ...(uid === '' ? {} : { uid }),
    groups: username === anonymous.username ? [...own, ...anonymous.groups] : withAuthenticated(own),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

function withAuthenticated(groups: readonly string[]): string[] {
  return groups.some((group) => group === authenticatedGroup || anonymous.groups.includes(group))
    ? [...groups]
    : [...groups, authenticatedGroup];
}

function target(
  group: string,
  resource: string,
  name: string,
  more: { readonly namespace?: string; readonly subresource?: string } = {},
): ResourceAttributes {
  return { verb: 'impersonate', group, resource, subresource: '', namespace: '', name, ...more };
}

function extraOf(headers: IncomingHttpHeaders): [string, string[]][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string[]][] => {
    const [, key] = /^impersonate-extra-(.+)$/u.exec(name) ?? [];
    return key === undefined ? [] : [[decodeURIComponent(key), listOf(value)]];
  });
}

function textOf(value: string | string[] | undefined): string {
  return [value ?? ''].flat()[0] ?? '';
}

/** Node joins headers that come several times. */
function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat().flatMap((one) => one.split(', '));
}

/** In the words of Go's printer. */
function withoutUser(uid: string, groups: readonly string[]): string {
  const list =
    groups.length === 0 ? '[]string(nil)' : `[]string{${groups.map((one) => JSON.stringify(one)).join(', ')}}`;
  const user = `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list}, Extra:map[string][]string(nil)}`;
  return `requested ${user} without impersonating a user name`;
}
