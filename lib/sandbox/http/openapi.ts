import { hashOf, openApiDocument, openApiPaths, swaggerDocument } from '../discovery/openapi.ts';
import type { Exchange } from './exchange.ts';
import { json, writeText } from './write.ts';

/** `/openapi/v2`, `/openapi/v3` and what is below it. */
export function isOpenApi(path: string): boolean {
  return /^\/openapi\/v(?:2$|3(?:\/|$))/u.test(path);
}

export async function writeOpenApi(exchange: Exchange): Promise<void> {
  const { response, url, warnings } = exchange;
  const path = url.pathname;
  if (path === '/openapi/v3') {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' }; // kube-openapi says so
    return writeText(response, json(await openApiPaths()), { code: 200, headers, warnings });
  }
  const document = path === '/openapi/v2' ? await swaggerDocument() : await openApiDocument(path.slice(12));
  if (document === undefined) return writeText(response, '', { code: 404, warnings });
  writeDocument(exchange, document, path === '/openapi/v2' ? ['Accept-Encoding', 'Accept'] : ['Accept']);
}

/** Under its hash a document stays what it is; one that is asked for under another hash has moved. */
function writeDocument({ request, response, url, warnings }: Exchange, document: object, vary: string[]): void {
  const varying = { Vary: vary };
  if (!takesJson(request.headers.accept)) return writeText(response, '', { code: 406, headers: varying, warnings });
  const hash = hashOf(document);
  const etag = `"${hash}"`;
  const headers = { ETag: etag, ...varying };
  const asked = url.pathname === '/openapi/v2' ? null : url.searchParams.get('hash');
  if (asked !== null && asked !== '' && asked !== hash) {
    const moved = { ...headers, 'Content-Type': 'application/json', Location: `${url.pathname}?hash=${hash}` };
    return writeText(response, '', { code: 301, headers: moved, warnings });
  }
  const kept = asked === hash ? { ...headers, 'Cache-Control': 'public, immutable' } : headers;
  if (request.headers['if-none-match'] === etag) return writeText(response, '', { code: 304, headers: kept, warnings });
  const typed = { ...kept, 'Content-Type': 'application/json' };
  writeText(response, json(document), { code: 200, headers: typed, warnings });
}

/** The sandbox writes no protobuf. */
function takesJson(accept = '*/*'): boolean {
  const types = accept.split(',').map((range) => range.split(';', 1)[0]?.trim() ?? '');
  return types.some((type) => ['application/json', 'application/*', '*/*', ''].includes(type));
}
