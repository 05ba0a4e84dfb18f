import { refuseGiven } from '../../cli/given-flags.ts';
import type { SandboxOptions } from '../../sandbox/index.ts';
import type { Runtime } from '../../system/runtime.ts';
import { clusterOptions } from './cluster-options.ts';

const {
  certificateAuthority,
  cluster,
  context,
  execPolicy,
  insecureSkipTlsVerify,
  kubeconfig,
  server,
  tlsServerName,
  user,
} = clusterOptions;

/** What a sandbox decides itself. */
const choosesCluster = {
  kubeconfig,
  context,
  cluster,
  user,
  server,
  certificateAuthority,
  tlsServerName,
  insecureSkipTlsVerify,
  execPolicy,
};

/** @throws {UsageError} `--sandbox` beside a flag that chooses a cluster. */
export function checkSandbox(flags: Readonly<Record<string, unknown>> & { readonly sandbox: boolean }): void {
  if (flags.sandbox) refuseGiven(choosesCluster, flags, 'together with --sandbox: the sandbox is the cluster');
}

/**
 * Runs a command; with `--sandbox` on an API server that is started for it and ends with it. Its kubeconfig then stands
 * for all others.
 *
 * @param options How that API server is to be.
 */
export async function onSandbox<Flags extends { readonly sandbox: boolean }, Value>(
  flags: Flags,
  { now }: Runtime,
  run: (flags: Flags & { readonly kubeconfigText?: string }) => Promise<Value>,
  options: SandboxOptions = {},
): Promise<Value> {
  if (!flags.sandbox) return run(flags);
  const { startSandbox } = await import('../../sandbox/index.ts');
  await using sandbox = await startSandbox({ ...options, now });
  return await run({ ...flags, kubeconfigText: sandbox.kubeconfig });
}
