import type { ResourceType } from '../kinds/resource-type.ts';
import { badRequest, methodNotAllowed, noSuchResource } from '../status.ts';
import type { Answer, Call } from '../verbs/call.ts';
import { create } from '../verbs/create.ts';
import { remove, removeCollection } from '../verbs/delete.ts';
import { get } from '../verbs/get.ts';
import { list } from '../verbs/list.ts';
import { requestToken } from '../verbs/token-request.ts';
import { update } from '../verbs/update.ts';
import { watch } from '../verbs/watch.ts';
import { type Body, readBody } from './body.ts';
import { type Exchange, formatOf, type ResourceInfo } from './exchange.ts';
import { checkIncludeObject, inForm } from './form.ts';
import { objectTypes, requireProduced, requireStream } from './negotiate.ts';
import { placeOf } from './place.ts';
import { writeObject } from './write.ts';
import { writeWatch } from './write-watch.ts';

/** Answers a request for a resource that the store holds, or says that there is no such resource. */
export async function handleStored(
  exchange: Exchange,
  info: ResourceInfo,
  type: ResourceType | undefined,
): Promise<void> {
  const place = type && placeOf(exchange.path, type);
  if (type === undefined || place === undefined) throw noSuchResource();
  if (!(exchange.method in place.verbs)) throw methodNotAllowed();
  if (place.name === '') throw badRequest('name must be provided');
  requireProduced(exchange.request.headers.accept ?? '', objectTypes);
  const body = await readBody(exchange.request);
  const call = callOf(exchange, info, type, body);
  const format = formatOf(exchange);
  const includeObject = exchange.query.get('includeObject') ?? '';
  if (info.verb === 'watch') {
    requireStream(format);
    const started = watch(call);
    checkIncludeObject(includeObject, format);
    return writeWatch(exchange, started, { type, format, includeObject });
  }
  const { code, object } = await answerOf(call);
  checkIncludeObject(includeObject, format);
  const options = { type, now: exchange.cluster.now(), includeObject };
  const { response, warnings } = exchange;
  await writeObject(response, inForm(object, format, options), { code, ...format, warnings });
}

function callOf(
  { cluster, query, request, user, warnings }: Exchange,
  info: ResourceInfo,
  type: ResourceType,
  body: Body,
): Call {
  return {
    cluster,
    type,
    user,
    verb: info.verb,
    namespace: type.namespaced && info.namespace !== '' ? info.namespace : undefined,
    name: info.name,
    subresource: info.subresource,
    query,
    userAgent: request.headers['user-agent'] ?? '',
    body,
    warn: (text) => warnings.push(text),
  };
}

async function answerOf(call: Call): Promise<Answer> {
  if (call.subresource === 'token') return requestToken(call);
  switch (call.verb) {
    case 'get':
      return get(call);
    case 'list':
      return list(call);
    case 'create':
      return create(call);
    case 'update':
      return update(call);
    case 'patch': {
      const { patch } = await import('../verbs/patch.ts');
      return patch(call);
    }
    case 'delete':
      return remove(call);
    case 'deletecollection':
      return removeCollection(call);
    default:
      throw methodNotAllowed();
  }
}
