import type { Connection } from '../connection/connection.ts';
import { mayBeDone } from '../connection/may-be-done.ts';
import { RefusedError } from '../model/errors.ts';
import { describeObject, type MadeObject } from '../model/made-object.ts';
import { isOurs, managedBy, managedByLabel, runAnnotation, runEndsWithinMs } from '../model/ownership.ts';
import { type BindingManifest, bindingManifest, type Grant, roleManifest } from './grant.ts';
import { createRbacObject, type RbacManifest, rbacObject, readRbacObject, replaceRbacObject } from './rbac-object.ts';
import { ruleLines } from './rules.ts';
import type { KnownServiceAccount } from './service-account.ts';

export interface BindOptions {
  readonly run: string;
  /** Take over Roles and bindings of the names needed that this suite did not make. */
  readonly adopt: boolean;
  readonly signal: AbortSignal;
  /** Runs that have ended with a hand-over: what they made is not cleaned up any more. */
  readonly deliveredRuns: ReadonlySet<string>;
  /** By the server's clock, milliseconds since 1970. */
  readonly now: number;
  /** Told before an object is asked for, so that clean-up knows it even if no answer comes; forgets it if refused. */
  onMaking(object: MadeObject): () => void;
  onGranted?(grant: Grant, what: GrantChange, difference: string[]): void;
}

export type GrantChange = 'created' | 'unchanged' | 'replaced' | 'adopted';

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
  const doing = describeTask(wanted);
  const existing = await readRbacObject(connection, object, { doing, signal: options.signal });
  if (existing !== undefined) return adjust(connection, existing, wanted, options);
  const forget = options.onMaking(object);
  let created: RbacManifest | 'exists';
  try {
    created = await createRbacObject(connection, wanted, { doing, run: options.run, signal: options.signal });
  } catch (error) {
    if (!mayBeDone(error)) forget();
    throw error;
  }
  if (created !== 'exists') return { what: 'created', difference: [] };
  forget();
  return ensureObject(connection, wanted, options); // somebody else was quicker
}

async function adjust(
  connection: Connection,
  existing: RbacManifest,
  wanted: RbacManifest,
  options: BindOptions,
): Promise<Ensured> {
  const change = changeOf(existing, wanted, options);
  if (change.what === 'unchanged' && !mayBeCleanedUp(existing, options)) return change;
  const { name, namespace } = rbacObject(wanted);
  const { labels, annotations, resourceVersion, uid } = existing.metadata ?? {};
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }), // what was compared is what is replaced
    labels: { ...labels, [managedByLabel]: managedBy },
    annotations: { ...annotations, [runAnnotation]: options.run },
  };
  await replaceRbacObject(connection, Object.assign({}, wanted, { metadata }), describeTask(wanted));
  return change;
}

/**
 * What a Role or binding that exists would become. Changes nothing.
 *
 * @throws {RefusedError} It is not ours and `adopt` is false, or it points elsewhere.
 */
export function changeOf(existing: RbacManifest, wanted: RbacManifest, { adopt }: { adopt: boolean }): Ensured {
  const doing = describeTask(wanted);
  const adopting = !isOurs(existing.metadata);
  if (adopting && !adopt) {
    throw new RefusedError(`Cannot ${doing}: one that kube-sa-token did not make has that name`, {
      reason: 'ObjectNotOurs',
      hint: '--adopt takes it over',
    });
  }
  if ('roleRef' in wanted) requireSameTarget(existing as BindingManifest, wanted, doing);
  const difference = 'rules' in wanted && 'rules' in existing ? rulesDifference(existing, wanted) : [];
  return { what: difference.length > 0 ? 'replaced' : adopting ? 'adopted' : 'unchanged', difference };
}

/** Another run made it, is perhaps still under way, and would remove it if it fails: then it is made this run's. */
function mayBeCleanedUp({ metadata }: RbacManifest, { deliveredRuns, now, run }: BindOptions): boolean {
  const maker = metadata?.annotations?.[runAnnotation];
  const ageMs = now - (metadata?.creationTimestamp?.getTime() ?? 0);
  return maker !== undefined && maker !== run && !deliveredRuns.has(maker) && ageMs < runEndsWithinMs;
}

function describeTask(wanted: RbacManifest): string {
  return `give rights by ${describeObject(rbacObject(wanted))}`;
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
