import { rbacObject, readRbacObject } from '../account/rbac-object.ts';
import { changeOf } from '../account/bind.ts';
import { bindingManifest, type Grant, roleManifest } from '../account/grant.ts';
import { requireOfItsOwn } from '../account/grantable.ts';
import { lookUpNamespace, namespaceManifest } from '../account/namespace.ts';
import { serviceAccountManifest } from '../account/service-account.ts';
import type { Connection } from '../connection/connection.ts';
import { NotFoundError, ServerError } from '../model/errors.ts';
import { collectionPath, describeObject, type ObjectRef } from '../model/made-object.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';
import { preflight } from './preflight.ts';
import { type TokenIntent, tokenSecretManifest } from './secret.ts';

export interface DryRunInput {
  readonly account: ServiceAccountRef;
  readonly createNamespace: boolean;
  readonly createServiceAccount: boolean;
  readonly grants: readonly Grant[];
  readonly adopt: boolean;
  readonly secretName: string;
  readonly intent: TokenIntent;
  readonly run: string;
}

/** An object that a run would create, in the order of creation. */
export interface PlannedObject {
  readonly manifest: Manifest;
  /** `exists`: a run would find and keep it. `replaced`: a run would change it. `not checked`: what it refers to is not there yet. */
  readonly state: 'planned' | 'accepted' | 'exists' | 'replaced' | 'not checked';
}

export interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
}

/**
 * What a run would create, without asking anybody.
 *
 * @throws {RefusedError} Rights for `default`, or in kube-system.
 */
export function planObjects(input: DryRunInput): PlannedObject[] {
  const { account, grants, intent, run, secretName } = input;
  if (grants.length > 0) requireOfItsOwn(account);
  const manifests: (Manifest | undefined)[] = [
    input.createNamespace ? namespaceManifest(account.namespace, run) : undefined,
    input.createServiceAccount && account.name !== 'default' ? serviceAccountManifest(account, run) : undefined,
    ...grants.flatMap((grant) => [roleManifest(account, grant, run), bindingManifest(account, grant, run)]),
    tokenSecretManifest(account, secretName, run, intent),
  ];
  return manifests.filter((manifest) => manifest !== undefined).map((manifest) => ({ manifest, state: 'planned' }));
}

/**
 * What a run would create, each object accepted by the API server (`dryRun=All`: admission included, nothing stored).
 *
 * @throws As a run would: ServiceAccount or namespace missing, rights missing, quota.
 */
export async function checkObjects(
  connection: Connection,
  input: DryRunInput,
  options: { signal: AbortSignal; now: () => number; onWarning?: ((text: string) => void) | undefined },
): Promise<PlannedObject[]> {
  const { account, createNamespace, createServiceAccount } = input;
  const { lookup } = await preflight(connection, {
    ...input,
    ...options,
    reuse: false,
    listFirst: true,
    verify: false,
  });
  const namespace =
    typeof lookup === 'object' ? 'present' : await lookUpNamespace(connection, account.namespace, options.signal);
  if (namespace === 'missing' && !createNamespace) {
    throw new NotFoundError(`Cannot find namespace "${account.namespace}"`, {
      reason: 'NamespaceNotFound',
      hint: '--create-namespace creates it',
    });
  }
  if (lookup === 'missing' && !createServiceAccount && namespace !== 'missing') {
    throw new NotFoundError(`Cannot find ServiceAccount "${fullName(account)}"`, {
      reason: 'ServiceAccountNotFound',
      hint: '--create-service-account creates it',
    });
  }
  const checked: PlannedObject[] = [];
  for (const { manifest } of planObjects(input)) {
    const waits = namespace === 'missing' && manifest.metadata?.namespace !== undefined;
    const one = waits ? undefined : await check(connection, manifest, { ...input, signal: options.signal });
    checked.push(one ?? { manifest, state: 'not checked' });
  }
  return checked;
}

/** Undefined where it refers to an object that only a real run would have made: a binding to its Role. */
async function check(
  connection: Connection,
  manifest: Manifest,
  { adopt, signal }: { adopt: boolean; signal: AbortSignal },
): Promise<PlannedObject | undefined> {
  const object = refOf(manifest);
  try {
    const answer = await connection.send({
      method: 'POST',
      path: collectionPath(object),
      query: { dryRun: 'All' },
      body: JSON.stringify(manifest),
      contentType: 'application/json',
      doing: `create ${describeObject(object)} (dry run)`,
      retry: 'idempotent',
      signal,
    });
    return { manifest: answer.json<Manifest>(), state: 'accepted' };
  } catch (error) {
    if (error instanceof NotFoundError && object.kind.endsWith('Binding')) return undefined;
    if (!(error instanceof ServerError && error.reason === 'AlreadyExists')) throw error;
  }
  if (object.kind === 'Namespace' || object.kind === 'ServiceAccount' || object.kind === 'Secret')
    return { manifest, state: 'exists' };
  const doing = `read ${describeObject(object)}`;
  const existing = await readRbacObject(connection, rbacObject(manifest), { doing, signal });
  const what = existing === undefined ? 'unchanged' : changeOf(existing, manifest, { adopt }).what;
  return { manifest, state: what === 'unchanged' ? 'exists' : 'replaced' };
}

/** The object that a manifest describes. */
export function refOf({ kind, metadata }: Manifest): ObjectRef {
  return { kind: kind as ObjectRef['kind'], namespace: metadata?.namespace, name: metadata?.name ?? '' };
}
