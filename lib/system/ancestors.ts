import { nameOf, parentOf } from './process-identity.ts';

/** Who started this process. */
export interface Ancestors {
  /** npx (`npm exec`) did, which dies of a signal without passing it on. */
  readonly hasNpx: boolean;
  /** Whether the parent is gone; or npx, where that is not the parent itself. */
  isGone(): boolean;
}

/**
 * npx starts a script through `sh -c`. Some shells become the script; others stand between the two, and outlive an npx
 * that was killed: only the grandparent shows then that nobody waits any more. On Linux the name says who is npx;
 * elsewhere the parent counts as npx if the environment says so.
 *
 * @param command `npm_command` of the environment. What npx has started hands it down to all below it.
 */
export function findAncestors(command: string | undefined): Ancestors {
  const parent = process.ppid;
  const parentIsGone = () => process.ppid !== parent;
  if (command !== 'exec') return { hasNpx: false, isGone: parentIsGone };
  if (process.platform !== 'linux' || isNpm(parent)) return { hasNpx: true, isGone: parentIsGone };
  const grandparent = parentOf(parent);
  if (grandparent === undefined || !isNpm(Number(grandparent))) return { hasNpx: false, isGone: parentIsGone };
  return { hasNpx: true, isGone: () => parentIsGone() || parentOf(parent) !== grandparent };
}

function isNpm(pid: number): boolean {
  return /^npm\b/u.test(nameOf(pid) ?? ''); // it calls itself "npm exec …"
}
