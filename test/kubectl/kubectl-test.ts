import { test as base, inject } from 'vitest';
import { told } from '../support/told-later.ts';
import type { FoundKubectl } from './find.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the file that will hold a FoundKubectl. */
    kubectl: string;
  }
}

/** @throws {Error} It could not be built. */
export async function foundKubectl(): Promise<Exclude<FoundKubectl, { status: 'failed' }>> {
  const found = await told<FoundKubectl>(inject('kubectl'));
  if (found.status === 'failed') throw new Error(found.why);
  return found;
}

/** `test()` with `kubectl`. Where there can be none it is skipped, and the end of the run says why. */
export const test = base
  .extend('foundKubectl', { scope: 'file' }, () => foundKubectl())
  .extend('kubectl', ({ foundKubectl: found, skip }) => (found.status === 'ready' ? found.kubectl : skip(found.why)));
