import type { Connection, Refusal } from '../../connection/connection.ts';
import { type Page, pages } from '../../connection/paginate.ts';
import { ServerError } from '../../model/errors.ts';
import type { Runtime } from '../../system/runtime.ts';
import { renderYaml } from '../../system/yaml.ts';
import { renderBody, write } from './write-answer.ts';

interface PagesOptions {
  readonly path: string;
  readonly format: 'raw' | 'json' | 'yaml';
  readonly headers: Readonly<Record<string, string>>;
  readonly runtime: Runtime;
}

/**
 * A list of many pages as one document, a page in memory at a time. The head is that of the first page, without the
 * fields that speak of pages.
 *
 * @returns The answer that refused a page, its body printed if that was the first; undefined where all came.
 * @throws {ServerError} It is no list, or has expired on the way.
 */
export async function writePages(
  connection: Connection,
  { format, headers, path, runtime }: PagesOptions,
): Promise<Refusal | undefined> {
  const { signal } = runtime.interruption;
  const list = listWriter(format, runtime);
  let refusal: Refusal | undefined;
  const onRefusal = (told: Refusal) => (refusal = told);
  try {
    for await (const page of pages(connection, { path, headers, doing: `list ${path}`, signal, onRefusal })) {
      await list.add(page);
    }
  } catch (error) {
    if (error instanceof ServerError && error.reason === 'UnexpectedKind') {
      throw new ServerError(error.message, { reason: error.reason, hint: '--all-pages goes with the path of a list' });
    }
    if (refusal === undefined || refusal.error !== error) throw error;
    if (!list.begun()) await write(runtime, format === 'raw' ? refusal.text : await renderBody(refusal.text, format));
    return refusal;
  }
  await list.end();
  return undefined;
}

/** The items come last, so that the head can be written before they are known. */
function listWriter(format: PagesOptions['format'], runtime: Runtime) {
  let count = 0;
  let begun = false;
  const indented = (item: unknown) => JSON.stringify(item, undefined, 2).replaceAll('\n', '\n    ');
  const head: Record<typeof format, (list: object) => Promise<string> | string> = {
    raw: (list) => `${JSON.stringify(list).slice(0, -1)},"items":[`,
    json: (list) => `${JSON.stringify(list, undefined, 2).slice(0, -2)},\n  "items": [`,
    yaml: async (list) => `${await renderYaml(list)}items:`,
  };
  const one: Record<typeof format, (item: unknown) => Promise<string> | string> = {
    raw: (item) => `${count === 0 ? '' : ','}\n${JSON.stringify(item)}`,
    json: (item) => `${count === 0 ? '' : ','}\n    ${indented(item)}`,
    yaml: async (item) => `\n${(await renderYaml([item])).trimEnd()}`,
  };
  const tail: Record<typeof format, () => string> = {
    raw: () => '\n]}\n',
    json: () => (count === 0 ? ']\n}\n' : '\n  ]\n}\n'),
    yaml: () => (count === 0 ? ' []\n' : '\n'),
  };
  return {
    begun: () => begun,
    async add({ items, metadata, ...rest }: Page) {
      if (!begun) {
        const { continue: _continue, remainingItemCount: _remaining, ...own } = metadata ?? {};
        await write(runtime, await head[format]({ ...rest, metadata: own }));
        begun = true;
      }
      for (const item of items) {
        await write(runtime, await one[format](item));
        count += 1;
      }
    },
    end: () => write(runtime, tail[format]()),
  };
}
