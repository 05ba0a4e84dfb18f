import type { Readable } from 'node:stream';

/** A stream that may keep the process alive, as stdin does where it is a pipe or a terminal. */
type Input = Readable & { ref?: () => unknown; unref?: () => unknown };

/**
 * The next line of a stream, without its end; undefined if the stream ends first and empty. What follows the line
 * stays in the stream, which is paused again: it does not keep the process alive.
 */
export function readLine(stream: Input, signal?: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (finish: () => void) => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).pause();
      signal?.removeEventListener('abort', onAbort);
      finish();
      stream.unref?.();
    };
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf(0x0a);
      if (end === -1) return;
      settle(() => {
        const rest = bytes.subarray(end + 1);
        if (rest.length > 0) stream.unshift(rest);
        resolve(bytes.toString('utf8', 0, end).replace(/\r$/u, ''));
      });
    };
    const onEnd = () => settle(() => resolve(bytes.length === 0 ? undefined : bytes.toString('utf8')));
    const onError = (error: Error) => settle(() => reject(error));
    const onAbort = () => settle(() => reject(signal?.reason));
    if (signal?.aborted === true) return reject(signal.reason);
    if (stream.readableEnded) return resolve(undefined);
    signal?.addEventListener('abort', onAbort, { once: true });
    stream.on('data', onData).once('end', onEnd).once('error', onError);
    stream.ref?.();
    stream.resume();
  });
}
