import type { ResourceType } from '../kinds/resource-type.ts';
import type { Watch, WatchEvent } from '../verbs/watch.ts';
import type { Exchange } from './exchange.ts';
import { inForm } from './form.ts';
import type { Format } from './negotiate.ts';
import { beginStream, json } from './write.ts';

interface WatchForm {
  readonly type: ResourceType;
  readonly format: Format;
  readonly includeObject: string;
}

/** Writes the events of a watch, one a line, until it ends or the client leaves. */
export function writeWatch(
  { cluster, response, warnings }: Exchange,
  watch: Watch,
  { type, format, includeObject }: WatchForm,
): void {
  beginStream(response, { code: 200, headers: { 'Content-Type': 'application/json' }, warnings });
  let isFirst = true;
  const line = ({ type: change, object }: WatchEvent) => {
    const options = {
      type,
      now: cluster.now(),
      withColumns: isFirst,
      includeObject,
    };
    isFirst = false;
    return `${json({ type: change, object: inForm(object, format, options) })}\n`;
  };
  const stop = watch.start({
    event: (event) => {
      // No event is a list: the API server ends such a watch with the first one
      if (format.as === 'PartialObjectMetadataList' && event.type !== 'ERROR') response.end();
      else if (!response.writableEnded) response.write(line(event));
    },
    end: () => response.end(),
  });
  response.once('close', stop);
}
