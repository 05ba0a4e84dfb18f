import type { V1ResourceRule } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { authorizationV1 } from '../connection/typed-api.ts';

export type SecretVerb = 'create' | 'get' | 'delete' | 'list' | 'watch' | 'patch';

/**
 * Which of `verbs` on Secrets the caller lacks in a namespace, as far as the server tells.
 *
 * One SelfSubjectRulesReview is enough for who has them all. It may be incomplete (always with the node or a webhook
 * authorizer), so that what it does not list is asked for singly, by SelfSubjectAccessReview.
 *
 * @throws {KubeSaTokenError} Not every server has these reviews, nor lets everybody ask.
 */
export async function missingSecretRights(
  connection: Connection,
  namespace: string,
  verbs: readonly SecretVerb[],
  signal: AbortSignal,
): Promise<SecretVerb[]> {
  // Reviews store nothing, so that they may be repeated.
  const call = { doing: 'ask what we may do', signal, retry: 'idempotent' } as const;
  const authorization = await authorizationV1(connection, call);
  const { status } = await authorization.createSelfSubjectRulesReview({ body: { spec: { namespace } } });
  const unlisted = verbs.filter((verb) => !(status?.resourceRules ?? []).some((rule) => allowsSecrets(rule, verb)));
  if (unlisted.length === 0 || status?.incomplete === false) return unlisted;
  const answers = await Promise.all(
    unlisted.map((verb) => {
      const resourceAttributes = { namespace, verb, group: '', resource: 'secrets' };
      return authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    }),
  );
  return unlisted.filter((_, index) => answers[index]?.status?.allowed === false);
}

/** Whether the caller may do something, by a SelfSubjectAccessReview. */
export async function mayDo(
  connection: Connection,
  resourceAttributes: { verb: string; resource: string; group?: string; namespace?: string; name?: string },
  signal: AbortSignal,
): Promise<boolean> {
  const call = { doing: 'ask what we may do', signal, retry: 'idempotent' } as const;
  const authorization = await authorizationV1(connection, call);
  const { status } = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  return status?.allowed === true;
}

function allowsSecrets(
  { apiGroups = [], resourceNames = [], resources = [], verbs }: V1ResourceRule,
  verb: SecretVerb,
): boolean {
  const has = (list: readonly string[], item: string) => list.includes(item) || list.includes('*');
  return resourceNames.length === 0 && has(verbs, verb) && has(apiGroups, '') && has(resources, 'secrets');
}
