import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Handler } from './fault.ts';

/** An answer before a byte of it is sent. */
export interface HeldAnswer {
  readonly code: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Has a request answered, and the answer held back for who asks for it. Not for watches, which have no end. */
export async function answerOf(next: Handler, request: IncomingMessage, response: ServerResponse): Promise<HeldAnswer> {
  return await new Promise((resolve, reject) => {
    let head: Omit<HeldAnswer, 'body'> = { code: 200, headers: {} };
    Object.assign(response, {
      writeHead(code: number, headers: OutgoingHttpHeaders = {}) {
        head = { code, headers };
        return response;
      },
      end(body: string | Uint8Array = '') {
        for (const name of ['writeHead', 'end']) Reflect.deleteProperty(response, name);
        resolve({ ...head, body: Buffer.from(body) });
        return response;
      },
    });
    next(request, response).catch(reject);
  });
}
