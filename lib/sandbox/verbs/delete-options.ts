import { type FieldError, invalid, invalidObject, notSupported } from '../field-error.ts';
import { decode } from '../object/decode.ts';
import { DecodeError } from '../object/decode-error.ts';
import { boolean, integer, list, optional, string, struct } from '../object/schema.ts';
import { badRequest } from '../status.ts';
import type { Call } from './call.ts';
import { isTrue } from './list-options.ts';
import { parseInteger } from './numbers.ts';
import { readBody, Unreadable } from './parse-body.ts';

/** How to delete. */
export interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
}

const schema = struct('v1.DeleteOptions', {
  kind: string(),
  apiVersion: string(),
  gracePeriodSeconds: optional(integer('int64')),
  preconditions: optional(
    struct('v1.Preconditions', { uid: optional(string('types.UID')), resourceVersion: optional(string()) }),
  ),
  orphanDependents: optional(boolean()),
  propagationPolicy: optional(string('v1.DeletionPropagation')),
  dryRun: list(string()),
});

const policies = ['Foreground', 'Background', 'Orphan'];

/**
 * The options of a `DELETE`: those of its body where it has one, and else those of its query.
 *
 * @throws {ApiError} 400: they cannot be read; 422: they do not go together, or there are no such ones.
 */
export async function deleteOptions({ body, query }: Call): Promise<DeleteOptions> {
  const options = body.bytes.length === 0 ? ofQuery(query) : await ofBody(body);
  const { dryRun = [], orphanDependents, propagationPolicy: policy } = options;
  const errors: FieldError[] = [];
  if (policy !== undefined && orphanDependents !== undefined) {
    errors.push(invalid('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'));
  }
  if (policy !== undefined && !policies.includes(policy)) {
    errors.push(notSupported('propagationPolicy', policy, [...policies, 'nil']));
  }
  if (dryRun.some((value) => value !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']));
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  return options;
}

function ofQuery(query: URLSearchParams): DeleteOptions {
  parseInteger(query.get('gracePeriodSeconds'));
  const [orphans, policy] = [query.get('orphanDependents'), query.get('propagationPolicy')];
  return {
    ...(orphans === null ? {} : { orphanDependents: isTrue(orphans) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    dryRun: query.getAll('dryRun'),
  };
}

async function ofBody(body: Call['body']): Promise<DeleteOptions> {
  try {
    const { value } = await readBody(body, schema);
    const { apiVersion, kind = 'DeleteOptions' } = value as { readonly apiVersion?: string; readonly kind?: string };
    if (kind === 'Status') throw badRequest('converting (v1.Status) to (v1.DeleteOptions): unknown conversion');
    if (kind !== 'DeleteOptions') {
      const version = apiVersion ?? 'meta.k8s.io/v1';
      throw badRequest(
        `no kind "${kind}" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:111"`,
      );
    }
    return decode(value, schema, () => undefined) as unknown as DeleteOptions;
  } catch (error) {
    throw error instanceof Unreadable || error instanceof DecodeError ? badRequest(error.message) : error;
  }
}
