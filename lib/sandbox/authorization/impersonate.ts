import type { IncomingHttpHeaders } from 'node:http';
import { authenticatedGroup, anonymous, serviceAccountGroups, type User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import { notSubdomain } from '../kinds/names.ts';
import { ApiError } from '../status.ts';
import { type Attributes, authorize, type ResourceAttributes, superusers } from './rbac.ts';
import { refusal } from './refuse.ts';
import { type ImpersonationMode, type WantedUser, wantedUser } from './wanted-user.ts';

/** Groups that may be impersonated as of old alone, and what they are called. */
const never: ReadonlyMap<string, string> = new Map([
  ['', 'empty string'],
  [superusers, superusers],
]);

const authenticationGroup = 'authentication.k8s.io';

/**
 * Whom a request counts for: its caller, or whom the caller asks to be taken for and may be
 * (kubernetes: apiserver, endpoints/filters/impersonation).
 *
 * @throws {ApiError} 400: no user is named; 403: the caller may not.
 */
export function impersonate(
  { lastImpersonations, store }: Cluster,
  caller: User,
  headers: IncomingHttpHeaders,
  request: Attributes,
): User {
  const wanted = wantedUser(headers);
  if (wanted === undefined) return caller;
  const require = (what: Attributes) => {
    const { allowed, reason } = authorize(store, caller, what);
    if (!allowed) throw refusal(caller, what, reason);
  };
  // what somebody was allowed last is asked first, and its refusal told
  const last = lastImpersonations.get(caller.username);
  const modes = [constrainedMode(wanted), 'legacy' as const].filter((mode) => mode !== undefined);
  let firstError: unknown;
  for (const mode of modes.toSorted((a, b) => Number(b === last) - Number(a === last))) {
    try {
      if (mode !== 'legacy') require({ ...request, verb: `impersonate-on:${mode}:${request.verb}` });
      for (const what of targetsOf(wanted, mode)) {
        const why = mode === 'legacy' || what.resource !== 'groups' ? undefined : never.get(what.name);
        if (why !== undefined) throw refusal(caller, what, `impersonating the ${why} group is not allowed`);
        require(what);
      }
      lastImpersonations.set(caller.username, mode);
      return userOf(wanted, mode);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      firstError ??= error;
    }
  }
  throw firstError;
}

/** Undefined where only the old way is left: a node or a ServiceAccount with more than its name. */
function constrainedMode({ extra, groups, uid, username }: WantedUser): ImpersonationMode | undefined {
  const isNameAlone = uid === '' && groups.length === 0 && extra.length === 0;
  const mode = accountOf(username) !== undefined ? 'serviceaccount' : isNode(username) ? 'arbitrary-node' : 'user-info';
  return mode === 'user-info' || isNameAlone ? mode : undefined;
}

function accountOf(username: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/u.exec(username) ?? [];
  return name === '' ? undefined : { namespace, name };
}

const nodePrefix = 'system:node:';

function isNode(username: string): boolean {
  return username.startsWith(nodePrefix) && notSubdomain(username.slice(nodePrefix.length)) === undefined;
}

function targetsOf({ extra, groups, uid, username }: WantedUser, mode: ImpersonationMode): ResourceAttributes[] {
  const verb = mode === 'legacy' ? 'impersonate' : `impersonate:${mode}`;
  const group = mode === 'legacy' ? '' : authenticationGroup;
  const of = (resource: string, name: string) => ({ verb, group, resource, subresource: '', namespace: '', name });
  const account = accountOf(username);
  const who =
    mode === 'arbitrary-node'
      ? of('nodes', username.slice(nodePrefix.length))
      : account === undefined
        ? of('users', username)
        : { ...of('serviceaccounts', account.name), namespace: account.namespace };
  return [
    who,
    ...(uid === '' ? [] : [{ ...of('uids', uid), group: authenticationGroup }]),
    ...groups
      .toSorted((a, b) => (mode === 'legacy' ? 0 : Number(never.has(b)) - Number(never.has(a))))
      .map((name) => of('groups', name)),
    ...extra.flatMap(([key, values]) =>
      values.map((name) => Object.assign(of('userextras', name), { group: authenticationGroup, subresource: key })),
    ),
  ];
}

function userOf({ extra, groups, uid, username }: WantedUser, mode: ImpersonationMode): User {
  const account = accountOf(username);
  const given = account !== undefined && groups.length === 0 ? serviceAccountGroups(account.namespace) : groups;
  const own = mode === 'arbitrary-node' ? ['system:nodes'] : given;
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
