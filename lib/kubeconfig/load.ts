import { stat } from 'node:fs/promises';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { readAnyFile } from '../system/any-file.ts';
import { fileReason } from '../system/file-reason.ts';
import type { KubeconfigLocation } from './locate.ts';
import { mergeKubeconfigs } from './merge.ts';
import { failure, parseKubeconfig } from './parse.ts';
import { decodeText } from './source-text.ts';
import type { Kubeconfig } from './types.ts';

/**
 * Reads the files of a location and merges them. Files that do not exist are skipped; one that cannot be read or
 * decoded is an error, whatever the others hold.
 *
 * @param optional No file at all is an empty kubeconfig, as for a command that has its server from a flag.
 * @throws {UsageError} No file exists, or some are unreadable or invalid; each of them is named.
 */
export async function loadKubeconfig(
  location: KubeconfigLocation,
  { optional = false }: { optional?: boolean } = {},
): Promise<Kubeconfig> {
  const found = location.firstOnly ? await readFirst(location.files) : await readAll(location.files);
  if (found.length === 0 && (location.explicit || !optional)) throw notFound(location);
  return mergeKubeconfigs(found);
}

async function readAll(files: readonly string[]): Promise<Kubeconfig[]> {
  const results = await Promise.allSettled(files.map(readKubeconfig));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw combined(errors);
  return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
}

async function readFirst(files: readonly string[]): Promise<Kubeconfig[]> {
  for (const file of files) {
    const kubeconfig = await readKubeconfig(file);
    if (kubeconfig !== undefined) return [kubeconfig];
  }
  return [];
}

/** Undefined where there is no such file. */
async function readKubeconfig(file: string): Promise<Kubeconfig | undefined> {
  const bytes = await readBytes(file);
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes, (problem) => failure(file, '', problem));
  return parseKubeconfig(text, file);
}

/** Bytes; thousands of contexts have a few MB. */
const largestFile = 100_000_000;

async function readBytes(file: string): Promise<Buffer | undefined> {
  const refuse = (why: string): never => {
    throw new UsageError(`Cannot read kubeconfig "${escapeLine(file)}": ${why}`, { reason: 'KubeconfigUnreadable' });
  };
  const tooLarge = 'it has more than 100 MB, and so is no kubeconfig';
  try {
    if ((await stat(file)).size > largestFile) return refuse(tooLarge);
    const bytes = await readAnyFile(file, largestFile); // a pipe has no size
    return bytes.length > largestFile ? refuse(tooLarge) : bytes;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : refuse(fileReason(error));
  }
}

function combined(errors: readonly unknown[]): unknown {
  const usage = errors.filter((error) => error instanceof UsageError);
  const [first] = usage;
  if (usage.length < errors.length || first === undefined)
    return errors.find((error) => !usage.includes(error as UsageError));
  if (usage.length === 1) return first;
  const { reason, hint } = first;
  return new UsageError(usage.map(({ message }) => message).join('; '), { reason, hint });
}

function notFound({ files, explicit }: KubeconfigLocation): UsageError {
  const paths = files.map((file) => `"${escapeLine(file)}"`).join(', ');
  const message = explicit
    ? `Cannot find kubeconfig ${paths}`
    : `Cannot find a kubeconfig: ${paths === '' ? 'KUBECONFIG names no file' : `there is no ${paths}`}`;
  const usual = explicit ? undefined : 'Name one with --kubeconfig, or in the environment variable KUBECONFIG';
  const hint = files.map(misspelt).find((found) => found !== undefined) ?? usual;
  return new UsageError(message, { reason: 'KubeconfigNotFound', ...(hint === undefined ? {} : { hint }) });
}

/** What a path was meant for that a shell, or a program with a habit, would have taken otherwise. */
function misspelt(file: string): string | undefined {
  if (/[\\/]~(?:[\\/]|$)/u.test(file))
    return 'Shells replace ~ only outside of quotes and at the beginning of a word: "$HOME/…"';
  return /[\\/]-$/u.test(file) ? 'What comes on stdin is read from /dev/stdin' : undefined;
}
