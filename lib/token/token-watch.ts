import type { V1Secret } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { watch, type WatchEvent } from '../connection/watch.ts';
import { UnreachableError } from '../model/errors.ts';
import { fullName, type SecretRef } from '../model/service-account.ts';

/** A watch on one Secret, opened before the Secret exists, so that seeing it filled costs no further round trip. */
export interface TokenWatch {
  /**
   * What happened since it was opened. Ends when the server ends it.
   *
   * @throws {KubeSaTokenError} It cannot be had, or broke; reason `WatchClosed` after `close()`.
   */
  events(): AsyncIterable<WatchEvent<V1Secret>>;
  close(): void;
}

/**
 * Opens a watch on a Secret by name. A Role with `resourceNames` suffices for it (apiserver:
 * endpoints/request/requestinfo.go takes the name from the field selector).
 */
export function openTokenWatch(connection: Connection, secret: SecretRef): TokenWatch {
  const controller = new AbortController();
  const doing = `watch Secret "${fullName(secret)}"`;
  const stream = watch<V1Secret>(connection, {
    path: `/api/v1/namespaces/${secret.namespace}/secrets`,
    query: { fieldSelector: `metadata.name=${secret.name}` },
    doing,
    signal: controller.signal,
  })[Symbol.asyncIterator]();
  // Asking for the first event sends the request now; its failure is told to whoever reads the events.
  const first = stream.next();
  first.catch(() => undefined);
  return {
    async *events() {
      for (let result = await first; result.done !== true; result = await stream.next()) yield result.value;
    },
    close: () => controller.abort(new UnreachableError(`Cannot ${doing}: no longer needed`, { reason: 'WatchClosed' })),
  };
}
