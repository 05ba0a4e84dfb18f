import { UsageError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Grant } from './grant.ts';

/** What Kubernetes itself asks RBAC about; kubectl (create/role.go) knows all but those of signers and approvers. */
const standardVerbs: readonly string[] = [
  '*',
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'proxy',
  'use',
  'bind',
  'escalate',
  'impersonate',
  'approve',
  'sign',
  'attest',
];

/**
 * A verb that is a typing error away from a standard one is refused: it would allow nothing, and nobody would see why.
 * Any other goes, with a warning as that of `kubectl create role`: authorizers and controllers ask about verbs of their
 * own.
 *
 * @throws {UsageError}
 */
export function requireVerb(verb: string): void {
  if (standardVerbs.includes(verb)) return;
  const meant = nearest(verb, standardVerbs, { errors: 1 });
  if (meant === undefined) return;
  throw new UsageError(`Cannot allow the verb "${verb}": Kubernetes has no such verb, so that it would allow nothing`, {
    reason: 'UnknownVerb',
    hint: `Did you mean ${meant}?`,
  });
}

/** Warns of each verb that Kubernetes itself never asks about, once. */
export function warnOfVerbs(grants: readonly Grant[], onWarning: ((text: string) => void) | undefined): void {
  const verbs = grants.flatMap((grant) => (grant.by === 'rules' ? grant.rules.flatMap((rule) => rule.verbs) : []));
  for (const verb of new Set(verbs)) {
    if (!standardVerbs.includes(verb)) onWarning?.(`"${verb}" is not a standard verb: Kubernetes never asks about it`);
  }
}
