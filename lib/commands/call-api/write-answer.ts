import type { ApiStream } from '../../connection/connection.ts';
import { escapeText } from '../../model/escape.ts';
import { describeHttpStatus } from '../../model/http-status.ts';
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

/**
 * The body as indented JSON or YAML; one that is not JSON (`/healthz`, a plain 404) as it is, which is said on stderr: a
 * parser may wait behind stdout.
 */
export async function writeFormatted(
  { body }: ApiStream,
  { format, note, runtime }: { format: 'json' | 'yaml'; note: (text: string) => void; runtime: Runtime },
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const onOther = () => note(`The body is not JSON: it is printed as it came, not as -o ${format}`);
  await write(runtime, await renderBody(text, format, onOther));
}

/** A body as indented JSON or YAML; one that is not JSON as it is, which is told `onOther` unless it is empty. */
export async function renderBody(text: string, format: 'json' | 'yaml', onOther?: () => void): Promise<string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (text !== '') onOther?.();
    return text;
  }
  return format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : renderYaml(value);
}

/** Characters of a body that are kept for the error. */
const longestStart = 65_536;

/** The same answer, the first characters of a refusal kept: the error that follows it on stderr tells what it says. */
export function keepStart(answer: ApiStream): { answer: ApiStream; start(): string } {
  const decoder = new TextDecoder();
  let start = '';
  async function* body() {
    for await (const chunk of answer.body) {
      if (answer.status >= 300 && start.length < longestStart) start += decoder.decode(chunk, { stream: true });
      yield chunk;
    }
  }
  return { answer: { ...answer, body: body() }, start: () => start };
}

/** Writes text to stdout, escaped where that is a terminal. */
export async function write(runtime: Runtime, text: string): Promise<void> {
  if (text !== '') await writeStdout(runtime, runtime.stdout.isTTY ? escapeText(text) : text);
}
