import { writeObject, writeText } from '../http/write.ts';
import { unauthorized } from '../status.ts';
import type { Fault } from './fault.ts';

const refusals = 3;

export const flapping401: Fault = {
  handle(next) {
    const refused = new Map<string, number>();
    return async (request, response) => {
      const token = request.headers.authorization;
      const times = refused.get(token ?? '') ?? 0;
      if (token === undefined || times >= refusals) return next(request, response);
      refused.set(token, times + 1);
      await writeObject(response, unauthorized().status, { code: 401, type: 'json', pretty: false });
    };
  },
};

/** As kube-apiserver answers what its priority levels have no room for: no Status (apiserver: server/filters). */
export const tooManyRequests: Fault = {
  handle: () => async (_, response) =>
    writeText(response, 'Too many requests, please try again later.\n', {
      code: 429,
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Retry-After': '1',
        'X-Content-Type-Options': 'nosniff',
      },
    }),
};
