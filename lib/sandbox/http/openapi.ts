import { hashOf, openApiDocument, openApiPaths, swaggerDocument } from '../discovery/openapi.ts';
import type { Exchange } from './exchange.ts';
import { json, writeText } from './write.ts';

/** `/openapi/v2`, `/openapi/v3` and what is below it. */
export function isOpenApi(path: string): boolean {
  return /^\/openapi\/v(?:2$|3(?:\/|$))/u.test(path);
}

export async function writeOpenApi(exchange: Exchange): Promise<void> {
  const { path, response, warnings } = exchange;
  if (path === '/openapi/v3') {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' }; // kube-openapi says so
    return writeText(response, json(await openApiPaths()), { code: 200, headers, warnings });
  }
  if (path === '/openapi/v2') {
    const document = await swaggerDocument();
    const { encodeSwagger } = await import('../protobuf/swagger.ts');
    const forms = [jsonForm(document), protobufForm(() => encodeSwagger(document))];
    return writeDocument(exchange, { hash: hashOf(document), forms, vary: ['Accept-Encoding', 'Accept'] });
  }
  const document = await openApiDocument(path.slice('/openapi/v3/'.length));
  if (document === undefined) return writeText(response, '', { code: 404, warnings });
  writeDocument(exchange, { hash: hashOf(document), forms: [jsonForm(document)], vary: ['Accept'] });
}

/** A way to write a document. */
interface Form {
  readonly type: string;
  /** Media types of an Accept header that mean it. */
  readonly names: readonly string[];
  text(): string | Buffer;
}

function jsonForm(document: object): Form {
  return { type: 'application/json', names: ['application/json', 'application/*', '*/*'], text: () => json(document) };
}

/** Go clients ask for version 2 in no other. */
function protobufForm(text: () => Buffer): Form {
  const [at, dot] = ['@', '.'].map((sign) => `application/com.github.proto-openapi.spec.v2${sign}v1.0+protobuf`);
  return { type: dot ?? '', names: [at ?? '', dot ?? ''], text };
}

interface Written {
  readonly hash: string;
  readonly forms: readonly Form[];
  readonly vary: string[];
}

/** Under its hash a document stays what it is; one that is asked for under another hash has moved. */
function writeDocument({ path, query, request, response, warnings }: Exchange, { hash, forms, vary }: Written): void {
  const accepted = (request.headers.accept ?? '*/*').split(',').map((range) => range.split(';', 1)[0]?.trim() ?? '');
  const form = accepted.flatMap((type) => forms.filter(({ names }) => names.includes(type))).at(0);
  if (form === undefined) return writeText(response, '', { code: 406, headers: { Vary: vary }, warnings });
  const etag = `"${hash}"`;
  const headers = { ETag: etag, Vary: vary };
  const asked = path === '/openapi/v2' ? '' : (query.get('hash') ?? '');
  if (asked !== '' && asked !== hash) {
    const moved = { ...headers, 'Content-Type': form.type, Location: `${path}?hash=${hash}` };
    return writeText(response, '', { code: 301, headers: moved, warnings });
  }
  const kept = asked === hash ? { ...headers, 'Cache-Control': 'public, immutable' } : headers;
  if (request.headers['if-none-match'] === etag) return writeText(response, '', { code: 304, headers: kept, warnings });
  writeText(response, form.text(), { code: 200, headers: { ...kept, 'Content-Type': form.type }, warnings });
}
