import { json } from '../http/write.ts';
import { isRecord } from '../object/object.ts';
import { answerOf, type HeldAnswer } from './answer.ts';
import type { Fault } from './fault.ts';
import { isWatch } from './requests.ts';

/** Sets the title of the window, clears it, and writes from right to left. */
const escapes = '\u001B]0;owned\u0007\u001B[2J\u009B31m\u202E';
/** A header takes no control character below 0x80. Its bytes are UTF-8, which Node takes for Latin-1. */
const inHeader = Buffer.from('299 - "\u009B31m\u202Eowned"').toString('latin1');

export const terminalEscapes: Fault = {
  handle: (next) => async (request, response) => {
    if (isWatch(request)) return next(request, response);
    const { body, code, headers } = await answerOf(next, request, response);
    const text = spoiled({ body, code, headers });
    response.writeHead(code, { ...headers, Warning: inHeader, 'Content-Length': text.length }).end(text);
  },
};

/** The names that are told of an API server and of who asks it, and the messages of what fails. */
function spoiled({ body, headers }: HeldAnswer): Buffer {
  if (!String(headers['Content-Type']).startsWith('application/json')) return body;
  const value: unknown = JSON.parse(body.toString());
  if (!isRecord(value)) return body;
  const { gitVersion, kind, message, status } = value;
  if (typeof gitVersion === 'string') return written({ ...value, gitVersion: `${gitVersion}${escapes}` });
  if (kind === 'Status' && typeof message === 'string') return written({ ...value, message: `${escapes}${message}` });
  if (kind !== 'SelfSubjectReview' || !isRecord(status) || !isRecord(status['userInfo'])) return body;
  const { userInfo } = status;
  const username = `${String(userInfo['username'])}${escapes}`;
  return written({ ...value, status: { ...status, userInfo: { ...userInfo, username } } });
}

function written(value: object): Buffer {
  return Buffer.from(`${json(value)}\n`);
}
