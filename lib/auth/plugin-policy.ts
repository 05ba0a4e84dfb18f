import { basename } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { type Executable, findExecutable } from '../system/executable.ts';
import type { PluginHost } from './plugin-host.ts';

/**
 * Refuses a plugin that the policy does not allow (client-go: exec.go, updateCommandAndCheckAllowlistLocked): an entry
 * of the allowlist is the command as the kubeconfig has it, the path at which that was found, or a name which is found
 * at the same path.
 *
 * @param command Normalized.
 * @param found Where it is.
 * @throws {UsageError} It is denied, or the policy cannot be read.
 */
export async function requireAllowed(
  command: string,
  found: Executable,
  { host, plugin }: { host: PluginHost; plugin: string },
): Promise<void> {
  const { kind, allowlist, source } = await host.policy();
  if (kind === 'AllowAll') return;
  if (kind === 'Allowlist') {
    if (allowlist.includes(command)) return;
    if ('path' in found && (await isListed(found.path, allowlist, host))) return;
  }
  const where = 'path' in found && found.path !== command ? ` ("${escapeLine(found.path)}")` : '';
  const why = kind === 'DenyAll' ? `${source} denies all plugins` : `it${where} is not on the allowlist of ${source}`;
  throw new UsageError(`Cannot run ${plugin}: ${why}`, {
    reason: 'PluginDenied',
    hint: source === '--exec-policy' ? undefined : 'If you trust it: --exec-policy AllowAll allows it for one call',
  });
}

async function isListed(path: string, allowlist: readonly string[], { env, platform }: PluginHost): Promise<boolean> {
  const ofItsName = allowlist.filter((entry) => basename(entry) === basename(path));
  const found = await Promise.all(ofItsName.map((entry) => findExecutable(entry, env, platform)));
  return found.some((each) => 'path' in each && each.path === path);
}
