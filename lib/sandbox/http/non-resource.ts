import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiVersions,
  isBelow,
  isServed,
  resourceList,
} from '../discovery/discovery.ts';
import { paths } from '../discovery/paths.ts';
import { versionInfo } from '../discovery/version.ts';
import { methodNotAllowed, noSuchResource } from '../status.ts';
import { type Exchange, formatOf } from './exchange.ts';
import { isHealth, writeHealth } from './health.ts';
import { aggregatedType, type Format, objectTypes, requireProduced } from './negotiate.ts';
import { isOpenApi, writeOpenApi } from './openapi.ts';
import { segmentsOf } from './request-info.ts';
import { json, writeObject, writePageNotFound, writeText } from './write.ts';

const publicAnswer = { 'Cache-Control': 'public, max-age=3600' };

/** Answers what is no resource: discovery, health, version, OIDC. */
export async function handleNonResource(exchange: Exchange): Promise<void> {
  const { path, response, warnings } = exchange;
  if (isHealth(path)) return writeHealth(exchange);
  if (isOpenApi(path)) return writeOpenApi(exchange);
  if (path === '/') {
    const headers = { 'Content-Type': 'application/json' };
    return writeText(response, json({ paths }, { pretty: true }), { code: 200, headers, warnings });
  }
  const root = Object.keys(documents).find((one) => isBelow(path, one));
  if (root !== undefined) return writeDocument(exchange, root);
  if (path === '/apis' || path === '/apis/' || isServed(path)) return writeDiscovery(exchange);
  return writePageNotFound(response, warnings);
}

interface SmallDocument {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  text(exchange: Exchange): string;
}

const documents: Readonly<Record<string, SmallDocument>> = {
  '/version': { type: 'application/json', text: () => json(versionInfo, { pretty: true }) },
  '/openid/v1/jwks': {
    type: 'application/jwk-set+json',
    headers: publicAnswer,
    text: ({ cluster }) => json({ keys: [cluster.signingKey.jwk] }),
  },
  '/.well-known/openid-configuration': {
    type: 'application/json',
    headers: publicAnswer,
    text: ({ cluster, request }) =>
      json({
        issuer: cluster.issuer,
        jwks_uri: `https://${addressOf(request)}/openid/v1/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [cluster.signingKey.algorithm],
      }),
  },
};

function writeDocument(exchange: Exchange, root: string): void {
  const { method, path, request, response, warnings } = exchange;
  const document = documents[root];
  if (document === undefined || path.replace(/\/+$/u, '') !== root) throw noSuchResource();
  if (method !== 'GET') throw methodNotAllowed();
  requireProduced(request.headers.accept ?? '', [document.type]);
  const headers = { 'Content-Type': document.type, ...document.headers };
  writeText(response, document.text(exchange), { code: 200, headers, warnings });
}

async function writeDiscovery(exchange: Exchange): Promise<void> {
  const { method, path, request, response, warnings } = exchange;
  const [prefix = '', ...parts] = segmentsOf(path);
  const object = discovered(prefix, parts, request);
  if (object === undefined) throw noSuchResource();
  // of groups the aggregator tells, which has no router that asks for methods and media types
  if (prefix !== 'apis' || parts.length > 1 || path.endsWith('//')) {
    if (method !== 'GET') throw methodNotAllowed();
    requireProduced(request.headers.accept ?? '', objectTypes);
  }
  if (parts.length === 0 && path !== '/apis/') {
    const type = aggregatedType(request.headers.accept ?? '');
    if (type !== undefined)
      return writeAggregated(exchange, aggregatedDiscovery(prefix === 'api' ? '/api' : '/apis'), type);
  }
  return writeObject(response, object, { code: 200, warnings, ...formatOf(exchange, false) });
}

function discovered(prefix: string, [first, second, ...more]: string[], request: IncomingMessage): object | undefined {
  if (more.length > 0) return undefined;
  if (prefix === 'api') {
    if (first === undefined) return apiVersions(addressOf(request));
    return second === undefined ? resourceList('', first) : undefined;
  }
  if (first === undefined) return apiGroupList();
  return second === undefined ? apiGroup(first) : resourceList(first, second);
}

/** Where the server is, whatever a client calls it. */
function addressOf({ socket: { localAddress = '', localPort = 0 } }: IncomingMessage): string {
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** All at once; who has it already is told so. */
async function writeAggregated(exchange: Exchange, all: object, type: Format['type']): Promise<void> {
  const { pretty, request, response, warnings } = exchange;
  const etag = `"${createHash('sha512').update(JSON.stringify(all)).digest('hex').toUpperCase()}"`;
  const headers = { 'Cache-Control': 'public', ETag: etag, Vary: 'Accept' };
  if (request.headers['if-none-match'] === etag) return writeText(response, '', { code: 304, headers, warnings });
  const typed = {
    ...headers,
    'Content-Type': `application/${type};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`,
  };
  return writeObject(response, all, { code: 200, headers: typed, warnings, pretty, type });
}
