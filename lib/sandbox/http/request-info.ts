import type { ResourceAttributes } from '../authorization/rbac.ts';

/** What a request is about (kubernetes: apiserver, RequestInfoFactory). */
export type RequestInfo =
  | { readonly isResource: false; readonly verb: string; readonly path: string }
  | ({ readonly isResource: true; readonly version: string; readonly rest: readonly string[] } & ResourceAttributes);

/** Parts below `/namespaces/NAME` that belong to the Namespace itself and are no resources in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

export function requestInfo(method: string, url: URL): RequestInfo {
  const path = decode(url.pathname);
  const plain = { isResource: false, verb: method.toLowerCase(), path } as const;
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [prefix] = parts;
  if (prefix !== 'api' && prefix !== 'apis') return plain;
  const [group = '', version = '', ...rest] = prefix === 'api' ? ['', ...parts.slice(1)] : parts.slice(1);
  if (rest.length === 0) return plain;
  const isOldWatch = rest[0] === 'watch' && rest.length > 1;
  const { namespace, place } = placeOf(isOldWatch ? rest.slice(1) : rest);
  const [resource = '', name = '', subresource = '', ...more] = place;
  const verb = isOldWatch && method === 'GET' ? 'watch' : verbOf(method, url.searchParams, { name });
  const named = name === '' ? nameOfSelector(verb, url.searchParams) : name;
  return { isResource: true, verb, group, version, namespace, resource, name: named, subresource, rest: more };
}

function placeOf(parts: readonly string[]): { readonly namespace: string; readonly place: readonly string[] } {
  const [first, namespace = '', third, ...rest] = parts;
  if (first !== 'namespaces' || namespace === '') return { namespace: '', place: parts };
  return third === undefined || namespaceSubresources.has(third)
    ? { namespace, place: parts }
    : { namespace, place: [third, ...rest] };
}

function verbOf(method: string, query: URLSearchParams, { name }: { name: string }): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (isTrue(query.get('watch'))) return 'watch';
      return name === '' ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      return '';
  }
}

/** A list or watch of one name is authorized as that name. */
function nameOfSelector(verb: string, query: URLSearchParams): string {
  if (!['list', 'watch', 'deletecollection'].includes(verb)) return '';
  const [, name = ''] = /(?:^|,)metadata\.name==?([^,]+)/u.exec(query.get('fieldSelector') ?? '') ?? [];
  return name;
}

/** As Go's query conversion takes a boolean: anything but these is true where the parameter is there. */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
