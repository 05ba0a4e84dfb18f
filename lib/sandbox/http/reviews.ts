import { reviewTypes } from '../reviews/table.ts';
import type { ReviewType } from '../reviews/review-type.ts';
import { withMetadata } from '../object/object.ts';
import { methodNotAllowed, noSuchResource, otherNamespace } from '../status.ts';
import { isDryRun } from '../verbs/options.ts';
import { decodeBody } from '../verbs/decode-body.ts';
import { managerName, track } from '../object/managed-fields.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import type { Body } from './body.ts';
import { type Exchange, formatOf, type ResourceInfo } from './exchange.ts';
import { objectTypes, requireProduced } from './negotiate.ts';
import { placeOf } from './place.ts';
import { writeObject } from './write.ts';

function find({ group, resource, version }: ResourceInfo): ReviewType | undefined {
  return reviewTypes.find((type) => type.group === group && type.version === version && type.resource === resource);
}

export function isReview(info: ResourceInfo): boolean {
  return find(info) !== undefined;
}

export async function handleReview(exchange: Exchange, info: ResourceInfo, body: Body): Promise<void> {
  const type = find(info);
  const place = type && placeOf(exchange.path, type);
  if (type === undefined || place === undefined || place.name !== undefined) throw noSuchResource();
  if (exchange.method !== 'POST') throw methodNotAllowed();
  requireProduced(exchange.request.headers.accept ?? '', objectTypes);
  const { cluster, query, request, response, user, warnings } = exchange;
  const review = await decodeBody(body, type, { query, warn: (text) => warnings.push(text) });
  isDryRun(query, 'CreateOptions');
  const manager = {
    manager: managerName(query, request.headers['user-agent'] ?? ''),
    operation: 'Update',
    apiVersion: groupVersion(type),
  } as const;
  const { namespace: given } = review.metadata;
  if (type.namespaced && given !== undefined && given !== info.namespace) throw otherNamespace();
  const placed = withMetadata(review, { namespace: type.namespaced ? info.namespace : undefined });
  const tracked = track(placed, undefined, type.schema, manager, cluster.now());
  const object = type.answer({ cluster, user, review: tracked, namespace: info.namespace });
  await writeObject(response, object, { code: 201, ...formatOf(exchange), warnings });
}
