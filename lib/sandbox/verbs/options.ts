import { type FieldError, invalid, invalidObject, notSupported, tooLong } from '../field-error.ts';
import { isPrintable } from '../object/go-text.ts';

/**
 * Checks the options of a write, and answers whether it only asks what would happen.
 *
 * @param kind What the API calls the options of this verb: `CreateOptions`.
 * @throws {ApiError} 422: no such manager, no such dry run, no such validation of fields.
 */
export function isDryRun(query: URLSearchParams, kind: string): boolean {
  const dryRun = query.getAll('dryRun');
  const errors = invalidManager(query.get('fieldManager') ?? '');
  const validation = query.get('fieldValidation') ?? '';
  if (dryRun.some((value) => value !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']));
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind }, '', errors);
  return dryRun.length > 0;
}

const maxManagerBytes = 128;

function invalidManager(manager: string): FieldError[] {
  const errors = Buffer.byteLength(manager) > maxManagerBytes ? [tooLong('fieldManager', maxManagerBytes)] : [];
  const odd = Array.from(manager).findIndex((character) => !isPrintable(character));
  if (odd === -1) return errors;
  const before = Array.from(manager).slice(0, odd).join('');
  const code = (Array.from(manager)[odd]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const why = `invalid character U+${code} (at position ${Buffer.byteLength(before)})`;
  return [...errors, invalid('fieldManager', manager, why)];
}
