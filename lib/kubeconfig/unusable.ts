import { UsageError } from '../model/errors.ts';
import { quote } from './not-found.ts';
import { isOmission } from './validate.ts';

/** The error for an entry of the kubeconfig that cannot be used. */
export function unusableEntry(kind: string, name: string, file: string, problems: readonly string[]): UsageError {
  const entry = `${kind}${name === '' ? '' : ` ${quote(name)}`}${file === '' ? '' : ` of kubeconfig ${quote(file)}`}`;
  return new UsageError(`Cannot use ${entry}: ${problems.join('; ')}`, {
    reason: 'KubeconfigInvalid',
    hint: problems.some(isOmission)
      ? 'kubectl config view --raw --flatten (or view-config --raw --flatten), where it came from, prints it whole'
      : undefined,
  });
}

/** The error for a context that names a cluster or user that is missing, or none. */
export function danglingContext(
  context: string | null,
  file: string,
  kind: 'cluster' | 'user',
  name: string,
): UsageError {
  const problem = name === '' ? `it names no ${kind}` : `its ${kind} ${quote(name)} is not in the kubeconfig`;
  return unusableEntry('context', context ?? '', file, [problem]);
}
