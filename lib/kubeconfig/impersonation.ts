import { UsageError } from '../model/errors.ts';
import type { ClusterChoice } from './choose.ts';
import type { UserEntry } from './types.ts';

/**
 * A user with what the flags say of impersonation: as client-go merges overrides (clientcmd/merge.go), each piece that
 * is given replaces that of the kubeconfig, extras key by key; the rest stays.
 *
 * @throws {UsageError} They name groups, a UID or extras, and nobody names the user.
 */
export function withImpersonation(user: UserEntry, choice: ClusterChoice): UserEntry {
  const { as, asGroup = [], asUid, asUserExtra = [] } = choice;
  const extra = new Map<string, string[]>();
  for (const { key, value } of asUserExtra) extra.set(key, [...(extra.get(key) ?? []), value]);
  const name = as || user.as;
  const flags = [
    ...(asGroup.length > 0 ? ['--as-group'] : []),
    ...(asUid ? ['--as-uid'] : []),
    ...(extra.size > 0 ? ['--as-user-extra'] : []),
  ];
  if (name === '' && flags.length > 0) {
    throw new UsageError(`Cannot use ${flags.join(', ')}: no user to impersonate is named`, {
      reason: 'ImpersonationInvalid',
      hint: 'Name one with --as',
    });
  }
  return {
    ...user,
    as: name,
    asUid: asUid || user.asUid,
    asGroups: asGroup.length > 0 ? asGroup : user.asGroups,
    asUserExtra: extra.size > 0 ? new Map([...user.asUserExtra, ...extra]) : user.asUserExtra,
  };
}
