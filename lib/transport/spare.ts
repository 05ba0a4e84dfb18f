import type { Socket } from 'node:net';

/** A connection that is opened ahead of the request that will use it. */
export interface Spare {
  /** Opens it, unless one is there. A failure is kept: the request tries again, and tells. */
  prepare(): void;
  /** Gives it away; undefined where there is none that can be used. */
  take(): Promise<Socket | undefined>;
  /** Closes it. */
  drop(): void;
}

export function createSpare(open: () => Promise<Socket>): Spare {
  let spare: Promise<Socket | undefined> | undefined;
  const take = async () => {
    const opened = spare;
    spare = undefined;
    const socket = await opened;
    return socket?.destroyed === false ? socket : undefined;
  };
  return {
    prepare() {
      spare ??= open().catch(() => undefined);
    },
    take,
    drop: () => void take().then((socket) => socket?.destroy()),
  };
}
