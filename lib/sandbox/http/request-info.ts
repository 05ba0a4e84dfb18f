import type { ResourceAttributes } from '../authorization/rbac.ts';
import { onlyValue } from '../store/field-selector.ts';
import { isTrue, readListOptions } from '../verbs/list-options.ts';
import type { RequestTarget } from './request-target.ts';

/** What a request is about, as it is authorized (kubernetes: apiserver, RequestInfoFactory). */
export type RequestInfo =
  | { readonly isResource: false; readonly verb: string; readonly path: string }
  | ({ readonly isResource: true; readonly version: string } & ResourceAttributes);

/** Parts below `/namespaces/NAME` that belong to the Namespace itself and are no resources in it. */
const namespaceSubresources = new Set(['status', 'finalize']);
/** What may stand before a resource, and is the verb then, whatever the method. */
const specialVerbs = new Set(['proxy', 'watch']);

/** @returns Undefined where the path breaks off behind a special verb. */
export function requestInfo(method: string, { path, query }: RequestTarget): RequestInfo | undefined {
  const [prefix, ...parts] = segmentsOf(path);
  const group = prefix === 'apis' ? (parts.shift() ?? '') : '';
  const [version = '', ...rest] = parts;
  if (!(prefix === 'api' || prefix === 'apis') || rest.length === 0) {
    return { isResource: false, verb: method.toLowerCase(), path };
  }
  const special = specialVerbs.has(rest[0] ?? '') ? rest.shift() : undefined;
  if (rest.length === 0) return undefined;
  const { namespace, place } = placeOf(rest);
  const [resource = '', name = '', part = ''] = place;
  const subresource = special === 'proxy' ? '' : part;
  const of = { isResource: true, group, version, namespace, resource, subresource } as const;
  const verb = special ?? verbs[method] ?? '';
  if (name === '' && verb === 'get') return { ...of, ...listInfo(query) };
  return { ...of, verb: name === '' && verb === 'delete' ? 'deletecollection' : verb, name };
}

/** Without the slashes at both ends; those between may leave segments empty. */
export function segmentsOf(path: string): string[] {
  return path.replaceAll(/^\/+|\/+$/gu, '').split('/');
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function placeOf(parts: string[]): { readonly namespace: string; readonly place: readonly string[] } {
  const [first, namespace = '', third] = parts;
  if (first !== 'namespaces') return { namespace: '', place: parts };
  return { namespace, place: third === undefined || namespaceSubresources.has(third) ? parts : parts.slice(2) };
}

/** A list or watch of one name is authorized as that name; where its options cannot be read, as any list. */
function listInfo(query: URLSearchParams): { readonly verb: string; readonly name: string } {
  try {
    const { watch, fields } = readListOptions(query);
    const name = onlyValue(fields, 'metadata.name') ?? '';
    return { verb: watch ? 'watch' : 'list', name: /^\.{1,2}$|[/%]/u.test(name) ? '' : name };
  } catch {
    return { verb: isTrue(query.get('watch')) ? 'watch' : 'list', name: '' };
  }
}
