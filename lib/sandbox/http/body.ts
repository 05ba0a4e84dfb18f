import type { IncomingMessage } from 'node:http';
import { ApiError } from '../status.ts';

/** What came with a request. */
export interface Body {
  readonly bytes: Buffer;
  readonly text: string;
  /** Without parameters, in lower case; empty if there is none. */
  readonly contentType: string;
}

const limit = 3 * 1024 * 1024;

/** @throws {ApiError} 413: kube-apiserver takes 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const [contentType = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { bytes, text: bytes.toString(), contentType: contentType.trim().toLowerCase() };
}
