import { isStatus } from '../../connection/server-words.ts';
import { parseEvent } from '../../connection/watch.ts';
import type { ApiStream } from '../../connection/connection.ts';
import { lines } from '../../connection/lines.ts';
import { ServerError } from '../../model/errors.ts';
import type { Runtime } from '../../system/runtime.ts';
import { renderYaml } from '../../system/yaml.ts';
import { renderBody, write } from './write-answer.ts';

/** What a watch that has ended was about. */
export interface WatchEnd {
  /** The status that the server ended it with: 200, or that of an ERROR event. */
  readonly status: number;
  /** The Status of an ERROR event, as JSON. */
  readonly text: string;
}

/**
 * Watch events as they come: a line of JSON each, or a YAML document each. What is no watch (a single object, a log) is
 * printed all the same.
 *
 * @param doing Completes "Cannot …" in errors.
 * @throws {ServerError} It was no watch, or its last event is cut off.
 */
export async function writeEvents(
  { body, status }: ApiStream,
  { doing, format, runtime }: { doing: string; format: 'raw' | 'json' | 'yaml'; runtime: Runtime },
): Promise<WatchEnd> {
  let seen: 'nothing' | 'events' | 'other' = 'nothing';
  let other = '';
  for await (const { cutOff, text } of lines(body)) {
    const event = seen === 'other' ? undefined : parseEvent(text);
    if (event !== undefined) {
      seen = 'events';
      await write(runtime, format === 'yaml' ? `${await renderYaml(event)}---\n` : `${text}\n`);
      if (event.type === 'ERROR') return endOf(event.object);
    } else if (seen === 'events') {
      if (text.trim() !== '') throw brokenWatch(doing, cutOff);
    } else {
      if (text.trim() !== '') seen = 'other';
      const line = `${text}${cutOff ? '' : '\n'}`;
      if (format === 'raw') await write(runtime, line);
      else other += line;
    }
  }
  if (seen !== 'other') return { status, text: '' };
  if (format !== 'raw') await write(runtime, await renderBody(other, format));
  throw new ServerError(`Cannot ${doing} as a watch: there are no watch events in the answer`, {
    reason: 'NotAWatch',
    hint: 'A single object is watched in its collection, with ?fieldSelector=metadata.name=NAME',
  });
}

function endOf(object: object): WatchEnd {
  const status = isStatus(object) ? (object.code ?? 500) : 500;
  return { status, text: JSON.stringify(object) };
}

function brokenWatch(doing: string, cutOff: boolean): ServerError {
  const what = cutOff ? 'the last event is cut off' : 'what came is no watch event';
  return new ServerError(`Cannot ${doing} to its end: ${what}`, { reason: cutOff ? 'TruncatedAnswer' : 'NotJson' });
}
