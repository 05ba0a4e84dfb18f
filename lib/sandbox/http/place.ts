import type { Subresource, Verb } from '../kinds/resource-type.ts';
import { segmentsOf } from './request-info.ts';

/** What has a place in the API. */
interface Placed {
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources?: readonly Subresource[];
}

/** Where a path leads, segment by segment, as the API server's router matches it. */
export interface Place {
  /** Undefined where none has to be named, be it that all are meant. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** Methods that it has, and what it takes for them to be there. */
  readonly verbs: Readonly<Partial<Record<string, Verb>>>;
}

const ofCollection = { GET: 'list', POST: 'create', DELETE: 'deletecollection' } as const;
const ofObject = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;

/** The place of a path that is about a resource; undefined where none of its routes leads there. */
export function placeOf(path: string, type: Placed): Place | undefined {
  const [prefix, ...parts] = segmentsOf(path);
  const [first, ...more] = parts.slice(prefix === 'api' ? 1 : 2);
  const isOldWatch = first === 'watch';
  const within = inNamespace(isOldWatch ? more : [first ?? '', ...more], type);
  if (within === undefined) return undefined;
  const [name, subresource, ...rest] = within.parts;
  const part = type.subresources?.find((one) => one.name === subresource);
  if (rest.length > 0 || (subresource !== undefined && (part === undefined || isOldWatch))) return undefined;
  const { isEverywhere, namespace } = within;
  if (isEverywhere && name !== undefined) return undefined;
  const of = { namespace, name, subresource };
  if (isOldWatch) return { ...of, verbs: { GET: 'watch' } };
  if (part !== undefined) return { ...of, verbs: only({ ...ofObject, POST: 'create' }, part.verbs) };
  if (name !== undefined) return { ...of, verbs: only(ofObject, type.verbs) };
  return { ...of, verbs: isEverywhere ? { GET: 'list' } : only(ofCollection, type.verbs) };
}

interface Within {
  readonly namespace: string | undefined;
  readonly isEverywhere: boolean;
  /** Name and subresource. */
  readonly parts: readonly string[];
}

function inNamespace(parts: readonly string[], { namespaced, resource, verbs }: Placed): Within | undefined {
  if (!namespaced || parts[0] !== 'namespaces') {
    const isThere = parts[0] === resource && (!namespaced || verbs.includes('list'));
    return isThere ? { namespace: undefined, isEverywhere: namespaced, parts: parts.slice(1) } : undefined;
  }
  const [, namespace, third, ...rest] = parts;
  return third === resource ? { namespace, isEverywhere: false, parts: rest } : undefined;
}

function only(methods: Readonly<Record<string, Verb>>, verbs: readonly Verb[]): Place['verbs'] {
  return Object.fromEntries(Object.entries(methods).filter(([, verb]) => verbs.includes(verb)));
}
