import type { Runtime } from '../../system/runtime.ts';
import { readNamed } from '../shared/read-token.ts';

export interface RequestBody {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * The body of `--data`: stdin for `-`, the text itself where it begins with `{` or `[` (or has several lines), else the
 * file of that name.
 *
 * @throws {UsageError} The file cannot be read.
 */
export async function readBody(
  data: string,
  { contentType, method, runtime }: { contentType: string | undefined; method: string; runtime: Runtime },
): Promise<RequestBody> {
  const isText = /^\s*[{[]|\n/u.test(data);
  const body = data === '-' ? await runtime.stdin.read() : isText ? Buffer.from(data) : await readNamed(data, runtime);
  return { body, contentType: contentType ?? guessContentType(body, method) };
}

function guessContentType(body: Uint8Array, method: string): string {
  const first = /^\s*(.)/u.exec(Buffer.from(body.subarray(0, 200)).toString('utf8'))?.[1];
  if (method === 'PATCH') return first === '[' ? 'application/json-patch+json' : 'application/merge-patch+json';
  return first === '{' || first === '[' ? 'application/json' : 'application/yaml';
}
