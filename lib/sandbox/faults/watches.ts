import type { ServerResponse } from 'node:http';
import { beginStream, json, writeObject } from '../http/write.ts';
import { expired } from '../status.ts';
import type { Fault, Handler } from './fault.ts';
import { isWatch } from './requests.ts';

export const resetWatch: Fault = {
  handle(next) {
    let isCut = false;
    return (request, response) => {
      if (!isCut && isWatch(request)) {
        isCut = true;
        cutWithinLine(response);
      }
      return next(request, response);
    };
  },
};

export const expiredWatch = insteadOfWatch(async (_, response) => {
  beginStream(response, { code: 200, headers: { 'Content-Type': 'application/json' } });
  response.end(`${json({ type: 'ERROR', object: tooOld })}\n`);
});

export const goneWatch = insteadOfWatch((_, response) =>
  writeObject(response, tooOld, { code: 410, type: 'json', pretty: false }),
);

export const heldWatch = insteadOfWatch(async () => {});

export const idleWatch = insteadOfWatch(async (_, response) =>
  beginStream(response, { code: 200, headers: { 'Content-Type': 'application/json' } }),
);

const tooOld = expired('The resourceVersion for the provided watch is too old.').status;

function insteadOfWatch(answer: Handler): Fault {
  return { handle: (next) => (request, response) => (isWatch(request) ? answer : next)(request, response) };
}

/** Ends the connection in the middle of the first event. */
function cutWithinLine(response: ServerResponse): void {
  const write = response.write.bind(response);
  Object.assign(response, {
    write(data: string) {
      Reflect.deleteProperty(response, 'write');
      return write(data.slice(0, data.length / 2), () => response.destroy());
    },
  });
}
