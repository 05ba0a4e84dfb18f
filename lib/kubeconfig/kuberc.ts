import { join, normalize, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import type { PluginPolicy, PolicyKind } from '../model/plugin-policy.ts';
import { readAnyFile } from '../system/any-file.ts';
import { fileReason } from '../system/file-reason.ts';
import type { Env } from '../system/runtime.ts';
import { readDocument } from './document.ts';
import { repeatedKey } from './repeated-key.ts';
import { child, listAt, type Mapping, mappingAt, stringOf } from './fields.ts';

export interface KubercLocation {
  readonly env: Env;
  readonly home: string | undefined;
  readonly cwd: string;
}

/**
 * Which credential plugins may run: what `flag` says, else the kuberc of kubectl: the file that KUBERC names (`off` for
 * none; KUBECTL_KUBERC=false neither), else `~/.kube/kuberc` where there is one. Nothing said means all of them.
 *
 * kubectl goes on with a warning, and so without a policy, where it cannot make sense of the file in its usual place, and
 * with the last of two policies; here that is an error: it may say that nothing is to run.
 *
 * @param onWarning Told of fields that no version of kuberc has: one may have been meant for another.
 * @throws {UsageError} The kuberc cannot be read, or contradicts itself (client-go: exec.go, ValidatePluginPolicy).
 */
export async function loadPluginPolicy(
  location: KubercLocation,
  { flag, onWarning }: { flag: PolicyKind | undefined; onWarning: (text: string) => void },
): Promise<PluginPolicy> {
  if (flag === 'AllowAll' || flag === 'DenyAll') return { kind: flag, allowlist: [], source: '--exec-policy' };
  const found = await loadKuberc(location, onWarning);
  if (flag === undefined) return found ?? { kind: 'AllowAll', allowlist: [], source: 'no kuberc' };
  if (found?.kind === flag) return found;
  throw new UsageError(`Cannot use --exec-policy ${flag}: there is no kuberc with a credentialPluginAllowlist`, {
    reason: 'KubercInvalid',
    hint: 'Its place is ~/.kube/kuberc, or what KUBERC names',
  });
}

async function loadKuberc(
  location: KubercLocation,
  onWarning: (text: string) => void,
): Promise<PluginPolicy | undefined> {
  const place = placeOf(location);
  if (place === undefined) return undefined;
  const source = `kuberc "${escapeLine(place.file)}"`;
  const refuse = (problem: string): never => {
    throw new UsageError(`Cannot tell which plugins may run: ${source}: ${problem}`, {
      reason: 'KubercInvalid',
      hint: '--exec-policy AllowAll or DenyAll decides it for one call',
    });
  };
  let text: string;
  try {
    text = (await readAnyFile(place.file)).toString('utf8');
  } catch (error) {
    if (!place.explicit && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return refuse(fileReason(error));
  }
  const preference = await findPreference(text, refuse);
  return preference === undefined ? undefined : { ...policyOf(preference, source, onWarning), source };
}

/** kubectl: kuberc.go, LoadKuberc. */
function placeOf({ cwd, env, home }: KubercLocation): { file: string; explicit: boolean } | undefined {
  const named = env['KUBERC'] ?? '';
  if (env['KUBECTL_KUBERC']?.toLowerCase() === 'false' || named === 'off') return undefined;
  if (named !== '') return { file: resolve(cwd, named), explicit: true };
  return home === undefined ? undefined : { file: join(home, '.kube', 'kuberc'), explicit: false };
}

const apiVersions = ['kubectl.config.k8s.io/v1beta1', 'kubectl.config.k8s.io/v1alpha1'];

/** The first document that kubectl could use (kubectl: marshal.go, decodePreference); undefined in an empty file. */
async function findPreference(text: string, refuse: (problem: string) => never): Promise<Mapping | undefined> {
  let problem: string | undefined;
  for (const part of text.split(/^---[ \t\r]*$/mu)) {
    let broken: string | undefined;
    const value = await readDocument(part, (what) => {
      broken = what;
      throw new NotYaml();
    }).catch((error: unknown) => {
      if (!(error instanceof NotYaml)) throw error;
    });
    if (value === null) continue;
    const twice = await repeatedKey(part, policyFields);
    if (twice !== undefined) return refuse(`${twice} is there twice`);
    if (typeof value !== 'object' || Array.isArray(value)) {
      problem ??= broken ?? 'it is no Preference';
      continue;
    }
    const root = mappingAt({ value, path: () => '', refuse });
    if (stringOf(root, 'kind') === 'Preference' && apiVersions.includes(stringOf(root, 'apiVersion'))) return root;
    problem ??= `it is no Preference of ${apiVersions.join(' or ')}`;
  }
  return problem === undefined ? undefined : refuse(problem);
}

class NotYaml extends Error {}

function policyOf(root: Mapping, source: string, onWarning: (text: string) => void): Omit<PluginPolicy, 'source'> {
  const isBeta = stringOf(root, 'apiVersion') === apiVersions[0];
  const known = new Set(['apiVersion', 'kind', 'aliases', ...(isBeta ? betaFields : ['overrides'])]);
  const unknown = Object.keys(root.value).filter((name) => !known.has(name));
  for (const name of unknown) onWarning(`${source} has a field that is ignored: "${escapeLine(name)}"`);
  if (!isBeta) return { kind: 'AllowAll', allowlist: [] }; // v1alpha1 has no policy yet
  const kind = stringOf(root, 'credentialPluginPolicy') || 'AllowAll';
  const allowlist = listAt(child(root, 'credentialPluginAllowlist'), (item) => {
    const entry = mappingAt(item);
    const [command, name] = [stringOf(entry, 'command'), stringOf(entry, 'name')];
    if (command !== '' && name !== '' && command !== name) {
      return item.refuse(`${item.path()} has a command, and a name that is another one`);
    }
    const allowed = command || name; // its name before 1.36 (kubectl: config/v1beta1/conversion.go)
    if (allowed === '') return item.refuse(`${item.path()} has no command`);
    return allowed === normalize(allowed)
      ? allowed
      : item.refuse(`${item.path()}.${command ? 'command' : 'name'} has to be "${escapeLine(normalize(allowed))}"`);
  });
  if (kind === 'Allowlist') {
    if (allowlist === null)
      return root.refuse('credentialPluginPolicy is Allowlist, and there is no credentialPluginAllowlist');
    return allowlist.length > 0
      ? { kind, allowlist }
      : root.refuse('credentialPluginAllowlist is empty: DenyAll says that');
  }
  if (kind !== 'AllowAll' && kind !== 'DenyAll') {
    return root.refuse('credentialPluginPolicy is not AllowAll, DenyAll or Allowlist');
  }
  if (allowlist !== null) return root.refuse(`credentialPluginAllowlist is set, and credentialPluginPolicy is ${kind}`);
  return { kind, allowlist: [] };
}

const policyFields = ['credentialPluginPolicy', 'credentialPluginAllowlist'] as const;
const betaFields = ['defaults', ...policyFields];
