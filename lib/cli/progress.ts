import { escapeLine } from '../model/escape.ts';
import type { Env, OutputStream } from '../system/runtime.ts';
import { paint, usesColour } from './colour.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;
const clearLine = '\r\u001B[K';

/** What a command says on stderr while it works. Writes happen in order, in the background, and never fail the work. */
export interface Progress {
  /** A new step has begun: `Waiting for the token controller`. */
  step(text: string): void;
  /** Something to know that is not a step. */
  note(text: string): void;
  /** Something to worry about; `always` where `--quiet` must not hide it. */
  warn(text: string, options?: { always?: boolean }): void;
  /** What another program says, escaped already; not silenced by `quiet`, for it may be a question. */
  relay(text: string): void;
  /**
   * Ends the step that is shown, before anything else writes to the terminal; resolves when all is flushed.
   *
   * @param outcome How that step has ended; `done` if not given.
   */
  end(outcome?: 'done' | 'failed'): Promise<void>;
}

/**
 * Steps on stderr: with a spinner on a terminal, otherwise one plain line each. `quiet` silences all but the warnings
 * that nobody may miss.
 */
export function createProgress({
  stderr,
  env,
  quiet = false,
  noColor = false,
  transient = false,
}: {
  stderr: OutputStream;
  env: Env;
  quiet?: boolean;
  noColor?: boolean;
  /** On a terminal leaves nothing of a step that has ended: what came of it is shown elsewhere. */
  transient?: boolean;
}): Progress {
  const colour = usesColour(stderr, env, { noColor });
  const animated = stderr.isTTY && env['TERM'] !== 'dumb';
  let written = Promise.resolve();
  let current: string | undefined;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const write = (text: string) => {
    written = written.then(() => stderr.write(text)).catch(() => undefined); // a stderr that is gone stops nothing
  };
  const draw = () => {
    const room = (stderr.columns || 80) - 3; // a line that wraps could not be cleared
    const text = Array.from(current ?? '');
    const shown = text.length > room ? `${text.slice(0, room - 1).join('')}…` : text.join('');
    write(`${clearLine}${paint('cyan', frames[frame++ % frames.length] ?? '', colour)} ${shown}`);
  };
  const finish = (outcome: 'done' | 'failed') => {
    clearInterval(timer);
    const mark = outcome === 'done' ? paint('green', '✓', colour) : paint('red', '✗', colour);
    if (current !== undefined) write(transient ? clearLine : `${clearLine}${mark} ${current}\n`);
    current = undefined;
  };
  const line = (text: string) => {
    write(`${current === undefined ? '' : clearLine}${text}\n`);
    if (current !== undefined) draw();
  };

  return {
    step(text) {
      if (quiet) return;
      if (!animated) return write(`${escapeLine(text)}\n`);
      finish('done');
      current = escapeLine(text);
      draw();
      timer = setInterval(draw, frameMs).unref();
    },
    note(text) {
      if (!quiet) line(`${paint('cyan', 'note:', colour)} ${escapeLine(text)}`);
    },
    warn(text, { always = false } = {}) {
      if (!quiet || always) line(`${paint('yellow', 'warning:', colour)} ${escapeLine(text)}`);
    },
    relay(text) {
      write(`${current === undefined ? '' : clearLine}${text}`);
      if (current === undefined) return;
      if (text.endsWith('\n')) return draw();
      clearInterval(timer); // nothing is drawn over a question
      current = undefined;
    },
    async end(outcome = 'done') {
      finish(outcome);
      await written;
    },
  };
}
