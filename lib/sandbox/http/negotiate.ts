import { ApiError } from '../status.ts';
import { parseAccept, type Range } from './accept.ts';

/** In which form an answer is wanted. */
export interface Format {
  readonly type: 'json' | 'yaml';
  /** A Table or metadata alone, instead of the object itself. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined;
  /** Of that form. */
  readonly version?: 'v1' | 'v1beta1' | undefined;
  readonly pretty: boolean;
}

/** What it writes objects in: no protobuf, which kube-apiserver has, too. */
export const objectTypes = ['application/json', 'application/yaml'] as const;

/**
 * The first form of an Accept header that the sandbox has.
 *
 * @throws {ApiError} 406
 */
export function negotiate(accept: string, { isObject = true } = {}): Format {
  const format = formatFor(accept, isObject ? asObject : asItself);
  if (format !== undefined) return format;
  throw notNegotiated(objectTypes);
}

/** @throws {ApiError} 406: a form that has no beginning that could be written before its end. */
export function requireStream({ type }: Format): void {
  if (type !== 'json') throw notNegotiated(['application/json;stream=watch']);
}

/** What all of discovery at once is wanted in; undefined where it is not, though it may come piece by piece. */
export function aggregatedType(accept: string): Format['type'] | undefined {
  return formatFor(
    accept,
    ({ as, g, v }) => as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2',
  )?.type;
}

function notNegotiated(types: readonly string[]): ApiError {
  return new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`);
}

/** The form of an error; undefined where none is acceptable. */
export function errorFormat(accept: string): Format | undefined {
  return formatFor(accept, asItself);
}

/**
 * What the router asks for before anything else: one of `types` by its whole name, or anything.
 *
 * @throws {ApiError} 406
 */
export function requireProduced(accept: string, types: readonly string[]): void {
  const named = accept.split(',').map((range) => range.split(';', 1)[0]?.trim() ?? '');
  if (accept === '' || named.some((type) => type === '*/*' || types.includes(type))) return;
  const message = `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`;
  throw new ApiError(406, 'NotAcceptable', message, {});
}

type Allows = (parameters: Range['parameters']) => boolean;

function formatFor(accept: string, allows: Allows): Format | undefined {
  if (accept === '') return allows({}) ? { type: 'json', pretty: false } : undefined;
  for (const { type, subtype, parameters } of parseAccept(accept)) {
    const found = objectTypes.find((one) => [one, `${one.split('/', 1)[0]}/*`, '*/*'].includes(`${type}/${subtype}`));
    if (found === undefined || !allows(parameters)) continue;
    const { as, pretty, v } = parameters;
    return {
      type: found === 'application/yaml' ? 'yaml' : 'json',
      ...(as === undefined ? {} : { as: as as Format['as'], version: v as Format['version'] }),
      pretty: pretty === '1',
    };
  }
  return undefined;
}

/** An object of a resource: in parts, in versions and as a stream. */
const asObject: Allows = ({ as, g, stream = 'watch', sv = 'v1', v }) => {
  if (stream !== 'watch' || sv !== 'v1') return false;
  if (as === undefined && g === undefined && v === undefined) return true;
  const isVersion = g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1');
  return isVersion && ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'].includes(as ?? '');
};

/** Anything else, errors too. */
const asItself: Allows = ({ as, g, stream = 'watch', sv, v }) =>
  stream === 'watch' && [as, g, sv, v].every((one) => one === undefined);
