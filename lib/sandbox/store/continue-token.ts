import { isRecord } from '../object/object.ts';
import { badRequest } from '../status.ts';

/** Where the next page of a list begins. */
export interface ContinueToken {
  /** The revision of the first page; -1 goes on with what there is now. */
  readonly revision: number;
  /** The first key that is wanted. */
  readonly start: string;
}

export function encodeContinue({ revision, start }: ContinueToken): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start });
  return Buffer.from(text).toString('base64url');
}

/** @throws {ApiError} 400 */
export function decodeContinue(text: string): ContinueToken {
  const failed = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  const bad = text.search(/[^\w-]/u);
  if (bad !== -1 || text.length % 4 === 1) {
    throw failed(`illegal base64 data at input byte ${bad === -1 ? text.length - 1 : bad}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    const [first = ''] = Buffer.from(text, 'base64url').toString('latin1');
    const shown = /[\u0080-\u009f]/u.test(first)
      ? String.raw`\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`
      : first;
    throw failed(`invalid character '${shown}' looking for beginning of value`);
  }
  const { v, rv, start } = isRecord(value) ? value : {};
  if (v !== 'meta.k8s.io/v1')
    throw failed(`server does not recognize this encoded version ${typeof v === 'string' ? v : ''}`);
  if (rv === 0 || (rv !== undefined && typeof rv !== 'number'))
    throw failed('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof rv !== 'number' || typeof start !== 'string')
    throw failed('encoded start key empty (version meta.k8s.io/v1)');
  if (start === '') throw failed('encoded start key empty (version meta.k8s.io/v1)');
  if (start.split('/').includes('..')) throw failed(start);
  return { revision: rv, start };
}
