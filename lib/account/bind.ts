import type { Connection } from '../connection/connection.ts';
import { mayBeDone } from '../connection/may-be-done.ts';
import { RefusedError, ServerError } from '../model/errors.ts';
import { describeObject, type MadeObject } from '../model/made-object.ts';
import { isOurs, managedBy, managedByLabel, runAnnotation } from '../model/ownership.ts';
import { type BindingManifest, bindingManifest, type Grant, roleManifest } from './grant.ts';
import { createRbacObject, type RbacManifest, rbacObject, readRbacObject, replaceRbacObject } from './rbac-object.ts';
import { ruleLines } from './rules.ts';
import type { KnownServiceAccount } from './service-account.ts';

export interface BindOptions {
  readonly run: string;
  /** Take over Roles and bindings of the names needed that this suite did not make. */
  readonly adopt: boolean;
  readonly signal: AbortSignal;
  /** Told before an object is asked for, so that clean-up knows it even if no answer comes; forgets it if refused. */
  onMaking(object: MadeObject): () => void;
  onGranted?(grant: Grant, what: GrantChange, difference: string[]): void;
}

export type GrantChange = 'created' | 'unchanged' | 'replaced';

/**
 * Gives rights to a ServiceAccount. The same again changes nothing; other rules replace the earlier ones.
 *
 * @throws {RefusedError} An object of that name is not ours and `adopt` is false, or a binding of ours points elsewhere.
 * @throws {DeniedError} The caller may not make it, or gives rights that he does not have.
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

interface Ensured {
  readonly what: GrantChange;
  readonly difference: string[];
}

/** Makes an object, or brings one of ours to the wanted rules. Never touches one without our label unless `adopt`. */
async function ensureObject(connection: Connection, wanted: RbacManifest, options: BindOptions): Promise<Ensured> {
  const object = rbacObject(wanted);
  const doing = `give rights by ${describeObject(object)}`;
  const existing = await readRbacObject(connection, object, { doing, signal: options.signal });
  if (existing !== undefined) return adjust(connection, existing, wanted, options);
  const forget = options.onMaking(object);
  try {
    await createRbacObject(connection, wanted, doing);
    return { what: 'created', difference: [] };
  } catch (error) {
    if (!mayBeDone(error)) forget();
    if (!(error instanceof ServerError && error.reason === 'AlreadyExists')) throw error;
    return ensureObject(connection, wanted, options); // somebody else was quicker
  }
}

async function adjust(
  connection: Connection,
  existing: RbacManifest,
  wanted: RbacManifest,
  { adopt }: BindOptions,
): Promise<Ensured> {
  const doing = `give rights by ${describeObject(rbacObject(wanted))}`;
  const adopting = !isOurs(existing.metadata);
  if (adopting && !adopt) {
    throw new RefusedError(`Cannot ${doing}: one that kube-sa-token did not make has that name`, {
      reason: 'ObjectNotOurs',
      hint: '--adopt takes it over',
    });
  }
  if ('roleRef' in wanted) requireSameTarget(existing as BindingManifest, wanted, doing);
  const difference = 'rules' in wanted && 'rules' in existing ? rulesDifference(existing, wanted) : [];
  if (!adopting && difference.length === 0) return { what: 'unchanged', difference };
  const { name, namespace } = rbacObject(wanted);
  const { labels, annotations, resourceVersion, uid } = existing.metadata ?? {};
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }), // what was compared is what is replaced
    labels: { ...labels, [managedByLabel]: managedBy },
    annotations: { ...annotations, ...(adopting ? { [runAnnotation]: 'adopted' } : {}) },
  };
  await replaceRbacObject(connection, Object.assign({}, wanted, { metadata }), doing);
  return { what: 'replaced', difference };
}

/** A binding's roleRef cannot be changed, and one that has other subjects serves somebody else. */
function requireSameTarget({ roleRef, subjects = [] }: BindingManifest, wanted: BindingManifest, doing: string): void {
  const [subject, ...others] = subjects;
  const [account] = wanted.subjects ?? [];
  const same =
    roleRef.kind === wanted.roleRef.kind &&
    roleRef.name === wanted.roleRef.name &&
    others.length === 0 &&
    subject?.kind === account?.kind &&
    subject?.name === account?.name &&
    subject?.namespace === account?.namespace;
  if (same) return;
  throw new RefusedError(
    `Cannot ${doing}: it binds ${roleRef.kind} "${roleRef.name}", or other subjects than the ServiceAccount alone`,
    { reason: 'BindingDiffers', hint: 'Look at it, and delete it if nobody needs it' },
  );
}

type WithRules = Extract<RbacManifest, { rules?: unknown }>;

function rulesDifference(existing: WithRules, wanted: WithRules): string[] {
  const [before, after] = [ruleLines(existing.rules ?? []), ruleLines(wanted.rules ?? [])];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
