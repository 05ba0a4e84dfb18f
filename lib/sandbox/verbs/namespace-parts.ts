import { isRecord } from '../object/object.ts';
import { keepOrRemove } from './delete.ts';
import { type Answer, type Call, existing } from './call.ts';
import { isDryRun } from './options.ts';
import { decodeBody } from './decode-body.ts';
import { checkName } from './update.ts';

/** `PUT` of `namespaces/NAME/finalize`: its finalizers alone; one that is going goes with the last of them. */
export async function finalizeNamespace(call: Call): Promise<Answer> {
  return replacePart(call, 'spec');
}

/** `PUT` of `namespaces/NAME/status`. */
export async function updateStatus(call: Call): Promise<Answer> {
  return replacePart(call, 'status');
}

async function replacePart(call: Call, part: 'spec' | 'status'): Promise<Answer> {
  const { cluster, query, type } = call;
  const given = await decodeBody(call.body, type, call);
  checkName(call, given.metadata.name);
  const old = existing(call);
  const object = { ...old, [part]: isRecord(given[part]) ? given[part] : {} };
  if (isDryRun(query, 'UpdateOptions')) return { code: 200, object };
  return { code: 200, object: keepOrRemove(cluster, type, object) };
}
