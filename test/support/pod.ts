import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PodFiles {
  token?: string;
  'ca.crt'?: string;
  namespace?: string;
}

/**
 * Writes what the kubelet mounts in a pod, and gives what a process there would see.
 *
 * @param server URL of the API server.
 */
export async function writePod(
  directory: string,
  server: string,
  files: PodFiles,
): Promise<{ serviceAccountDirectory: string; env: Record<string, string> }> {
  for (const [name, text] of Object.entries<string>({ ...files })) await writeFile(join(directory, name), text);
  const { hostname, port } = new URL(server);
  return {
    serviceAccountDirectory: directory,
    env: { KUBERNETES_SERVICE_HOST: hostname.replaceAll(/[[\]]/gu, ''), KUBERNETES_SERVICE_PORT: port || '443' },
  };
}
