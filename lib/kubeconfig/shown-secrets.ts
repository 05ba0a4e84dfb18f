import { sortedNames } from './not-found.ts';
import { isSecret, secretsGiven } from './secrets-given.ts';
import type { Kubeconfig, UserEntry } from './types.ts';

/** Where users of a kubeconfig have secrets that `redactKubeconfig()` leaves as they are. */
export interface ShownSecrets {
  readonly where: 'auth-provider' | 'exec';
  /** Sorted; at least one. */
  readonly users: readonly string[];
  /** What the secrets are called, with any of them. The secrets themselves are not told. */
  readonly names: readonly string[];
}

export function shownSecrets({ users }: Kubeconfig): ShownSecrets[] {
  return (['auth-provider', 'exec'] as const).flatMap((where) => {
    const found = [...users].flatMap(([user, entry]) => {
      const names = secretsIn[where](entry);
      return names.length === 0 ? [] : [{ user, names }];
    });
    if (found.length === 0) return [];
    const names = sortedNames(new Set(found.flatMap((each) => each.names)));
    return [{ where, users: sortedNames(found.map(({ user }) => user)), names }];
  });
}

const secretsIn: Readonly<Record<ShownSecrets['where'], (user: UserEntry) => string[]>> = {
  'auth-provider': ({ authProvider }) =>
    [...(authProvider?.config ?? [])].filter(([name, value]) => isSecret(name, value)).map(([name]) => name),
  exec: ({ exec }) => (exec === undefined ? [] : secretsGiven(exec)),
};
