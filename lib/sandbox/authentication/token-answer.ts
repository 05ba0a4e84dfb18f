import type { User } from './user.ts';

/** Whom a token stands for, or why for nobody. */
export type TokenAnswer =
  | { readonly user: User; readonly audiences: readonly string[]; readonly warnings: readonly string[] }
  | { readonly error: string };
