import type { V1ClusterRoleBinding, V1RoleBinding } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { createOnce } from '../connection/create-once.ts';
import { rbacAuthorizationV1 } from '../connection/typed-api.ts';
import { NotFoundError } from '../model/errors.ts';
import { describeObject, type MadeObject } from '../model/made-object.ts';
import type { BindingManifest, RoleManifest } from './grant.ts';

export type RbacKind = 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding';
export type RbacManifest = RoleManifest | BindingManifest;

/** Milliseconds for the answer to a replacement. */
const answerMs = 10_000;

/** The object that a manifest describes. */
export function rbacObject({ kind, metadata }: RbacManifest): MadeObject & { readonly kind: RbacKind } {
  return { kind: kind as RbacKind, namespace: metadata?.namespace, name: metadata?.name ?? '' };
}

/** Reads a Role or binding; undefined where there is none. */
export async function readRbacObject(
  connection: Connection,
  { kind, name, namespace = '' }: MadeObject & { readonly kind: RbacKind },
  { doing, signal }: { doing: string; signal: AbortSignal },
): Promise<RbacManifest | undefined> {
  const rbac = await rbacAuthorizationV1(connection, { doing, signal });
  try {
    switch (kind) {
      case 'Role':
        return await rbac.readNamespacedRole({ namespace, name });
      case 'ClusterRole':
        return await rbac.readClusterRole({ name });
      case 'RoleBinding':
        return await rbac.readNamespacedRoleBinding({ namespace, name });
      case 'ClusterRoleBinding':
        return await rbac.readClusterRoleBinding({ name });
    }
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Creates a Role or binding, and knows afterwards whether it exists; `exists` if another one has the name. A signal does
 * not cut it.
 */
export async function createRbacObject(
  connection: Connection,
  body: RbacManifest,
  { doing, run, signal }: { doing: string; run: string; signal: AbortSignal },
): Promise<RbacManifest | 'exists'> {
  const object = rbacObject(body);
  return createOnce<RbacManifest>({
    doing,
    object: describeObject(object),
    run,
    signal,
    create: (limited) => create(connection, body, { doing, signal: limited }),
    read: (limited) => readRbacObject(connection, object, { doing, signal: limited }),
  });
}

async function create(
  connection: Connection,
  body: RbacManifest,
  call: { doing: string; signal: AbortSignal },
): Promise<RbacManifest> {
  const rbac = await rbacAuthorizationV1(connection, call);
  const { kind, namespace = '' } = rbacObject(body);
  switch (kind) {
    case 'Role':
      return rbac.createNamespacedRole({ namespace, body });
    case 'ClusterRole':
      return rbac.createClusterRole({ body });
    case 'RoleBinding':
      return rbac.createNamespacedRoleBinding({ namespace, body: body as V1RoleBinding });
    case 'ClusterRoleBinding':
      return rbac.createClusterRoleBinding({ body: body as V1ClusterRoleBinding });
  }
}

/** @throws {ServerError} Reason `Conflict`: it was changed since it was read. */
export async function replaceRbacObject(connection: Connection, body: RbacManifest, doing: string): Promise<void> {
  const rbac = await rbacAuthorizationV1(connection, { doing, timeoutMs: answerMs });
  const { kind, name, namespace = '' } = rbacObject(body);
  switch (kind) {
    case 'Role':
      return void (await rbac.replaceNamespacedRole({ namespace, name, body }));
    case 'ClusterRole':
      return void (await rbac.replaceClusterRole({ name, body }));
    case 'RoleBinding':
      return void (await rbac.replaceNamespacedRoleBinding({ namespace, name, body: body as V1RoleBinding }));
    case 'ClusterRoleBinding':
      return void (await rbac.replaceClusterRoleBinding({ name, body: body as V1ClusterRoleBinding }));
  }
}
