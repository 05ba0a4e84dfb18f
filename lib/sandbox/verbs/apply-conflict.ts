import type { ManagedFields } from '../object/object.ts';
import { ApiError } from '../status.ts';

/** Fields that would change although another manager has them. */
export interface FieldConflict {
  readonly with: ManagedFields;
  readonly paths: readonly string[];
}

export function applyConflict(conflicts: readonly FieldConflict[]): ApiError {
  const all = conflicts.flatMap((conflict) => conflict.paths.map((path) => ({ path, manager: nameOf(conflict.with) })));
  const list =
    all.length === 1
      ? `conflict with ${all[0]?.manager}: ${all[0]?.path}`
      : conflicts
          .map(
            (conflict) =>
              `conflicts with ${nameOf(conflict.with)}:\n${conflict.paths.map((path) => `- ${path}`).join('\n')}`,
          )
          .join('\n');
  const causes = all.map(({ path, manager }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  const message = `Apply failed with ${all.length} ${all.length === 1 ? 'conflict' : 'conflicts'}: ${list}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

/** Who only updated says by which version. */
function nameOf({ apiVersion, manager, operation }: ManagedFields): string {
  return operation === 'Apply' ? JSON.stringify(manager) : `${JSON.stringify(manager)} using ${apiVersion}`;
}
