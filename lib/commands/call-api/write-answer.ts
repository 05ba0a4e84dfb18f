import type { ApiStream } from '../../connection/connection.ts';
import { escapeText } from '../../model/escape.ts';
import { describeHttpStatus } from '../../model/http-status.ts';
import { ServerError } from '../../model/errors.ts';
import type { Runtime } from '../../system/runtime.ts';
import { renderYaml } from '../../system/yaml.ts';
import { writeStdout } from '../shared/deliver.ts';

/** `--include`: status line and headers, an empty line after them. */
export async function writeHead({ headers, status }: ApiStream, runtime: Runtime): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  await write(runtime, `HTTP/1.1 ${describeHttpStatus(status)}\n${lines.join('')}\n`);
}

/**
 * The body as it comes, chunk by chunk: never held in memory. On a terminal it is escaped, since it may be anybody's
 * text.
 */
export async function writeRaw({ body }: ApiStream, runtime: Runtime): Promise<void> {
  if (!runtime.stdout.isTTY) {
    for await (const chunk of body) await writeStdout(runtime, chunk);
    return;
  }
  const decoder = new TextDecoder();
  for await (const chunk of body) await write(runtime, decoder.decode(chunk, { stream: true }));
  await write(runtime, decoder.decode());
}

/** The body as indented JSON or YAML; one that is not JSON (`/healthz`, a plain 404) as it is. */
export async function writeFormatted({ body }: ApiStream, format: 'json' | 'yaml', runtime: Runtime): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const value = parsed(text);
  await write(runtime, value === undefined ? text : await render(value, format));
}

/** Watch events: a line of JSON each, or a YAML document each. */
export async function writeEvents(
  { body }: ApiStream,
  format: 'raw' | 'json' | 'yaml',
  runtime: Runtime,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) await writeEvent(line, format, runtime);
  }
  if (rest.trim() !== '') {
    throw new ServerError('Cannot read the watch to its end: the last event is cut off', { reason: 'TruncatedBody' });
  }
}

async function writeEvent(line: string, format: 'raw' | 'json' | 'yaml', runtime: Runtime): Promise<void> {
  if (line === '') return;
  const value = format === 'yaml' ? parsed(line) : undefined;
  await write(runtime, value === undefined ? `${line}\n` : `${await renderYaml(value)}---\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function render(value: unknown, format: 'json' | 'yaml'): Promise<string> {
  return format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : renderYaml(value);
}

/** Writes text to stdout, escaped where that is a terminal. */
export async function write(runtime: Runtime, text: string): Promise<void> {
  if (text !== '') await writeStdout(runtime, runtime.stdout.isTTY ? escapeText(text) : text);
}
