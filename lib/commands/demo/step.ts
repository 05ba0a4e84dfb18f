import type { Exchange } from '../../connection/attempt.ts';

/** The steps in their order: what the tour says of each is with what does it, in `steps/`. */
export const stepOrder = [
  'list',
  'choose',
  'create',
  'wait',
  'prove',
  'decode',
  'call',
  'impostor',
  'denied',
  'role',
  'revoke',
  'remove',
] as const;

/** What is known of a step before it is done. */
export interface StepPlan {
  readonly id: (typeof stepOrder)[number];
  readonly title: string;
  /** Why, in short sentences. */
  readonly about: string;
  /** Lines of a shell that do it. */
  readonly commands: readonly string[];
  /** They were begun in the step before. */
  readonly goesOn?: true;
  /** Lines of the documentation that these stand for. */
  readonly insteadOf?: readonly string[];
}

/** What a step has done. */
export interface Step extends StepPlan {
  readonly wire: readonly Exchange[];
  /** Lines, of a cluster too: not escaped. */
  readonly result: readonly string[];
  /** What the step ended with, if it failed. */
  readonly failure?: unknown;
}
