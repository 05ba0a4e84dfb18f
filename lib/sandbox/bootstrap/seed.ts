import { UsageError } from '../../model/errors.ts';
import { escapeLine } from '../../model/escape.ts';
import type { User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { storedTypes } from '../kinds/table.ts';
import { isRecord } from '../object/object.ts';
import { ApiError } from '../status.ts';
import { create } from '../verbs/create.ts';

const administrator: User = { username: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] };

/**
 * Makes the objects that a sandbox begins with, one after another, as its administrator would: what the API server
 * fills in or refuses is filled in or refused, and unknown fields are refused. Pods are taken with their status.
 *
 * @throws {UsageError} One is refused.
 */
export async function seed(cluster: Cluster, objects: readonly object[]): Promise<void> {
  for (const [index, object] of objects.entries()) {
    try {
      await make(cluster, object);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new UsageError(`Cannot begin with ${nameOf(object, index)}: ${escapeLine(error.message)}`, {
        reason: error.status.reason ?? 'ObjectRefused',
      });
    }
  }
}

async function make(cluster: Cluster, object: object): Promise<void> {
  const { apiVersion, kind, metadata } = object as { apiVersion?: unknown; kind?: unknown; metadata?: unknown };
  const type = storedTypes.find((one) => one.kind === kind && groupVersion(one) === apiVersion);
  if (type === undefined) {
    throw new ApiError(400, 'BadRequest', `there is no kind ${JSON.stringify(kind)} of ${JSON.stringify(apiVersion)}`);
  }
  const { namespace = 'default' } = isRecord(metadata) ? metadata : {};
  const text = JSON.stringify(object); // dates become text, as on the wire
  await create({
    cluster,
    type,
    user: administrator,
    verb: 'create',
    namespace: type.namespaced ? String(namespace) : undefined,
    name: '',
    subresource: '',
    query: new URLSearchParams({ fieldValidation: 'Strict' }),
    userAgent: 'sandbox',
    body: { bytes: Buffer.from(text), text, contentType: 'application/json' },
    warn: () => {},
  });
}

/** `Secret "x"`, or where it stands among the objects. */
function nameOf(object: object, index: number): string {
  const { kind, metadata } = object as { kind?: unknown; metadata?: unknown };
  const { name, generateName } = isRecord(metadata) ? metadata : {};
  const called = name ?? generateName;
  if (typeof kind !== 'string' || typeof called !== 'string') return `object ${index + 1}`;
  return escapeLine(`${kind} "${called}"`);
}
