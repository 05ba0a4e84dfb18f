import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { lessIndented, quotesNotIndented, rubbish } from '../../lib/kubeconfig/any-yaml.ts';
import { hasUnicodeBreak } from '../../lib/kubeconfig/unicode-breaks.ts';
import type { KubectlAnswer, KubectlBatch } from '../kubectl/batch.ts';
import type { FileContent, KubeconfigCase } from '../support/kubeconfig-case-arbitrary.ts';
import { runCommand } from '../support/run-command.ts';

/** What became of one case: read alike, refused alike, or unlike for a reason that is known. */
export type Verdict = 'shown' | 'refused' | 'not compared';

/** kubectl and view-config do not agree. */
class Difference extends Error {
  override readonly name = 'Difference';
}

/**
 * Calls `view-config --raw -o json` and `kubectl config view --raw -o json` on one case.
 *
 * @param directory Where both run; the files are in a directory below it, which is emptied before.
 * @param exact Whether the output is compared byte for byte, and not as JSON.
 * @throws {Difference}
 */
export async function compareViews(
  { files, list, explicit, relative, flags }: KubeconfigCase,
  { kubectl, directory, exact }: { kubectl: KubectlBatch; directory: string; exact: boolean },
): Promise<Verdict> {
  const place = join(directory, 'case', 'dir');
  await rm(join(directory, 'case'), { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, name)), { recursive: true });
    await writeFile(join(place, name), content.text, content.encoding);
  }
  const path = (name: string) => (name === '' ? '' : relative ? join('case', 'dir', name) : join(place, name));
  const kubeconfig = list.map(path).join(delimiter);
  const args = [...flags, ...(explicit === undefined ? [] : [`--kubeconfig=${path(explicit)}`])];
  const [theirs, ours] = await Promise.all([
    kubectl.ask({ kubeconfig, args: ['config', 'view', '--raw', '-o', 'json', ...args] }),
    runCommand('view-config', ['--raw', '-o', 'json', ...args], { cwd: directory, env: { KUBECONFIG: kubeconfig } }),
  ]);
  if (/BUG|bug|\n\s+at /u.test(ours.stderr)) throw new Difference(`view-config crashed: ${ours.stderr}`);
  if (![0, 2, 3].includes(ours.code)) throw new Difference(`view-config ended with ${ours.code}: ${ours.stderr}`);
  if (ours.code !== 0 && ours.stdout !== '') throw new Difference('view-config failed and wrote to stdout');
  if (ours.code === 0 && 'stdout' in theirs && same(ours.stdout, theirs.stdout, exact)) return 'shown';
  if (ours.code !== 0 && 'error' in theirs) return 'refused';
  if (isKnown(ours, theirs, Object.values(files))) return 'not compared';
  throw new Difference(
    `view-config (${ours.code}):\n${ours.stdout}${ours.stderr}\nkubectl:\n${'stdout' in theirs ? theirs.stdout : theirs.error}`,
  );
}

/**
 * - No file at all: kubectl shows an empty kubeconfig, we say that there is none.
 * - A line break of Unicode without quotes: kubectl folds it, we refuse it.
 * - A file whose first line is indented, and a later one less: kubectl reads what comes before, we refuse it.
 * - A text in quotes over several lines, not indented: kubectl does not mind.
 * - Bytes that no text has, in a later document: kubectl may not come to them.
 * - What follows the braces of a document: kubectl looks at the beginning of it, we at all.
 * - A byte order mark inside: go-yaml skips it or loses its way, depending on where its buffer ends.
 */
function isKnown(
  ours: { readonly code: number; readonly stderr: string },
  theirs: KubectlAnswer,
  files: readonly FileContent[],
): boolean {
  if (ours.code === 2 && ours.stderr.startsWith('error: Cannot find')) {
    return 'stdout' in theirs && /"contexts": null,\s+"current-context": ""\s+\}\s*$/u.test(theirs.stdout);
  }
  if (ours.code === 2 && refusedByUsAlone.some((problem) => ours.stderr.includes(problem))) return true;
  if (ours.code === 2 && files.some(({ text }) => hasUnicodeBreak(text))) return true;
  if (/: (?:a control character|not UTF-8)\b/u.test(ours.stderr) && files.some(({ text }) => laterDocument.test(text)))
    return true;
  return files.some(({ text, encoding }) => encoding !== 'latin1' && text.includes('\ufeff', 1));
}

const laterDocument = /[^]\n(?:---|\.\.\.)\s/u;
const refusedByUsAlone = [lessIndented, quotesNotIndented, rubbish];

function same(ours: string, theirs: string, exact: boolean): boolean {
  return exact ? ours === theirs : JSON.stringify(parsed(ours)) === JSON.stringify(parsed(theirs));
}

/** kubectl before 1.37 prints `preferences: {}` where there are none. */
function parsed(view: string): unknown {
  const { preferences, ...rest } = JSON.parse(view) as Record<string, unknown>;
  return Object.keys(preferences ?? {}).length === 0 ? rest : { preferences, ...rest };
}
