import { createHash } from 'node:crypto';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiVersions,
  hasGroup,
  resourceList,
} from '../discovery/discovery.ts';
import { paths } from '../discovery/paths.ts';
import { versionInfo } from '../discovery/version.ts';
import { methodNotAllowed, noSuchResource } from '../status.ts';
import { type Exchange, formatOf } from './exchange.ts';
import { isHealth, writeHealth } from './health.ts';
import { notAcceptable } from './negotiate.ts';
import { isOpenApi, writeOpenApi } from './openapi.ts';
import { json, writeObject, writePageNotFound, writeText } from './write.ts';

const publicAnswer = { 'Cache-Control': 'public, max-age=3600' };

/** Answers what is no resource: discovery, health, version, OIDC. */
export async function handleNonResource(exchange: Exchange): Promise<void> {
  const { cluster, method, request, response, url, warnings } = exchange;
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/u, '') : '/';
  const address = request.headers.host ?? '';
  if (isHealth(url.pathname)) return writeHealth(exchange);
  if (path === '/.well-known/openid-configuration') {
    const configuration = {
      issuer: cluster.issuer,
      jwks_uri: `https://${address}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [cluster.signingKey.algorithm],
    };
    return writeText(response, json(configuration), {
      code: 200,
      headers: { 'Content-Type': 'application/json', ...publicAnswer },
    });
  }
  if (path === '/openid/v1/jwks') return writeJwks(exchange);
  if (path === '/version') {
    if (method !== 'GET') throw methodNotAllowed();
    const text = json(versionInfo, { pretty: true });
    return writeText(response, text, { code: 200, headers: { 'Content-Type': 'application/json' }, warnings });
  }
  if (path === '/') {
    const text = json({ paths }, { pretty: true });
    return writeText(response, text, { code: 200, headers: { 'Content-Type': 'application/json' }, warnings });
  }
  if (isOpenApi(url.pathname)) return writeOpenApi(exchange);
  if (path === '/api' || path === '/apis' || path.startsWith('/api/') || path.startsWith('/apis/')) {
    return writeDiscovery(exchange, path, address);
  }
  if (path.startsWith('/version/')) throw noSuchResource();
  return writePageNotFound(response, warnings);
}

function writeJwks({ cluster, method, request, response, warnings }: Exchange): void {
  if (method !== 'GET') throw methodNotAllowed();
  const accepted = (request.headers.accept ?? '*/*').split(',').map((range) => range.split(';', 1)[0]?.trim() ?? '');
  const type = 'application/jwk-set+json';
  if (!accepted.some((range) => [type, 'application/*', '*/*', ''].includes(range))) throw notAcceptable(type);
  const text = json({ keys: [cluster.signingKey.jwk] });
  writeText(response, text, { code: 200, headers: { 'Content-Type': type, ...publicAnswer }, warnings });
}

async function writeDiscovery(exchange: Exchange, path: string, address: string): Promise<void> {
  const { method, pretty, request, response, warnings } = exchange;
  if (method !== 'GET') throw methodNotAllowed();
  const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const accept = (request.headers.accept ?? '').split(',', 1)[0] ?? '';
  if ((path === '/api' || path === '/apis') && isAggregated(accept)) {
    const object = aggregatedDiscovery(path);
    const etag = `"${createHash('sha512').update(JSON.stringify(object)).digest('hex').toUpperCase()}"`;
    const headers = { ETag: etag, Vary: 'Accept' };
    if (request.headers['if-none-match'] === etag) return writeText(response, '', { code: 304, headers, warnings });
    const typed = { 'Content-Type': aggregated, ...headers };
    return writeObject(response, object, { code: 200, headers: typed, warnings, pretty, type: 'json' });
  }
  const [, , group = '', version] = path.split('/');
  const object =
    path === '/api'
      ? apiVersions(address)
      : path === '/apis'
        ? apiGroupList()
        : path.startsWith('/api/')
          ? resourceList('', group)
          : version === undefined
            ? apiGroup(group)
            : resourceList(group, version);
  if (object === undefined) {
    if (path.startsWith('/api/') || hasGroup(group)) throw noSuchResource();
    return writePageNotFound(response, warnings);
  }
  return writeObject(response, object, { code: 200, warnings, pretty, type: formatOf(exchange).type });
}

function isAggregated(accept: string): boolean {
  return ['g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList'].every((part) =>
    accept.split(';').includes(part),
  );
}
