import { readAnyFile } from '../system/any-file.ts';
import { fileReason } from '../system/file-reason.ts';
import { quote } from './not-found.ts';
import { absolutePath } from './paths.ts';
import type { Kubeconfig } from './types.ts';
import { unusableEntry } from './unusable.ts';

/**
 * A kubeconfig that needs no other files: certificates and keys that it names are read and put in their place
 * (client-go: api/helpers.go, FlattenConfig). As there, a `tokenFile` stays a path.
 *
 * @throws {UsageError} A file cannot be read, or an entry has both a file and data.
 */
export async function flattenKubeconfig(kubeconfig: Kubeconfig): Promise<Kubeconfig> {
  const users = await mapEntries(kubeconfig.users, async (user, name) => {
    const read = reader('user', name, user.file);
    return {
      ...user,
      clientCertificate: '',
      clientCertificateData: await read('client-certificate', user.clientCertificate, user.clientCertificateData),
      clientKey: '',
      clientKeyData: await read('client-key', user.clientKey, user.clientKeyData),
    };
  });
  const clusters = await mapEntries(kubeconfig.clusters, async (cluster, name) => ({
    ...cluster,
    certificateAuthority: '',
    certificateAuthorityData: await reader('cluster', name, cluster.file)(
      'certificate-authority',
      cluster.certificateAuthority,
      cluster.certificateAuthorityData,
    ),
  }));
  return { ...kubeconfig, users, clusters };
}

function reader(kind: 'cluster' | 'user', name: string, definedIn: string) {
  return async (field: string, path: string, data: string): Promise<string> => {
    if (path === '') return data;
    if (data !== '') throw unusableEntry(kind, name, definedIn, [`${field}-data and ${field} are both set`]);
    const file = absolutePath(path, definedIn);
    try {
      return (await readAnyFile(file)).toString('base64');
    } catch (error) {
      throw unusableEntry(kind, name, definedIn, [`its ${field} ${quote(file)} cannot be read: ${fileReason(error)}`]);
    }
  };
}

/** One after the other: thousands of entries must not open as many files at once. */
async function mapEntries<T>(
  entries: ReadonlyMap<string, T>,
  change: (entry: T, name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const changed = new Map<string, T>();
  for (const [name, entry] of entries) changed.set(name, await change(entry, name));
  return changed;
}
