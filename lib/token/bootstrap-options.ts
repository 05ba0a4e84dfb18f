import type { Grant } from '../account/grant.ts';
import { parseAllow } from '../account/rules.ts';
import type { Credential } from '../model/credential.ts';
import { UsageError } from '../model/errors.ts';
import { requireObjectName } from '../model/names.ts';
import { newRunId } from '../model/ownership.ts';
import type { Runtime } from '../system/runtime.ts';
import type { BootstrapInput } from './bootstrap.ts';
import { newSecretName } from './secret.ts';
import type { BootstrapStep } from './step.ts';

/** What `bootstrap()` is to do: the flags of `bootstrap-token`, for programs. */
export interface BootstrapOptions {
  readonly serviceAccount: string;
  /** If unset, that of the context. */
  readonly namespace?: string | undefined;
  readonly createNamespace?: boolean | undefined;
  readonly createServiceAccount?: boolean | undefined;
  /** ClusterRoles to bind. */
  readonly roles?: readonly string[] | undefined;
  /** Rights of its own, in the form of `--allow`: `get,list pods,deployments.apps`. */
  readonly allow?: readonly string[] | undefined;
  /** Where the rights of `roles` and `allow` apply; if unset, the namespace. */
  readonly roleScope?: 'namespace' | 'cluster' | undefined;
  /** Give rights to a ServiceAccount, and take over a Role or binding, that this suite did not make. */
  readonly adopt?: boolean | undefined;
  /** Take a token Secret of an earlier run for this ServiceAccount and `purpose`, if its proof succeeds. */
  readonly reuse?: boolean | undefined;
  /** What the name of the Secret begins with, ten random characters follow; if unset, `<serviceAccount>-token`. */
  readonly secretNamePrefix?: string | undefined;
  /** What the token is for; kept as an annotation of the Secret. */
  readonly purpose?: string | undefined;
  /** When the token should be replaced, a Date or RFC 3339; kept as an annotation. It stays valid past that date. */
  readonly rotateAfter?: Date | string | undefined;
  /** Make the proving call; true if unset. The claims of the token are compared all the same. */
  readonly verify?: boolean | undefined;
  /** Milliseconds for the token controller, from the answer to the create; 30 s if unset, 0 looks once. */
  readonly waitTimeoutMs?: number | undefined;
  /**
   * Takes the credential to where it is kept. It is awaited before the Secret is labelled `delivered`, and no signal
   * cuts it; if it throws, what was made is removed and its error is thrown.
   */
  readonly deliver?: ((credential: Credential) => Promise<void>) | undefined;
  /** Ends it: what was made is removed, then the signal's own `reason` is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: BootstrapStep) => void) | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * Completes the options of a program to the whole input of `bootstrapToken()`.
 *
 * @param namespace That of the connection.
 * @throws {UsageError} Options that make no sense, alone or together.
 */
export function bootstrapInputOf(
  options: BootstrapOptions,
  { namespace, now, random }: { namespace: string } & Pick<Runtime, 'now' | 'random'>,
): BootstrapInput {
  const { secretNamePrefix, serviceAccount, signal, verify = true, waitTimeoutMs = 30_000 } = options;
  if (secretNamePrefix !== undefined) requireObjectName(secretNamePrefix, 'secretNamePrefix');
  if (options.reuse === true && secretNamePrefix !== undefined) {
    throw invalid('secretNamePrefix', 'it does not go together with reuse');
  }
  if (!(waitTimeoutMs >= 0)) throw invalid('waitTimeoutMs', 'it takes milliseconds, 0 or more');
  return {
    account: { namespace: options.namespace ?? namespace, name: serviceAccount },
    createNamespace: options.createNamespace ?? false,
    createServiceAccount: options.createServiceAccount ?? false,
    grants: grantsOf(options),
    adopt: options.adopt ?? false,
    reuse: options.reuse ?? false,
    secretName: newSecretName(secretNamePrefix ?? `${serviceAccount}-token`, random),
    intent: { purpose: options.purpose, rotateAfter: rotateAfterOf(options) },
    run: newRunId(random),
    verify,
    waitTimeoutMs,
    interruption: {
      signal: signal ?? new AbortController().signal,
      hold: async (work) => {
        signal?.throwIfAborted();
        return work();
      },
      leaves: () => undefined,
    },
    now,
    deliver: async (credential) => options.deliver?.(credential),
    onStep: options.onStep,
    onWarning: options.onWarning,
  };
}

function grantsOf({ allow = [], roles = [], roleScope }: BootstrapOptions): Grant[] {
  const scope: string = roleScope ?? 'namespace';
  if (scope !== 'namespace' && scope !== 'cluster') throw invalid('roleScope', 'it is "namespace" or "cluster"');
  if (roleScope !== undefined && allow.length + roles.length === 0) {
    throw invalid('roleScope', 'it says where the rights of roles or allow apply, and there are none');
  }
  const rules = allow.flatMap((text) => parseAllow(text, scope));
  const grants = [...new Set(roles)].map((clusterRole) => ({ by: 'role', clusterRole, scope }) as const);
  return rules.length === 0 ? grants : [...grants, { by: 'rules', rules, scope }];
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/iu;

function rotateAfterOf({ rotateAfter }: BootstrapOptions): string | undefined {
  if (rotateAfter === undefined) return undefined;
  const date = typeof rotateAfter === 'string' && !rfc3339.test(rotateAfter) ? undefined : new Date(rotateAfter);
  if (date !== undefined && !Number.isNaN(date.getTime())) return date.toISOString();
  throw invalid('rotateAfter', 'it takes a Date, or RFC 3339 such as 2027-01-01T00:00:00Z');
}

function invalid(option: string, why: string): UsageError {
  return new UsageError(`Cannot use ${option}: ${why}`, { reason: 'InvalidValue' });
}
