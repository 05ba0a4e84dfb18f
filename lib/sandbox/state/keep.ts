import { openKeptFile } from '../../system/kept-file.ts';
import type { Runtime } from '../../system/runtime.ts';
import type { KeptFoundation } from '../foundation.ts';
import type { Store } from '../store/store.ts';
import { parseState, renderState, type State } from './state.ts';

/** A sandbox's state in a file. */
export interface Keeper {
  /** Of the sandbox that had the file before. */
  readonly found: State | undefined;
  /** Writes the state now, and from now on a moment after each change. */
  begin(store: Store, state: KeptFoundation & Pick<State, 'port'>): Promise<void>;
  /** Writes all that is left to write, and lets others have the file. @throws {OutputError} It could not be written. */
  end(): Promise<void>;
}

/** Milliseconds for which changes are gathered, and more the longer the state is: a second for 20 MB. */
const pauseMs = (length: number) => 50 + length / 20_000;
/** What was killed may have told more revisions than it wrote down; none of them may mean something else one day. */
const unwritten = 1_000_000;

/**
 * @throws {UsageError} The file cannot be used, is damaged or of another version.
 * @throws {RefusedError} It is somebody else's, in use, or open to others than its owner.
 */
export async function keepState(path: string, { cwd, random }: Pick<Runtime, 'cwd' | 'random'>): Promise<Keeper> {
  const file = await openKeptFile(path, { cwd, random });
  let found: State | undefined;
  try {
    found = file.text === undefined ? undefined : parseState(file.text, file.path);
  } catch (error) {
    await file.release();
    throw error;
  }
  let stop = async () => {};
  return {
    found: found?.complete === false ? { ...found, revision: found.revision + unwritten } : found,
    async begin(store, state) {
      const save = async (complete: boolean) => {
        const text = renderState({ ...state, ...store.content(), complete });
        await file.save(text);
        return text.length;
      };
      const writer = writerOf(store, () => save(false));
      stop = async () => {
        await writer.stop();
        await save(true);
      };
      await writer.writeNow();
    },
    async end() {
      try {
        await stop();
      } finally {
        await file.release();
      }
    },
  };
}

/** @param write Returns the length of what it wrote. */
function writerOf(store: Store, write: () => Promise<number>) {
  let length = 0;
  let waiting: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isStale = false;
  const schedule = () => {
    isStale = true;
    if (writing === undefined) waiting ??= setTimeout(() => void writeNow().catch(() => undefined), pauseMs(length));
  };
  /** One at a time; one that fails is made up for after the next change, or at the end. */
  const writeNow = () => {
    waiting = undefined;
    isStale = false;
    writing = write()
      .then((written) => void (length = written))
      .finally(() => {
        writing = undefined;
        if (isStale) schedule();
      });
    return writing;
  };
  const unsubscribe = store.subscribe(schedule);
  return {
    writeNow,
    async stop() {
      unsubscribe();
      await writing?.catch(() => undefined);
      clearTimeout(waiting);
    },
  };
}
