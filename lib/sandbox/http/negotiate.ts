import { ApiError } from '../status.ts';
import { parseAccept, type Range } from './accept.ts';

/** In which form an answer is wanted. */
export interface Format {
  readonly type: 'json' | 'yaml';
  /** A Table or metadata alone, instead of the object itself. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined;
  readonly pretty: boolean;
}

/** What it writes objects in: no protobuf, which kube-apiserver has, too. */
export const objectTypes = ['application/json', 'application/yaml'] as const;

/**
 * The first form of an Accept header that the sandbox has.
 *
 * @throws {ApiError} 406
 */
export function negotiate(accept: string): Format {
  const format = formatFor(accept, isForm);
  if (format !== undefined) return format;
  const message = `only the following media types are accepted: ${objectTypes.join(', ')}`;
  throw new ApiError(406, 'NotAcceptable', message);
}

/** The form of an answer that is no object of a resource, errors too; undefined where none is acceptable. */
export function plainFormat(accept: string): Format | undefined {
  return formatFor(accept, () => false);
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

function formatFor(
  accept: string,
  allows: (as: string, parameters: Range['parameters']) => boolean,
): Format | undefined {
  if (accept === '') return { type: 'json', pretty: false };
  for (const { type, subtype, parameters } of parseAccept(accept)) {
    const { as, g, pretty, stream = 'watch', v } = parameters;
    const isConverted = [as, g, v].some((one) => one !== undefined);
    if (stream !== 'watch' || (isConverted && !allows(as ?? '', parameters))) continue;
    const found = objectTypes.find((one) => [one, `${one.split('/', 1)[0]}/*`, '*/*'].includes(`${type}/${subtype}`));
    if (found === undefined) continue;
    return {
      type: found === 'application/yaml' ? 'yaml' : 'json',
      ...(isConverted ? { as: as as Format['as'] } : {}),
      pretty: pretty === '1',
    };
  }
  return undefined;
}

function isForm(as: string, { g = '', v = '' }: Range['parameters']): boolean {
  return (
    g === 'meta.k8s.io' && v === 'v1' && ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'].includes(as)
  );
}
