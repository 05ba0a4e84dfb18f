import { createHash } from 'node:crypto';
import type { TokenAnswer } from './token-answer.ts';

/**
 * What an API server remembers of tokens that it has accepted: for ten seconds a revoked one goes on working, with the
 * warnings of its first use. Refusals are not remembered (kubernetes: TokenSuccessCacheTTL, TokenFailureCacheTTL).
 */
export interface TokenCache {
  answer(token: string, ask: () => TokenAnswer): TokenAnswer;
}

/** @param ttlMs Milliseconds; 0 remembers nothing. */
export function createTokenCache({ ttlMs, now }: { ttlMs: number; now: () => number }): TokenCache {
  const known = new Map<string, { readonly answer: TokenAnswer; readonly until: number }>();
  return {
    answer(token, ask) {
      const key = createHash('sha256').update(token).digest('base64');
      const found = known.get(key);
      if (found !== undefined && found.until > now()) return found.answer;
      known.delete(key);
      const answer = ask();
      if ('user' in answer && ttlMs > 0) {
        for (const [other, { until }] of known) {
          if (until > now()) break; // the oldest come first
          known.delete(other);
        }
        known.set(key, { answer, until: now() + ttlMs });
      }
      return answer;
    },
  };
}
