import type { PluginHost } from '../../auth/plugin-host.ts';
import type { Progress } from '../../cli/progress.ts';
import type { PolicyKind } from '../../model/plugin-policy.ts';
import { unlessAborted } from '../../system/deadline.ts';
import type { Runtime } from '../../system/runtime.ts';

/** Milliseconds for a plugin when nobody is there; a login in a browser takes a person minutes. */
const unattendedMs = 60_000;
const attendedMs = 300_000;

/**
 * How a command runs credential plugins.
 *
 * @param stdinTaken Why a plugin must not read stdin: `--data reads it`; undefined if it may.
 */
export function pluginHost(
  { execPolicy, noInput }: { readonly execPolicy: PolicyKind | undefined; readonly noInput: boolean },
  { runtime, progress, stdinTaken }: { runtime: Runtime; progress: Progress; stdinTaken?: string | undefined },
): PluginHost {
  const { cwd, env, home, platform, stderr } = runtime;
  const onWarning = (text: string) => progress.warn(text);
  // Looking at stdin opens it: only when a plugin is about to run.
  const unavailable = () =>
    stdinTaken ?? (noInput ? '--no-input forbids it' : runtime.stdin.isTTY ? undefined : 'stdin is not a terminal');
  return {
    env,
    shared: new Map(),
    platform,
    get stdin() {
      const why = unavailable();
      return why === undefined ? 'terminal' : { unavailable: why };
    },
    get timeoutMs() {
      return stderr.isTTY || runtime.stdin.isTTY ? attendedMs : unattendedMs;
    },
    relay: (text) => progress.relay(text),
    policy: async () => {
      const { loadPluginPolicy } = await import('../../kubeconfig/kuberc.ts');
      const loading = loadPluginPolicy({ env, home, cwd }, { flag: execPolicy, onWarning });
      return unlessAborted(loading, runtime.interruption.signal);
    },
    now: () => runtime.now(),
    random: (size) => runtime.random(size),
  };
}
