import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { lessIndented, readAnyYaml, rubbish } from '../../lib/kubeconfig/any-yaml.ts';
import { noSpaceAfterTag, questionMark } from '../../lib/kubeconfig/yaml-strictness.ts';
import type { KubectlAnswer, KubectlBatch } from '../kubectl/batch.ts';
import type { FileContent, KubeconfigCase } from '../support/kubeconfig-case-arbitrary.ts';
import { runCommand } from '../support/run-command.ts';

/** What became of one case: shown alike, shown alike in other letters, refused alike, or unlike for a known reason. */
export type Verdict = 'shown' | 'shown in other letters' | 'refused' | 'not compared';

/** kubectl and view-config do not agree. */
class Difference extends Error {
  override readonly name = 'Difference';
}

/**
 * Calls `view-config` and `kubectl config view` on one case.
 *
 * @param directory Where both run; the files are in a directory below it, which is emptied before.
 * @param exact Whether JSON is compared byte for byte, and not as values. YAML always is, first.
 * @throws {Difference}
 */
export async function compareViews(
  { files, list, explicit, relative, flags, isRaw, output }: KubeconfigCase,
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
  const shown = [...(isRaw ? ['--raw'] : []), '-o', output];
  const args = [...shown, ...flags, ...(explicit === undefined ? [] : [`--kubeconfig=${path(explicit)}`])];
  const [theirs, ours] = await Promise.all([
    kubectl.ask({ kubeconfig, args: ['config', 'view', ...args] }),
    runCommand('view-config', args, { cwd: directory, env: { KUBECONFIG: kubeconfig } }),
  ]);
  if (/BUG|bug|\n\s+at /u.test(ours.stderr)) throw new Difference(`view-config crashed: ${ours.stderr}`);
  if (![0, 2, 3].includes(ours.code)) throw new Difference(`view-config ended with ${ours.code}: ${ours.stderr}`);
  if (ours.code !== 0 && ours.stdout !== '') throw new Difference('view-config failed and wrote to stdout');
  if (ours.code !== 0 && 'error' in theirs) return 'refused';
  const isSame = output === 'yaml' ? sameYaml : exact ? sameText : sameJson;
  if (ours.code === 0 && 'stdout' in theirs && isSame(ours.stdout, theirs.stdout)) {
    return output === 'json' || sameText(ours.stdout, theirs.stdout) ? 'shown' : 'shown in other letters';
  }
  if (isKnown(ours, theirs, Object.values(files))) return 'not compared';
  throw new Difference(
    `view-config (${ours.code}):\n${ours.stdout}${ours.stderr}\nkubectl:\n${'stdout' in theirs ? theirs.stdout : theirs.error}`,
  );
}

/**
 * - No file at all: kubectl shows an empty kubeconfig, we say that there is none.
 * - A file whose first line is indented, and a later one less: kubectl reads what comes before, we refuse it.
 * - Bytes that no text has, in a later document, or behind a line that is indented less than the first one, which ends
 *   the document too: kubectl may not come to them.
 * - What follows the braces of a document: kubectl looks at the beginning of it, we at all.
 * - A question mark right before the quotes of a key in braces: kubectl takes it for the mark of a key.
 * - A comma or a bracket right behind a tag: kubectl takes it for a part of the tag.
 * - A byte order mark inside: go-yaml skips it or loses its way, and entries with it, depending on where its buffer ends (the
 *   same file behind one more comment is read whole).
 */
function isKnown(
  ours: { readonly code: number; readonly stdout: string; readonly stderr: string },
  theirs: KubectlAnswer,
  files: readonly FileContent[],
): boolean {
  if (ours.code === 2 && ours.stderr.startsWith('error: Cannot find')) {
    return 'stdout' in theirs && /"?contexts"?: null,?\s+"?current-context"?: ""\s/u.test(theirs.stdout);
  }
  if (ours.code === 2 && refusedByUsAlone.some((problem) => ours.stderr.includes(problem))) return true;
  if (/: (?:a control character|not UTF-8)\b/u.test(ours.stderr) && files.some(({ text }) => endsBeforeItsEnd(text)))
    return true;
  const hasMark = files.some(({ text, encoding }) => encoding !== 'latin1' && text.includes('\ufeff', 1));
  return hasMark && ours.code === 0 && ('stdout' in theirs || /yaml: /u.test(theirs.error));
}

function endsBeforeItsEnd(text: string): boolean {
  if (/[^]\n(?:---|\.\.\.)\s/u.test(text)) return true;
  const lines = text.split(/\r\n?|\n/u).filter((line) => /^ *[^ #]/u.test(line));
  const [first = 0, ...others] = lines.map((line) => line.search(/[^ ]/u));
  return others.some((indent) => indent < first);
}

const refusedByUsAlone = [lessIndented, rubbish, questionMark, noSpaceAfterTag];

function sameText(ours: string, theirs: string): boolean {
  return ours === theirs;
}

function sameJson(ours: string, theirs: string): boolean {
  return JSON.stringify(parsed(JSON.parse(ours))) === JSON.stringify(parsed(JSON.parse(theirs)));
}

/**
 * We fold no long line, and quote what only some readers of YAML take for a number. kubectl does not quote a key `<<`,
 * which it could not read again.
 */
function sameYaml(ours: string, theirs: string): boolean {
  const read = (text: string) =>
    parsed(
      readAnyYaml(text, (problem) => {
        throw new Difference(`${problem}\n${text}`);
      }),
    );
  return ours === theirs || isDeepStrictEqual(read(ours), read(theirs.replaceAll(/^([ -]*)<<:/gmu, '$1"<<":')));
}

/** kubectl before 1.37 prints `preferences: {}` where there are none. */
function parsed(view: unknown): unknown {
  const { preferences, ...rest } = view as Record<string, unknown>;
  return Object.keys(preferences ?? {}).length === 0 ? rest : { preferences, ...rest };
}
