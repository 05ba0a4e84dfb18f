import { escapeText } from '../../model/escape.ts';
import { OutputError } from '../../model/errors.ts';
import { fileReason } from '../../system/file-reason.ts';
import type { Runtime } from '../../system/runtime.ts';

/** Where a result goes: stdout, or the file of `--output-file`. */
export interface Destination {
  /** The file; undefined for stdout. */
  readonly file: string | undefined;
  readonly isTTY: boolean;
  /** Resolves when the bytes are flushed. @throws {OutputError} */
  write(text: string): Promise<void>;
  /** Removes what was prepared, where nothing was written. */
  discard(): Promise<void>;
}

/**
 * Opens the place for a result before there is one, so that a file that cannot be written is known before anything is
 * created on the cluster.
 *
 * @throws {UsageError} The file cannot be written.
 * @throws {RefusedError} Its owner and mode cannot be kept.
 */
export async function openDestination(path: string | undefined, runtime: Runtime): Promise<Destination> {
  if (path === undefined) {
    const { stdout } = runtime;
    return {
      file: undefined,
      isTTY: stdout.isTTY,
      write: (text) => writeStdout(runtime, text),
      discard: async () => undefined,
    };
  }
  const { prepareOutputFile } = await import('../../system/output-file.ts');
  const file = await prepareOutputFile(path, runtime);
  return { file: path, isTTY: false, write: (text) => file.write(text), discard: () => file.discard() };
}

/** Writes a result to stdout. @throws {OutputError} The reader went away, or the disk is full. */
export async function writeStdout(runtime: Runtime, data: string | Uint8Array): Promise<void> {
  // Most of it is text of a cluster or of a kubeconfig: on a terminal it must not move the cursor.
  const safe = () => escapeText(typeof data === 'string' ? data : Buffer.from(data).toString('utf8'));
  await writeDrawn(runtime, runtime.stdout.isTTY ? safe() : data);
}

/**
 * Writes to stdout what is coloured, and whose text of others is escaped already.
 *
 * @throws As `writeStdout()`.
 */
export async function writeDrawn({ stdout }: Runtime, data: string | Uint8Array): Promise<void> {
  try {
    await stdout.write(data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EPIPE' ? 'its reader went away' : fileReason(error);
    throw new OutputError(`Cannot write to stdout: ${why}`, {
      reason: code === 'EPIPE' ? 'ReaderGone' : 'OutputNotWritten',
    });
  }
}
