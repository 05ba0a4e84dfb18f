import type { ExecPlugin } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { shellWord } from '../model/shell-word.ts';
import type { NoExecutable } from '../system/executable.ts';
import { fileReason } from '../system/file-reason.ts';

/** The error for a plugin that is not there, or that may not be run; only of one that is absent its installHint speaks. */
export function notRunnable({ installHint }: ExecPlugin, found: NoExecutable, plugin: string): UsageError {
  const given = escapeLine(installHint).slice(0, 1000);
  const { kind, problem } = found;
  return new UsageError(`Cannot run ${plugin}: it ${problem}`, {
    reason: kind === 'absent' || kind === 'relative' ? 'PluginNotFound' : 'PluginNotRunnable',
    hint: kind === 'absent' && given !== '' ? given : hints[kind](shellWord(escapeLine(found.at))),
  });
}

const hints: Readonly<Record<NoExecutable['kind'], (at: string) => string>> = {
  absent: () => 'It is a client-go credential plugin: what made this kubeconfig says how to install it',
  relative: () => 'Name its directory in PATH from the root on: from a relative one it is not run, as kubectl does not',
  directory: () => 'exec.command of the user in the kubeconfig has to name the program itself, not where it is',
  hidden: (at) => `A directory on the way to ${at} may not be entered by whoever runs this`,
  forbidden: (at) => `If it is the plugin that you mean: chmod +x ${at}`,
};

export function noProgram(plugin: string): UsageError {
  return new UsageError(`Cannot run ${plugin}: it is no program, and as a script it has no "#!" line`, {
    reason: 'PluginNotRunnable',
    hint: 'The first line of a script names what runs it: #!/bin/sh',
  });
}

/** The error for a program that the system did not start. */
export function notStarted(error: unknown, plugin: string): UsageError {
  const { why, hint } = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? { why: fileReason(error) };
  return new UsageError(`Cannot run ${plugin}: ${why}`, { reason: 'PluginNotRunnable', hint });
}

const reasons: Readonly<Record<string, { why: string; hint?: string }>> = {
  ERR_INVALID_ARG_VALUE: {
    why: 'an argument or a variable that it is to be given has a NUL character in it',
    hint: 'Look at exec.args and exec.env of the user in the kubeconfig',
  },
  E2BIG: {
    why: 'its arguments and variables are longer than the system takes',
    hint: 'Look at exec.args and exec.env of the user in the kubeconfig; provideClusterInfo adds the CA of the cluster',
  },
  ENOENT: {
    why: 'what should run it does not exist',
    hint: 'Is the program that its first line ("#!") names there, and is it made for this system?',
  },
};
