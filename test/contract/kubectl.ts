import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { RestTarget } from '../control-plane/rest.ts';
import { buildControlPlane } from '../control-plane/build.ts';
import { findKubectl } from '../kubectl/find.ts';
import type { Server } from './server.ts';

/** What a program run by a person does with a server. */
export interface Shell extends AsyncDisposable {
  /** Its KUBECONFIG, whose cluster and context are "contract". */
  readonly env: Readonly<Record<string, string>>;
  /** Runs kubectl in the namespace of the behaviour, and records what it wrote and how it ended. */
  kubectl(args: readonly string[], input?: string): Promise<{ stdout: string; stderr: string; code: number }>;
  /**
   * The same with the kubectl of PATH and then with the newest one, which is built with the control plane.
   *
   * @param counts Which lines of stdout are recorded (all).
   */
  everyKubectl(args: readonly string[], input?: string, counts?: (line: string) => boolean): Promise<void>;
  /** The same for another program. */
  run(
    program: string,
    args: readonly string[],
    input?: string,
  ): Promise<{ stdout: string; stderr: string; code: number }>;
}

/** A shell in an empty home, as the administrator. */
export async function openShell(server: Server): Promise<Shell> {
  const home = await mkdtemp(join(tmpdir(), 'kube-sa-token-contract-'));
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const found = await findKubectl(home, { report });
  if (found.status !== 'ready') throw new Error(found.why);
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(server.access, server.namespace));
  const path = found.kubectl.path === 'kubectl' ? process.env['PATH'] : `${home}:${process.env['PATH']}`;
  const env = { PATH: path ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const record = async (
    program: string,
    args: readonly string[],
    input: string | undefined,
    counts = (_: string) => true,
  ) => {
    const ended = await ends(program, args, env, input);
    const lines = { stdout: shown(ended.stdout).filter(counts), stderr: shown(ended.stderr) };
    server.note(`${program} ${args.join(' ')}`, { ...ended, ...lines });
    return ended;
  };
  const run: Shell['run'] = (program, args, input) => record(program, args, input);
  const newest = found.kubectl.batch ?? (await buildControlPlane({ report }));
  server.hide(newest, '<newest>');
  return {
    env,
    run,
    kubectl: (args, input) => run('kubectl', args, input),
    async everyKubectl(args, input, counts) {
      await record('kubectl', args, input, counts);
      await record(newest, ['kubectl', ...args], input, counts);
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

/** A kubeconfig of the access alone, so that programs reach both servers in the same way. */
export function kubeconfigOf({ server, caPem, certPem, keyPem, token }: RestTarget, namespace: string): string {
  const base64 = (pem: string | undefined) => (pem === undefined ? undefined : Buffer.from(pem).toString('base64'));
  const name = 'contract';
  const user = { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem), token };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
  });
}

async function ends(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input: string | undefined) {
  const running = promisify(execFile)(program, args, { env, timeout: 50_000 });
  running.child.stdin?.end(input);
  try {
    return { ...(await running), code: 0 };
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown };
    if (typeof code !== 'number') throw error;
    return { stdout, stderr, code };
  }
}

/** Line by line; ages and the sizes of certificates are not part of the contract. */
function shown(text: string): string[] {
  return (
    text
      .replaceAll(/\b\d+(?:ms|s|m\d+s)\b/gu, '<age>')
      .replaceAll(/(?<=\s)(?:\d+[smhdy])+$/gmu, '<age>')
      .replaceAll(/^(ca\.crt: +)\d+ bytes/gmu, '$1<some> bytes')
      .replaceAll(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}/gu, '<time>')
      .split('\n')
      // kubectl describes the data of a Secret in no order
      .toSorted((a, b) => (isDatum(a) && isDatum(b) ? (a < b ? -1 : 1) : 0))
  );
}

function isDatum(line: string): boolean {
  return /^(?:ca\.crt|namespace|token): /u.test(line);
}
