import type { Connection } from '../connection/connection.ts';
import { KubeSaTokenError } from '../model/errors.ts';

export type SecretVerb = 'create' | 'get' | 'delete' | 'list' | 'watch' | 'patch';

/**
 * Which of `verbs` on Secrets the caller lacks in a namespace, as far as the server tells; empty where it does not.
 *
 * One SelfSubjectRulesReview is enough for who has them all. It may be incomplete (always with the node or a webhook
 * authorizer), so that what it does not list is asked for singly, by SelfSubjectAccessReview.
 */
export async function missingSecretRights(
  connection: Connection,
  namespace: string,
  verbs: readonly SecretVerb[],
  signal: AbortSignal,
): Promise<SecretVerb[]> {
  try {
    const { status } = await review<RulesReview>(connection, 'SelfSubjectRulesReview', { namespace }, signal);
    const unlisted = verbs.filter((verb) => !(status?.resourceRules ?? []).some((rule) => allowsSecrets(rule, verb)));
    if (unlisted.length === 0 || status?.incomplete === false) return unlisted;
    const answers = await Promise.all(unlisted.map((verb) => isAllowed(connection, namespace, verb, signal)));
    return unlisted.filter((_, index) => answers[index] === false);
  } catch (error) {
    // Not every server has these reviews, nor lets everybody ask: the calls themselves will tell.
    if (error instanceof KubeSaTokenError && !signal.aborted) return [];
    throw error;
  }
}

interface RulesReview {
  status?: { resourceRules?: ResourceRule[]; incomplete?: boolean };
}

interface ResourceRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

function allowsSecrets(
  { verbs, apiGroups = [], resources = [], resourceNames = [] }: ResourceRule,
  verb: SecretVerb,
): boolean {
  const has = (list: readonly string[], item: string) => list.includes(item) || list.includes('*');
  return resourceNames.length === 0 && has(verbs, verb) && has(apiGroups, '') && has(resources, 'secrets');
}

async function isAllowed(
  connection: Connection,
  namespace: string,
  verb: SecretVerb,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const spec = { resourceAttributes: { namespace, verb, group: '', resource: 'secrets' } };
  const { status } = await review<{ status?: { allowed?: boolean } }>(
    connection,
    'SelfSubjectAccessReview',
    spec,
    signal,
  );
  return status?.allowed;
}

async function review<T>(connection: Connection, kind: string, spec: object, signal: AbortSignal): Promise<T> {
  const apiVersion = 'authorization.k8s.io/v1';
  const answer = await connection.send({
    method: 'POST',
    path: `/apis/${apiVersion}/${kind.toLowerCase()}s`,
    body: JSON.stringify({ apiVersion, kind, spec }),
    contentType: 'application/json',
    doing: 'ask what we may do',
    retry: 'idempotent',
    signal,
  });
  return answer.json<T>();
}
