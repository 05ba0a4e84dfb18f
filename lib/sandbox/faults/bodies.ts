import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { answerOf } from './answer.ts';
import type { Fault } from './fault.ts';
import { isCreate, isList } from './requests.ts';

export const truncated: Fault = {
  handle: (next) => async (request, response) => {
    if (!isCreate(request) && !isList(request)) return next(request, response);
    const { body, code, headers } = await answerOf(next, request, response);
    response.writeHead(code, headers).write(body.subarray(0, body.length / 2), () => response.destroy());
  },
};

/** Bytes a piece, but no more pieces than a long answer bears. */
const pieceBytes = 7;
const mostPieces = 500;

export const splitChunks: Fault = {
  handle: (next) => (request, response) => {
    split(response);
    return next(request, response);
  },
};

function split(response: ServerResponse): void {
  const end = response.end.bind(response);
  const write = response.write.bind(response);
  const writeHead = response.writeHead.bind(response);
  let last = Promise.resolve();
  const after = async (earlier: Promise<void>, data: string | Uint8Array, isEnd: boolean) => {
    await earlier;
    const bytes = Buffer.from(data);
    const size = Math.max(pieceBytes, Math.ceil(bytes.length / mostPieces));
    for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
      write(bytes.subarray(at, at + size));
      await setImmediate(); // a TLS record of its own
    }
    if (isEnd) end();
  };
  Object.assign(response, {
    writeHead(code: number, { 'Content-Length': _, ...headers }: OutgoingHttpHeaders = {}) {
      return writeHead(code, headers);
    },
    write(data: string | Uint8Array) {
      last = after(last, data, false);
      return true;
    },
    end(data: string | Uint8Array = '') {
      last = after(last, data, true);
      return response;
    },
  });
}
