import type { InterruptedError } from '../model/errors.ts';

/** All that a program takes from its process. `nodeRuntime()` makes the real one, `testRuntime()` one of buffers. */
export interface Runtime {
  /** The command's own arguments: neither node, zx nor the script's path. */
  readonly args: readonly string[];
  readonly env: Env;
  readonly cwd: string;
  /** The user's home directory; undefined where there is none. */
  readonly home: string | undefined;
  readonly platform: NodeJS.Platform;
  /** Where the kubelet mounts what a pod needs to reach its cluster. */
  readonly serviceAccountDirectory: string;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Milliseconds since 1970. */
  now(): number;
  /** Cryptographically strong random bytes. */
  random(size: number): Uint8Array;
  readonly interruption: Interruption;
}

export type Env = Readonly<Record<string, string | undefined>>;

export interface InputStream {
  readonly isTTY: boolean;
  /** Everything up to the end of the stream, or until there is more than `limit` bytes: then it is not the whole. */
  read(limit?: number): Promise<Buffer>;
  /** The next line without its end; undefined at the end of the stream. Rejects with the reason of `signal`. */
  readLine(signal?: AbortSignal): Promise<string | undefined>;
}

export interface OutputStream {
  readonly isTTY: boolean;
  /** Width of the terminal. */
  readonly columns?: number | undefined;
  /** Resolves when the bytes are flushed to the system; rejects when they cannot be (EPIPE, ENOSPC). */
  write(data: string | Uint8Array): Promise<void>;
}

/** SIGINT, SIGTERM, SIGHUP, and the end of the process that started us. */
export interface Interruption {
  /** Aborts with an InterruptedError at the first signal. */
  readonly signal: AbortSignal;
  /**
   * Runs the writes that must complete once they have begun: signals that come meanwhile are dropped.
   *
   * @throws {InterruptedError} A signal had come before, or the parent process is gone.
   */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** What a second signal, which skips the clean-up, says is left. */
  leaves(describe: (() => string | undefined) | undefined): void;
}

export type InterruptSignal = InterruptedError['signal'];
