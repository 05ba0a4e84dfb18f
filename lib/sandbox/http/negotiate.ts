import { ApiError } from '../status.ts';

/** In which form an answer is wanted. */
export interface Format {
  readonly type: 'json' | 'yaml';
  /** A Table or metadata alone, instead of the object itself. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined;
}

const jsonTypes = new Set(['application/json', 'application/*', '*/*']);

/**
 * The first form of an Accept header that the sandbox has. It speaks JSON and YAML, no protobuf.
 *
 * @throws {ApiError} 406
 */
export function negotiate(accept: string): Format {
  for (const range of accept === '' ? ['*/*'] : accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const { as, g, v } = Object.fromEntries(parameters.map((one) => one.split('=', 2))) as Record<string, string>;
    if (as !== undefined && (g !== 'meta.k8s.io' || v !== 'v1' || !isForm(as))) continue;
    const form = as === undefined ? {} : { as: as as Format['as'] };
    if (jsonTypes.has(type)) return { type: 'json', ...form };
    if (type === 'application/yaml') return { type: 'yaml', ...form };
  }
  throw notAcceptable('application/json, application/yaml');
}

/** Whether an error can be told in a form that the client takes; else it is told in JSON with indents. */
export function takesStatus(accept: string): boolean {
  try {
    return (
      negotiate(
        accept
          .split(',')
          .filter((range) => !range.includes('as='))
          .join(',') || 'none',
      ).as === undefined
    );
  } catch {
    return false;
  }
}

export function notAcceptable(available: string): ApiError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${available}`;
  return new ApiError(406, 'NotAcceptable', message, {});
}

function isForm(as: string): boolean {
  return ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'].includes(as);
}
