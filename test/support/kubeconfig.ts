import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** A kubeconfig by names; the fields of an entry are those of the file, so that tests can also write wrong ones. */
export interface KubeconfigSpec {
  clusters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  contexts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  currentContext?: string;
}

/** The text of a kubeconfig as kubectl would write it. */
export function renderKubeconfig(spec: KubeconfigSpec): string {
  return stringify(kubeconfigDocument(spec), { compat: 'yaml-1.1' });
}

/** Writes a kubeconfig into a directory and returns its path. */
export async function writeKubeconfig(directory: string, spec: KubeconfigSpec, name = 'config'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, renderKubeconfig(spec), { mode: 0o600 });
  return path;
}

/** The document of a kubeconfig, before it becomes text. */
function kubeconfigDocument({
  clusters = {},
  users = {},
  contexts = {},
  currentContext = '',
}: KubeconfigSpec): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    clusters: Object.entries(clusters).map(([name, cluster]) => ({ cluster, name })),
    contexts: Object.entries(contexts).map(([name, context]) => ({ context, name })),
    'current-context': currentContext,
    kind: 'Config',
    preferences: {},
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
  };
}

/** One context, cluster and user, all of one name; fields can be added. */
export function simpleKubeconfig(
  name: string,
  {
    cluster = {},
    user = {},
    context = {},
  }: {
    cluster?: Readonly<Record<string, unknown>>;
    user?: Readonly<Record<string, unknown>>;
    context?: Readonly<Record<string, unknown>>;
  } = {},
): KubeconfigSpec {
  return {
    clusters: { [name]: { server: `https://${name}.example.invalid:6443`, ...cluster } },
    users: { [name]: user },
    contexts: { [name]: { cluster: name, user: name, ...context } },
    currentContext: name,
  };
}
