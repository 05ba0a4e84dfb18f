import { UsageError } from '../../model/errors.ts';
import { requireObjectName, requireRoleName } from '../../model/names.ts';
import type { ValuesOf } from '../../cli/options.ts';
import type { Grant } from '../../account/grant.ts';
import { parseAllow } from '../../account/rules.ts';
import type { ClusterFlags } from '../shared/cluster-options.ts';
import { checkSandbox } from '../shared/on-sandbox.ts';
import type { bootstrapOptions, bootstrapPositionals } from './options.ts';

export type OutputFormat = 'token' | 'json' | 'yaml' | 'name' | 'summary';

export interface BootstrapCommandInput {
  readonly flags: ClusterFlags;
  readonly serviceAccount: string;
  readonly createNamespace: boolean;
  readonly createServiceAccount: boolean;
  readonly grants: readonly Grant[];
  readonly adopt: boolean;
  readonly reuse: boolean;
  readonly secretNamePrefix: string | undefined;
  readonly purpose: string | undefined;
  readonly rotateAfterMs: number | undefined;
  readonly verify: boolean;
  readonly waitTimeoutMs: number;
  readonly dryRun: 'none' | 'client' | 'server';
  readonly output: OutputFormat;
  readonly outputFile: string | undefined;
}

/** Flags of `bootstrap-token` to what it is to do. @throws {UsageError} For combinations that make no sense. */
export function bootstrapInput(
  flags: ValuesOf<typeof bootstrapOptions>,
  { serviceAccount }: ValuesOf<typeof bootstrapPositionals>,
): BootstrapCommandInput {
  checkSandbox(flags);
  requireObjectName(serviceAccount, 'SERVICEACCOUNT');
  if (flags.secretNamePrefix !== undefined) requireObjectName(flags.secretNamePrefix, '--secret-name-prefix');
  if (flags.reuse && flags.secretNamePrefix !== undefined) throw clash('--reuse', '--secret-name-prefix');
  if (flags.outputFile === '-') {
    throw new UsageError('Cannot use --output-file "-": stdout is where the result goes without that flag', {
      reason: 'InvalidValue',
    });
  }
  for (const name of flags.role) requireRoleName(name, '--role');
  if (flags.dryRun !== 'none') requireDryRunnable(flags);
  if (flags.roleScope !== undefined && flags.role.length + flags.allow.length === 0) {
    throw new UsageError('Cannot use --role-scope alone: it says where the rights of --role or --allow apply', {
      reason: 'MissingArgument',
    });
  }
  return {
    flags,
    serviceAccount,
    createNamespace: flags.createNamespace,
    createServiceAccount: flags.createServiceAccount,
    grants: grantsOf(flags),
    adopt: flags.adopt,
    reuse: flags.reuse,
    secretNamePrefix: flags.secretNamePrefix,
    purpose: flags.purpose,
    rotateAfterMs: flags.rotateAfter,
    verify: !flags.noVerify,
    waitTimeoutMs: flags.waitTimeout,
    dryRun: flags.dryRun,
    output: flags.output ?? (flags.dryRun === 'none' ? 'token' : 'yaml'),
    outputFile: flags.outputFile,
  };
}

function grantsOf({ allow, role, roleScope: scope = 'namespace' }: ValuesOf<typeof bootstrapOptions>): Grant[] {
  const roles = [...new Set(role)].map((clusterRole) => ({ by: 'role', clusterRole, scope }) as const);
  const rules = allow.flatMap((text) => parseAllow(text, scope));
  return rules.length === 0 ? roles : [...roles, { by: 'rules', rules, scope }];
}

function requireDryRunnable({ dryRun, output, outputFile, reuse }: ValuesOf<typeof bootstrapOptions>): void {
  const flag = `--dry-run=${dryRun}`;
  if (reuse) throw clash(flag, '--reuse');
  if (outputFile !== undefined) throw clash(flag, '--output-file');
  if (output !== undefined && !['yaml', 'json', 'name'].includes(output)) throw clash(flag, `-o ${output}`);
}

function clash(one: string, other: string): UsageError {
  return new UsageError(`Cannot use ${one} together with ${other}`, { reason: 'FlagsClash' });
}
