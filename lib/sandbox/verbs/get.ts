import { badRequest } from '../status.ts';
import { type Answer, type Call, existing } from './call.ts';
import { isTrue } from './list-options.ts';
import { requireReached } from './revision.ts';

/** `GET` of one object: it is answered, not watched, whatever else the query asks for. */
export function get(call: Call): Answer {
  const { cluster, query } = call;
  if (isTrue(query.get('export'))) {
    throw badRequest('the export parameter, deprecated since v1.14, is no longer supported');
  }
  requireReached(cluster, query.get('resourceVersion') ?? '');
  return { code: 200, object: existing(call) };
}
