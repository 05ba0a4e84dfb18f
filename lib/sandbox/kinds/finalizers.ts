import { type FieldError, invalid } from '../field-error.ts';
import { qualifiedNameProblems } from './label-names.ts';

const standard = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** What is wrong with how a finalizer is called. */
export function misnamedFinalizer(finalizer: string, field: string): FieldError[] {
  return qualifiedNameProblems(finalizer).map((why) => invalid(field, finalizer, why));
}

/** A finalizer says whose it is, but for those that Kubernetes knows. */
export function unknownFinalizer(finalizer: string, field: string): FieldError[] {
  if (finalizer.includes('/') || standard.has(finalizer)) return [];
  return [invalid(field, finalizer, 'name is neither a standard finalizer name nor is it fully qualified')];
}

export function invalidFinalizer(finalizer: string, field: string): FieldError[] {
  return [...misnamedFinalizer(finalizer, field), ...unknownFinalizer(finalizer, field)];
}
