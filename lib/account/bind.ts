import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { DeniedError, NotFoundError, RefusedError, ServerError, UnreachableError } from '../model/errors.ts';
import { collectionPath, describeObject, type MadeObject, objectPath } from '../model/made-object.ts';
import { isOurs, managedBy, managedByLabel, runAnnotation } from '../model/ownership.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';
import { type BindingManifest, bindingManifest, type Grant, type RoleManifest, roleManifest } from './grant.ts';
import { ruleLines } from './rules.ts';
import type { KnownServiceAccount } from './service-account.ts';

/** Milliseconds for the answer to a write. Not cut by a signal: what it made has to be known to be removed. */
const answerMs = 30_000;

export interface BindOptions {
  readonly run: string;
  /** Give rights to a ServiceAccount, and take over Roles and bindings, that this suite did not make. */
  readonly adopt: boolean;
  readonly signal: AbortSignal;
  /** Told before an object is asked for, so that clean-up knows it even if no answer comes; forgets it if refused. */
  onMaking(object: MadeObject): () => void;
  onGranted?(grant: Grant, what: 'created' | 'unchanged' | 'replaced', difference: string[]): void;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * What can be known about grants before anything is written: that the ServiceAccount may have any, and that the
 * ClusterRoles exist.
 *
 * @throws {RefusedError} It is `default`, or in kube-system.
 * @throws {NotFoundError} A ClusterRole does not exist: a binding to it would grant nothing.
 */
export async function requireGrantable(
  connection: Connection,
  account: ServiceAccountRef,
  grants: readonly Grant[],
  options: Pick<BindOptions, 'signal' | 'onWarning'>,
): Promise<void> {
  if (grants.length === 0) return;
  if (account.name === 'default' || account.namespace === 'kube-system') {
    const why =
      account.namespace === 'kube-system'
        ? 'the ServiceAccounts of kube-system run the cluster itself'
        : 'each pod of its namespace that names no other runs as it';
    throw new RefusedError(`Cannot give rights to ServiceAccount "${fullName(account)}": ${why}`, {
      reason: 'ServiceAccountProtected',
      hint: 'Name a ServiceAccount of its own; --create-service-account makes it',
    });
  }
  const roles = grants.flatMap((grant) => (grant.by === 'role' ? [grant.clusterRole] : []));
  await Promise.all(roles.map((name) => requireClusterRole(connection, name, options)));
}

/**
 * Whether a ServiceAccount that exists may be given rights.
 *
 * @throws {RefusedError} This suite did not make it, and `adopt` is false.
 */
export function requireOwn(
  account: KnownServiceAccount,
  { adopt, onWarning }: Pick<BindOptions, 'adopt' | 'onWarning'>,
): void {
  if (account.ours) return;
  const name = `ServiceAccount "${fullName(account)}"`;
  if (!adopt) {
    throw new RefusedError(
      `Cannot give rights to ${name}: kube-sa-token did not make it, and pods that run as it would get them too`,
      {
        reason: 'ServiceAccountNotOurs',
        hint: '--adopt gives the rights all the same',
      },
    );
  }
  onWarning?.(`${name} was not made by kube-sa-token: pods that run as it get the rights too`);
}

/**
 * Gives rights to a ServiceAccount. The same again changes nothing; other rules replace the earlier ones.
 *
 * @throws {RefusedError} An object of that name is not ours and `adopt` is false, or a binding of ours points elsewhere.
 */
export async function bind(
  connection: Connection,
  account: KnownServiceAccount,
  grants: readonly Grant[],
  options: BindOptions,
): Promise<void> {
  for (const grant of grants) {
    const role = roleManifest(account, grant, options.run);
    const rules = role === undefined ? undefined : await ensureObject(connection, role, options);
    const binding = await ensureObject(connection, bindingManifest(account, grant, options.run), options);
    const what = [rules?.what, binding.what].find((one) => one !== undefined && one !== 'unchanged') ?? 'unchanged';
    options.onGranted?.(grant, what, rules?.difference ?? []);
  }
}

async function requireClusterRole(
  connection: Connection,
  name: string,
  { signal, onWarning }: Pick<BindOptions, 'signal' | 'onWarning'>,
): Promise<void> {
  try {
    const path = objectPath({ kind: 'ClusterRole', namespace: undefined, name });
    const role = await connection.send({ method: 'GET', path, doing: `read ClusterRole "${name}"`, signal });
    const { rules, aggregationRule } = role.json<{ rules?: unknown[] | null; aggregationRule?: unknown }>();
    if ((rules ?? []).length === 0) {
      const yet = aggregationRule === undefined ? '' : ' yet (a controller aggregates it)';
      onWarning?.(`ClusterRole "${name}" has no rules${yet}: it grants nothing`);
    }
  } catch (error) {
    if (error instanceof NotFoundError) {
      throw new NotFoundError(
        `Cannot bind ClusterRole "${name}": it does not exist, so that a binding to it would grant nothing`,
        {
          reason: 'ClusterRoleNotFound',
          hint: 'Kubernetes itself has view, edit, admin and cluster-admin',
        },
      );
    }
    if (!(error instanceof DeniedError)) throw error;
    onWarning?.(`ClusterRole "${name}" cannot be read (${error.reason}): whether it exists is not known`);
  }
}

type Existing = { metadata: V1ObjectMeta } & Pick<RoleManifest, 'rules'> &
  Pick<BindingManifest, 'subjects' | 'roleRef'>;

/** Makes an object, or brings one of ours to the wanted rules. Never touches one without our label unless `adopt`. */
async function ensureObject(
  connection: Connection,
  wanted: RoleManifest | BindingManifest,
  options: BindOptions,
): Promise<{ what: 'created' | 'unchanged' | 'replaced'; difference: string[] }> {
  const object = madeObject(wanted);
  const doing = `give rights by ${describeObject(object)}`;
  const existing = await readExisting(connection, object, doing, options.signal);
  if (existing === undefined) {
    const forget = options.onMaking(object);
    const body = JSON.stringify(wanted);
    try {
      await connection.send({
        method: 'POST',
        path: collectionPath(object),
        body,
        contentType: 'application/json',
        doing,
        timeoutMs: answerMs,
      });
      return { what: 'created', difference: [] };
    } catch (error) {
      if (!(error instanceof UnreachableError)) forget();
      if (!(error instanceof ServerError && error.reason === 'AlreadyExists')) throw error;
      return ensureObject(connection, wanted, options); // somebody else was quicker
    }
  }
  const adopting = !isOurs(existing.metadata);
  if (adopting && !options.adopt) {
    throw new RefusedError(`Cannot ${doing}: one that kube-sa-token did not make has that name`, {
      reason: 'ObjectNotOurs',
      hint: `--adopt takes it over`,
    });
  }
  requireSameTarget(existing, wanted, doing);
  const difference = rulesDifference(existing, wanted);
  if (!adopting && difference.length === 0) return { what: 'unchanged', difference };
  const { resourceVersion, uid, name, namespace, labels, annotations } = existing.metadata;
  const metadata = {
    name,
    namespace,
    uid,
    resourceVersion, // what was compared is what is replaced
    labels: { ...labels, [managedByLabel]: managedBy },
    annotations: { ...annotations, ...(adopting ? { [runAnnotation]: 'adopted' } : {}) },
  };
  const body = JSON.stringify({ ...existing, ...wanted, metadata });
  await connection.send({
    method: 'PUT',
    path: objectPath(object),
    body,
    contentType: 'application/json',
    doing,
    timeoutMs: answerMs,
  });
  return { what: 'replaced', difference };
}

async function readExisting(
  connection: Connection,
  object: MadeObject,
  doing: string,
  signal: AbortSignal,
): Promise<Existing | undefined> {
  try {
    return (await connection.send({ method: 'GET', path: objectPath(object), doing, signal })).json<Existing>();
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** A binding's roleRef cannot be changed, and one that has other subjects serves somebody else. */
function requireSameTarget(existing: Existing, wanted: RoleManifest | BindingManifest, doing: string): void {
  if (!('roleRef' in wanted)) return;
  const { roleRef, subjects = [] } = existing;
  const [subject] = wanted.subjects ?? [];
  const same =
    roleRef.kind === wanted.roleRef.kind &&
    roleRef.name === wanted.roleRef.name &&
    subjects.length === 1 &&
    subjects[0]?.kind === subject?.kind &&
    subjects[0]?.name === subject?.name &&
    subjects[0]?.namespace === subject?.namespace;
  if (same) return;
  throw new RefusedError(
    `Cannot ${doing}: it binds ${roleRef.kind} "${roleRef.name}" to other subjects or another role than asked for`,
    {
      reason: 'BindingDiffers',
      hint: 'Look at it, and delete it if nobody needs it',
    },
  );
}

function rulesDifference(existing: Existing, wanted: RoleManifest | BindingManifest): string[] {
  if (!('rules' in wanted)) return [];
  const [before, after] = [ruleLines(existing.rules ?? []), ruleLines(wanted.rules ?? [])];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function madeObject(manifest: RoleManifest | BindingManifest): MadeObject {
  const { name = '', namespace } = manifest.metadata ?? {};
  return { kind: manifest.kind as MadeObject['kind'], namespace, name };
}
