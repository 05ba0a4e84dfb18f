import { constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';

interface ReadOptions {
  /** Bytes. Reading stops once there are more: a result that is longer is not the whole. */
  readonly limit?: number | undefined;
  /** Ends the reading; its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * Reads a file that a user named, which may as well be a pipe (`mkfifo`, `<(…)`) or a terminal.
 *
 * A pipe that nobody writes to yet is waited for by the event loop: a thread that hangs in the open of a FIFO keeps Node
 * alive whatever signal comes.
 *
 * @throws What the system says (`ENOENT`, `EISDIR`, …).
 */
export async function readInput(path: string, options: ReadOptions): Promise<Buffer> {
  options.signal.throwIfAborted();
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // Windows has no O_NONBLOCK
  return readStream(await streamOf(fd), options);
}

async function streamOf(fd: number): Promise<Readable> {
  if (isatty(fd)) return new ReadStream(fd);
  if (!fstatSync(fd).isFIFO()) return createReadStream('', { fd });
  const { Socket } = await import('node:net'); // only here, since starting fast is a feature
  return new Socket({ fd, readable: true, writable: false });
}

/** Reads a stream to its end, or until there is more than `limit`; then destroys it. */
export async function readStream(stream: Readable, { limit = Infinity, signal }: ReadOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > limit) break;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
  return Buffer.concat(chunks);
}
