import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { goQuote } from '../go-quote.ts';

const text = { 'Content-Type': 'text/plain; charset=utf-8' };

/** Go's own answer to a request line that it cannot read. */
export function writeBadRequest(response: ServerResponse): void {
  response.writeHead(400, { ...text, Connection: 'close' }).end('400 Bad Request');
}

/** What comes of a path that breaks off behind a special verb, before anybody asks who wants it. */
export function writeUndetermined(response: ServerResponse, url: string): void {
  const why = `failed to create RequestInfo: unable to determine kind and namespace from url, ${url}`;
  const headers = { 'Audit-Id': randomUUID(), ...text, 'X-Content-Type-Options': 'nosniff' };
  response.writeHead(500, headers).end(`Internal Server Error: ${goQuote(url)}: ${why}\n`);
}
