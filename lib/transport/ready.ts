import type { Socket } from 'node:net';

/**
 * Tells once when a socket is ready, or why it will not be; it is then destroyed. What goes wrong with it later is
 * told to whoever uses it, and is no crash if nobody does.
 *
 * @param signal Ends it; its reason is the error.
 */
export function whenReady(
  socket: Socket,
  { event, signal }: { event: 'connect' | 'secureConnect'; signal: AbortSignal },
  done: (error: Error | null) => void,
): void {
  const settle = (error: Error | null) => {
    signal.removeEventListener('abort', onAbort);
    socket.off(event, onReady).off('error', onFailed).off('close', onClose);
    socket.on('error', () => undefined);
    if (error !== null) socket.destroy();
    done(error);
  };
  const onReady = () => settle(null);
  const onFailed = (error: Error) => settle(error);
  const onClose = () => settle(Object.assign(new Error('closed while connecting'), { code: 'ECONNRESET' }));
  const onAbort = () => settle(signal.reason as Error);
  socket.once(event, onReady).once('error', onFailed).once('close', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
}
