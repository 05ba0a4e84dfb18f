import type { ResourceType, Verb } from '../kinds/resource-type.ts';
import { methodNotAllowed, noSuchResource } from '../status.ts';
import type { Answer, Call } from '../verbs/call.ts';
import { create } from '../verbs/create.ts';
import { remove, removeCollection } from '../verbs/delete.ts';
import { existing } from '../verbs/call.ts';
import { requireReached } from '../verbs/list-options.ts';
import { list } from '../verbs/list.ts';
import { patch } from '../verbs/patch.ts';
import { finalizeNamespace, updateStatus } from '../verbs/namespace-parts.ts';
import { requestToken } from '../verbs/token-request.ts';
import { update } from '../verbs/update.ts';
import { watch } from '../verbs/watch.ts';
import { hasGroup } from '../discovery/discovery.ts';
import { type Body, readBody } from './body.ts';
import { type Exchange, formatOf, type ResourceInfo } from './exchange.ts';
import { inForm } from './form.ts';
import { writeObject, writePageNotFound } from './write.ts';
import { writeWatch } from './write-watch.ts';

/** Answers a request for a resource that the store holds, or says that there is no such resource. */
export async function handleStored(
  exchange: Exchange,
  info: ResourceInfo,
  type: ResourceType | undefined,
): Promise<void> {
  if (type === undefined || info.rest.length > 0) return writeNoSuchResource(exchange, info);
  const part = info.subresource === '' ? type : type.subresources?.find(({ name }) => name === info.subresource);
  if (part === undefined || !isPlaced(type, info)) throw noSuchResource();
  if (
    !part.verbs.includes(info.verb as Verb) ||
    (info.verb === 'create' && info.subresource === '' && isNamed(info, type))
  ) {
    throw methodNotAllowed();
  }
  if (exchange.method === 'HEAD') throw methodNotAllowed();
  if (info.name === '' && ['update', 'patch'].includes(info.verb)) throw methodNotAllowed();
  const body = await readBody(exchange.request);
  const call = callOf(exchange, info, type, body);
  const format = formatOf(exchange);
  if (info.verb === 'watch') return writeWatch(exchange, watch(call), { type, format });
  const { code, object } = await answerOf(call);
  const options = { type, now: exchange.cluster.now(), includeObject: call.query.get('includeObject') };
  const { pretty, response, warnings } = exchange;
  await writeObject(response, inForm(object, format, options), { code, type: format.type, warnings, pretty });
}

/** Of a group that there is, a Status; else what is said of any path that leads nowhere. */
function writeNoSuchResource({ response, warnings }: Exchange, { group }: ResourceInfo): void {
  if (hasGroup(group)) throw noSuchResource();
  writePageNotFound(response, warnings);
}

/** A path with a namespace for what has none is unknown; one without for what has one lists and watches everywhere. */
function isPlaced({ namespaced, resource }: ResourceType, { name, namespace, verb }: ResourceInfo): boolean {
  if (!namespaced) return namespace === '' || (resource === 'namespaces' && name === namespace);
  if (namespace !== '') return true;
  if (verb === 'list' || verb === 'watch') return true;
  throw methodNotAllowed();
}

/** `POST` to an object: nothing has that. */
function isNamed({ name }: ResourceInfo, { resource }: ResourceType): boolean {
  return name !== '' && resource !== '';
}

function callOf(
  { cluster, request, url, user, warnings }: Exchange,
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
    query: url.searchParams,
    userAgent: request.headers['user-agent'] ?? '',
    body,
    warn: (text) => warnings.push(text),
  };
}

async function answerOf(call: Call): Promise<Answer> {
  switch (call.subresource) {
    case 'token':
      return requestToken(call);
    case 'finalize':
      return finalizeNamespace(call);
    case 'status':
      return call.verb === 'get' ? { code: 200, object: existing(call) } : updateStatus(call);
    default:
      return verbOf(call);
  }
}

async function verbOf(call: Call): Promise<Answer> {
  switch (call.verb) {
    case 'get':
      requireReached(call.cluster, call.query.get('resourceVersion') ?? '');
      return { code: 200, object: existing(call) };
    case 'list':
      return list(call);
    case 'create':
      return create(call);
    case 'update':
      return update(call);
    case 'patch':
      return patch(call);
    case 'delete':
      return remove(call);
    case 'deletecollection':
      return removeCollection(call);
    default:
      throw methodNotAllowed();
  }
}
