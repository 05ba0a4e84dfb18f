import type { Connection } from '../../connection/connection.ts';
import { pages } from '../../connection/paginate.ts';
import type { Runtime } from '../../system/runtime.ts';
import { renderYaml } from '../../system/yaml.ts';
import { write } from './write-answer.ts';

/**
 * A list of many pages as one document, a page in memory at a time. The head is that of the first page, without the
 * fields that speak of pages.
 */
export async function writePages(
  connection: Connection,
  {
    path,
    format,
    headers,
    runtime,
  }: { path: string; format: 'raw' | 'json' | 'yaml'; headers: Readonly<Record<string, string>>; runtime: Runtime },
): Promise<void> {
  const signal = runtime.interruption.signal;
  let count = 0;
  let tail = '';
  for await (const page of pages(connection, { path, headers, doing: `list ${path}`, signal })) {
    const { items, metadata, ...head } = page;
    if (count === 0) {
      const { continue: _continue, remainingItemCount: _remaining, ...own } = metadata ?? {};
      const list = { ...head, metadata: own };
      // JSON: the items come last, so that the head can be written before they are known.
      await write(
        runtime,
        format === 'yaml' ? `${await renderYaml(list)}items:` : `${JSON.stringify(list).slice(0, -1)},"items":[`,
      );
      tail = format === 'yaml' ? '' : '\n]}\n';
    }
    for (const item of items) {
      const text =
        format === 'yaml'
          ? `\n${(await renderYaml([item])).trimEnd()}`
          : `${count === 0 ? '' : ','}\n${format === 'json' ? JSON.stringify(item, undefined, 2) : JSON.stringify(item)}`;
      await write(runtime, text);
      count += 1;
    }
  }
  await write(runtime, format === 'yaml' ? (count === 0 ? ' []\n' : '\n') : tail);
}
