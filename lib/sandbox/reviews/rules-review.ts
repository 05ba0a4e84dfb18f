import { aggregate, grantsOf } from '../authorization/rbac.ts';
import type { PolicyRule } from '../kinds/rbac-objects.ts';
import type { ObjectMeta } from '../object/object.ts';
import { anything, objectSchema, string, struct } from '../object/schema.ts';
import { badRequest } from '../status.ts';
import type { ReviewType } from './review-type.ts';

/** What may I do in a namespace? */
export const selfSubjectRulesReview: ReviewType = {
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'selfsubjectrulesreviews',
  singular: 'selfsubjectrulesreview',
  kind: 'SelfSubjectRulesReview',
  namespaced: false,
  verbs: ['create'],
  internalType: 'authorization.SelfSubjectRulesReview',
  schema: objectSchema('v1.SelfSubjectRulesReview', {
    spec: struct('v1.SelfSubjectRulesReviewSpec', { namespace: string() }),
    status: anything(),
  }),
  answer({ cluster, review, user }) {
    const { namespace = '' } = review['spec'] as { namespace?: string };
    if (namespace === '') throw badRequest('no namespace on request');
    const resourceRules: object[] = [];
    const nonResourceRules: object[] = [];
    const errors: string[] = [];
    const grants = [...grantsOf(cluster.store, user, namespace)];
    const rules = grants.flatMap((grant): readonly PolicyRule[] => {
      if ('rules' in grant) return grant.rules;
      errors.push(grant.error);
      return [];
    });
    for (const { apiGroups, nonResourceURLs, resourceNames, resources, verbs } of rules) {
      if (resources !== undefined && resources.length > 0) {
        resourceRules.push({ verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) });
      }
      if (nonResourceURLs !== undefined && nonResourceURLs.length > 0)
        nonResourceRules.push({ verbs, nonResourceURLs });
    }
    const status = {
      resourceRules,
      nonResourceRules,
      incomplete: false,
      ...(errors.length > 0 ? { evaluationError: aggregate(errors) } : {}),
    };
    return { ...review, metadata: {} as ObjectMeta, spec: {}, status };
  },
};
