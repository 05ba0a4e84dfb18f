import { normalize } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { ExecPlugin } from '../model/cluster-access.ts';
import { CredentialError, UsageError } from '../model/errors.ts';
import { escapeLine, escapeText } from '../model/escape.ts';
import { unlessAborted, withDeadline } from '../system/deadline.ts';
import { renderDuration } from '../system/duration.ts';
import { findExecutable, hasTerminal, isProgram } from '../system/executable.ts';
import { type ProgramResult, runProgram } from '../system/spawn.ts';
import { renderExecInfo } from './exec-info.ts';
import { outputHint, type PluginCredential, readExecCredential } from './exec-output.ts';
import type { PluginHost } from './plugin-host.ts';
import { noProgram, notRunnable, notStarted } from './not-runnable.ts';
import { requireAllowed } from './plugin-policy.ts';

/** Bytes of output: a token and a chain of certificates are some kilobytes. */
const longestOutput = 8 * 1024 * 1024;
/** Characters of a line of stderr that are kept until it ends. */
const longestLine = 1024 * 1024;
/** Characters of a plugin's last words that an error repeats. */
const longestWords = 300;

/**
 * Runs a credential plugin once, as client-go does: no shell, what it wants to know in KUBERNETES_EXEC_INFO, stdin only
 * where it may ask somebody on the terminal.
 *
 * @param user Its name in the kubeconfig.
 * @throws {UsageError} There is no such program, the policy denies it, or it needs a terminal and there is none.
 * @throws {CredentialError} It failed, took too long, or printed no credential.
 */
export async function runPlugin(
  exec: ExecPlugin,
  { user, host, signal }: { user: string; host: PluginHost; signal: AbortSignal | undefined },
): Promise<PluginCredential> {
  const command = normalize(exec.command);
  const plugin = `plugin "${escapeLine(exec.command)}" of user "${escapeLine(user)}"`;
  const interactive = isInteractive(exec, host, plugin);
  const found = await findExecutable(command, host.env, host.platform);
  await requireAllowed(command, found, { host, plugin });
  if ('problem' in found) throw notRunnable(exec, found, plugin);
  if (!(await isProgram(found.path, host.platform))) {
    throw noProgram(plugin);
  }
  const env = {
    ...host.env,
    ...Object.fromEntries(exec.env.map(({ name, value }) => [name, value.reveal()])),
    KUBERNETES_EXEC_INFO: await unlessAborted(renderExecInfo(exec, interactive), signal),
  };
  const said = relayStderr(host, interactive);
  const limit = renderDuration(host.timeoutMs);
  const reason = () =>
    new CredentialError(`Cannot get a credential from ${plugin}: it did not end within ${limit}`, {
      reason: 'PluginTimeout',
      hint: 'Does it wait for a login that nobody sees? Run it once by hand',
    });
  const args = exec.args.map((text) => text.reveal());
  const stdin = interactive ? 'inherit' : 'ignore';
  // where there is a terminal it may ask there, whatever its stdin is
  const ownGroup = !interactive && !(await hasTerminal(host.platform));
  const options = { env, stdin, ownGroup, maxBytes: longestOutput, onStderr: said.add } as const;
  const result = await withDeadline(host.timeoutMs, { signal, reason }, (limited) =>
    runProgram(found.path, args, { ...options, signal: limited }).catch((error: unknown) => {
      limited.throwIfAborted();
      throw notStarted(error, plugin);
    }),
  );
  requireSuccess(result, plugin, said.end());
  return readExecCredential(result.stdout, { apiVersion: exec.apiVersion, plugin });
}

/** client-go: exec.go, isInteractive. */
function isInteractive({ interactiveMode }: ExecPlugin, { stdin }: PluginHost, plugin: string): boolean {
  if (interactiveMode === 'Never') return false;
  if (stdin === 'terminal') return true;
  if (interactiveMode === 'IfAvailable') return false;
  throw new UsageError(
    `Cannot run ${plugin}: it has to ask on stdin (interactiveMode Always), and ${stdin.unavailable}`,
    {
      reason: 'PluginNeedsTerminal',
      hint: 'Run this in a terminal, or give the user of the kubeconfig a credential that asks nobody',
    },
  );
}

function requireSuccess({ endedBy, exitCode, isCut }: ProgramResult, plugin: string, lastWords: string): void {
  if (isCut) {
    throw new CredentialError(
      `Cannot use the output of ${plugin}: it is longer than ${longestOutput / 1024 / 1024} MiB`,
      {
        reason: 'PluginOutputInvalid',
        hint: outputHint,
      },
    );
  }
  if (exitCode === 0) return;
  const how = exitCode === null ? `was ended by ${endedBy ?? 'a signal'}` : `failed with exit code ${exitCode}`;
  const words = lastWords.length > longestWords ? `${lastWords.slice(0, longestWords)}…` : lastWords;
  throw new CredentialError(`Cannot get a credential from ${plugin}: it ${how}${words === '' ? '' : `: ${words}`}`, {
    reason: 'PluginFailed',
    hint: 'Run it once by hand: it may want a login, or other arguments',
  });
}

/** Passes a plugin's stderr on, line by line; where it may ask, as it comes, since a question has no end of line. */
function relayStderr(host: PluginHost, interactive: boolean): { add(bytes: Buffer): void; end(): string } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let last = '';
  const add = (text: string) => {
    if (interactive && text !== '') host.relay(escapeText(text.replaceAll('\r\n', '\n')));
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!interactive) host.relay(`${escapeText(line.replace(/\r$/u, ''))}\n`);
      last = escapeLine(line) || last;
    }
    if (rest.length > longestLine) rest = rest.slice(-longestWords); // a line without an end
  };
  return {
    add: (bytes) => add(decoder.write(bytes)),
    end() {
      add(decoder.end());
      if (rest !== '') add('\n');
      return last;
    },
  };
}
