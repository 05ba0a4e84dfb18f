import { userInfo } from '../authentication/user.ts';
import { type ObjectMeta, timestamp } from '../object/object.ts';
import { anything, objectSchema, struct } from '../object/schema.ts';
import type { ReviewType } from './review-type.ts';

/** Who am I? */
export const selfSubjectReview: ReviewType = {
  group: 'authentication.k8s.io',
  version: 'v1',
  resource: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  kind: 'SelfSubjectReview',
  namespaced: false,
  verbs: ['create'],
  internalType: 'authentication.SelfSubjectReview',
  schema: objectSchema('v1.SelfSubjectReview', {
    status: struct('v1.SelfSubjectReviewStatus', { userInfo: anything() }),
  }),
  answer: ({ cluster, review, user }) => ({
    ...review,
    metadata: { creationTimestamp: timestamp(cluster.now()) } as ObjectMeta,
    status: { userInfo: userInfo(user) },
  }),
};
