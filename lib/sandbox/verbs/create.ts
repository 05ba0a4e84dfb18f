import { randomUUID } from 'node:crypto';
import { groupVersion, type ResourceType } from '../kinds/resource-type.ts';
import { type FieldError, invalidObject, invalid, required } from '../field-error.ts';
import { managerName, track } from '../object/managed-fields.ts';
import { managersBefore } from '../object/managers-before.ts';
import { type KubeObject, timestamp, withMetadata } from '../object/object.ts';
import { alreadyExists, internal, otherNamespace } from '../status.ts';
import { confirmNoEscalation } from '../authorization/escalation.ts';
import type { Cluster } from '../cluster.ts';
import type { Answer, Call } from './call.ts';
import { isDryRun } from './options.ts';
import { decodeBody } from './decode-body.ts';
import { generateName } from './generate-name.ts';
import { admitToNamespace } from './admission.ts';
import { withEachOwnerOnce } from './owner-references.ts';
import { invalidMetadata } from './metadata-rules.ts';

/** `POST`: makes an object. */
export async function create(call: Call): Promise<Answer> {
  const { cluster, namespace, query, type } = call;
  const dryRun = isDryRun(query, 'CreateOptions');
  const object = withEachOwnerOnce(await decodeBody(call.body, type, call), call.warn);
  return {
    code: 201,
    object: createObject(call, object, {
      dryRun,
      namespace,
      cluster,
    }),
  };
}

interface CreateOptions {
  readonly cluster: Cluster;
  readonly namespace: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Makes an object that has been read.
 *
 * @throws {ApiError} In the order in which the API server looks: namespace, admission, escalation, fields, name taken.
 */
export function createObject(call: Call, given: KubeObject, { cluster, namespace, dryRun }: CreateOptions): KubeObject {
  const { query, type, user, userAgent } = call;
  const metadata = given.metadata as Partial<KubeObject['metadata']>;
  if (type.namespaced && (metadata.namespace ?? namespace) !== namespace) {
    throw otherNamespace();
  }
  const manager = {
    manager: managerName(query, userAgent),
    operation: 'Update',
    apiVersion: groupVersion(type),
  } as const;
  const own = withMetadata(type.withoutUnmanaged?.(given) ?? given, systemFields);
  const tracked = track(own, undefined, type.schema, manager, cluster.now(), managersBefore(given, undefined));
  admitToNamespace(cluster, type, namespace, metadata.name ?? '');
  const made = (name: string | undefined) => prepare(cluster, type, { namespace, name }, tracked);
  const named = metadata.name === undefined ? generateName(metadata.generateName, cluster.random) : metadata.name;
  const object = made(named);
  confirmNoEscalation(cluster.store, user, type, object);
  check(type, object);
  if (metadata.resourceVersion !== undefined)
    throw internal('resourceVersion should not be set on objects to be created');
  if (cluster.store.get(type.resource, { namespace, name: named ?? '' }) === undefined) {
    return dryRun ? object : cluster.store.put(type.resource, object);
  }
  if (cluster.store.get(type.resource, object.metadata)?.metadata.deletionTimestamp !== undefined) {
    throw alreadyExists(type, named ?? '', { deleting: true });
  }
  const isGenerated = metadata.name === undefined;
  for (let attempt = 1; isGenerated && attempt < 8; attempt += 1) {
    const another = made(generateName(metadata.generateName, cluster.random));
    if (cluster.store.get(type.resource, another.metadata) !== undefined) continue;
    return dryRun ? another : cluster.store.put(type.resource, another);
  }
  throw alreadyExists(type, named ?? '', { generated: isGenerated });
}

/** Only the server says them: they are taken out before it is looked whose is what. */
const systemFields = {
  uid: undefined,
  creationTimestamp: undefined,
  deletionTimestamp: undefined,
  deletionGracePeriodSeconds: undefined,
};

function prepare(
  cluster: Cluster,
  type: ResourceType,
  { namespace, name }: { namespace: string | undefined; name: string | undefined },
  given: KubeObject,
): KubeObject {
  const object = withMetadata(given, {
    ...(name === undefined ? {} : { name }),
    namespace,
    uid: randomUUID(),
    resourceVersion: undefined,
    creationTimestamp: timestamp(cluster.now()),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
  });
  return type.onCreate?.(object) ?? object;
}

function check(type: ResourceType, object: KubeObject): void {
  const name = (object.metadata as { name?: string }).name ?? '';
  const why = name === '' ? undefined : type.validateName(name);
  const errors = [
    ...(name === '' ? [required('metadata.name', 'name or generateName is required')] : []),
    ...invalidBase(type, object),
    ...(type.namespaced && object.metadata.namespace === undefined ? [required('metadata.namespace')] : []),
    ...(why === undefined ? [] : [invalid('metadata.name', name, characters(why))]),
    ...invalidMetadata(object),
    ...(type.validate?.(object) ?? []),
  ];
  if (errors.length > 0) throw invalidObject(type, name, errors);
}

/** A base may end in what a name may not: something follows it. */
function invalidBase(type: ResourceType, { metadata }: KubeObject): FieldError[] {
  const { generateName: base } = metadata;
  const why = base === undefined ? undefined : type.validateName(base.replace(/[-.]$/u, 'a'));
  return why === undefined ? [] : [invalid('metadata.generateName', base, why)];
}

/** Of a name Kubernetes counts characters, of all else bytes. */
function characters(why: string): string {
  return why.replace(/^(must be no more than \d+) bytes$/u, '$1 characters');
}
