import { type FieldError, invalidObject, notSupported } from '../field-error.ts';

/**
 * Checks the options of a write, and answers whether it only asks what would happen.
 *
 * @param kind What the API calls the options of this verb: `CreateOptions`.
 * @throws {ApiError} 422: no such dry run, no such validation of fields.
 */
export function isDryRun(query: URLSearchParams, kind: string, inBody: readonly string[] = []): boolean {
  const dryRun = [...inBody, ...query.getAll('dryRun')];
  const validation = query.get('fieldValidation') ?? '';
  const errors: FieldError[] = [];
  if (dryRun.some((value) => value !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']));
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind }, '', errors);
  return dryRun.length > 0;
}
