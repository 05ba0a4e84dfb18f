import type { IncomingHttpHeaders } from 'node:http';
import type { User } from '../authentication/user.ts';
import { badRequest } from '../status.ts';
import { goQuote } from '../go-quote.ts';

/** In which way somebody may be impersonated: as of old, or for single verbs alone. */
export type ImpersonationMode = 'legacy' | 'user-info' | 'serviceaccount' | 'arbitrary-node';

/** Whom the headers of a request ask to be taken for, to the letter. */
export interface WantedUser extends Required<Pick<User, 'username' | 'uid' | 'groups'>> {
  readonly extra: readonly (readonly [key: string, values: readonly string[]])[];
}

/** @throws {ApiError} 400: they name something of a user, but no user. */
export function wantedUser(headers: IncomingHttpHeaders): WantedUser | undefined {
  const username = textOf(headers['impersonate-user']);
  const uid = textOf(headers['impersonate-uid']);
  const groups = listOf(headers['impersonate-group']);
  const extra = extraOf(headers);
  if (username !== '') return { username, uid, groups, extra };
  if (uid === '' && groups.length === 0 && extra.length === 0) return undefined;
  throw Object.assign(badRequest(withoutUser(uid, groups)), { nosniff: true });
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
  const list = groups.length === 0 ? '[]string(nil)' : `[]string{${groups.map(goQuote).join(', ')}}`;
  const user = `&user.DefaultInfo{Name:"", UID:${goQuote(uid)}, Groups:${list}, Extra:map[string][]string(nil)}`;
  return `requested ${user} without impersonating a user name`;
}
