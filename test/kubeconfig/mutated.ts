import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { edit, kubeconfigText } from '../support/kubeconfig-arbitrary.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The bytes of a kubeconfig after changes: of its letters, then of single bytes. */
const mutated: fc.Arbitrary<Buffer> = fc
  .tuple(
    kubeconfigText,
    fc.array(edit(), { minLength: 1, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
  )
  .map(([text, edits, flips]) => {
    const bytes = Buffer.from(edits.reduce((before, apply) => apply(before), text));
    for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });

const commands: readonly (readonly [command: string, ...args: string[]])[] = [
  ['view-config'],
  ['view-config', '--raw', '--minify', '-o', 'json'],
  ['list-clusters', '-o', 'wide'],
  ['list-clusters', '--contexts-only', '-o', 'yaml'],
];

/**
 * Gives changed kubeconfig files to the commands that only read them.
 *
 * @throws {Error} The smallest file at which one crashes: with another exit code than those of a bad kubeconfig, or with
 *   more than an error and a hint on stderr.
 */
export async function tryMutatedKubeconfigs(parameters: { numRuns: number; seed?: number }): Promise<void> {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'config');
  const property = fc.asyncProperty(mutated, async (bytes) => {
    await writeFile(file, bytes);
    for (const [command, ...args] of commands) {
      const { code, stdout, stderr } = await runCommand(command, args, { env: { KUBECONFIG: file } });
      const isRefused = /^error: Cannot [^\n]+\n(?:hint: [^\n]+\n)?$/u.test(stderr) && !/This is a bug/u.test(stderr);
      if (code === 0 ? stderr !== '' : ![2, 3].includes(code) || stdout !== '' || !isRefused) {
        throw new Error(`${command} ended with ${code}: ${stderr}`);
      }
    }
  });
  await fc.assert(property, parameters);
}
