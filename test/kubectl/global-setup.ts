import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { atProcessEnd } from '../support/at-process-end.ts';
import { tell } from '../support/told-later.ts';
import { findKubectl } from './find.ts';

/** Looks for kubectl, or begins to build it, and returns at once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'kube-sa-token-kubectl-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const release = atProcessEnd(remove);
  const file = join(directory, 'kubectl.json');
  project.provide('kubectl', file);
  const ending = new AbortController();
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const finding = findKubectl(directory, { signal: ending.signal, report }).then((found) => tell(file, found));
  return async () => {
    ending.abort(new Error('The test run is over'));
    await finding;
    remove();
    release();
  };
}
