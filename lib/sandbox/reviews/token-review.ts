import { authenticateToken } from '../authentication/service-account-token.ts';
import { userInfo } from '../authentication/user.ts';
import { anything, list, objectSchema, string, struct } from '../object/schema.ts';
import { badRequest } from '../status.ts';
import type { ReviewType } from './review-type.ts';

/** Whom does this token stand for? Asked with rights to ask it, about anybody's token. */
export const tokenReview: ReviewType = {
  group: 'authentication.k8s.io',
  version: 'v1',
  resource: 'tokenreviews',
  singular: 'tokenreview',
  kind: 'TokenReview',
  namespaced: false,
  verbs: ['create'],
  internalType: 'authentication.TokenReview',
  schema: objectSchema('v1.TokenReview', {
    spec: struct('v1.TokenReviewSpec', { token: string(), audiences: list(string()) }),
    status: anything(),
  }),
  answer({ cluster, review }) {
    const { audiences, token = '' } = review['spec'] as { token?: string; audiences?: string[] };
    if (token === '') throw badRequest('token is required for TokenReview in authentication');
    const ask = () => authenticateToken(cluster, token, audiences);
    const answer = audiences === undefined ? cluster.tokenCache.answer(token, ask) : ask();
    const status =
      'error' in answer
        ? { user: {}, error: answer.error }
        : { authenticated: true, user: userInfo(answer.user), audiences: answer.audiences };
    return { ...review, status };
  },
};
