import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kubectl } from '../kubectl/find.ts';
import { kubectlGet, kubectlVersion } from '../kubectl/request.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { writePlugin } from '../support/plugin.ts';
import type { ProxyRequest, RecordingProxyOptions } from '../support/proxy-work.ts';
import { type ProxyProtocol, type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { runCommand } from '../support/run-command.ts';
import {
  json,
  type RecordedRequest,
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A kubeconfig and what stands around it. `<port>`, `<proxy>` and `<dir>` in any text stand for the ports of server and proxy, and the directory. */
export interface WireRow {
  readonly name: string;
  /** Fields of the cluster, beside server and CA; undefined takes one away. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  /** Files beside the kubeconfig. */
  readonly files?: Readonly<Record<string, string>>;
  /** Body of the exec plugin `./plugin`. */
  readonly plugin?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly path?: string;
  /**
   * Ask `/version`, by `kubectl version`: `get --raw` of older kubectls drops the path of the server. How long the answer may
   * take, which kubectl says in the query, is not compared.
   */
  readonly version?: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly server?: ScriptedServerOptions;
  readonly proxy?: { readonly protocol: ProxyProtocol } & RecordingProxyOptions;
  /** The proxy of the row is asked nothing: it does not count, is not trusted, or the call is refused before. */
  readonly leavesProxy?: boolean;
  /** Answer of the server, instead of 200. */
  readonly answer?: (server: ScriptedServer) => Buffer;
}

/** What was seen of one program. */
export interface Observation {
  readonly ends: 'well' | 'badly';
  /** What the server got, in order. */
  readonly requests: readonly SeenRequest[];
  /** What the proxy was asked for. */
  readonly proxied: readonly SeenProxying[];
}

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly serverName: string | undefined;
  /** Common name of its certificate: no two certificates of a table share one. */
  readonly clientCertificate: string | undefined;
  /** Lines of `Authorization` and `Impersonate-*`, names in lower case, sorted. */
  readonly identity: readonly string[];
}

type SeenProxying = Omit<ProxyRequest, 'headers'>;

export interface Comparison {
  readonly theirs: Observation;
  readonly ours: Observation;
  /** What each said on stderr where it failed. */
  readonly said: { readonly theirs: string; readonly ours: string };
}

/** What kubectl and our program do with the same kubeconfig, against the same servers. */
export async function observe(kubectl: Kubectl, row: WireRow): Promise<Comparison> {
  await using directory = await temporaryDirectory();
  const servers = await startServers(row);
  const fill = <T>(value: T): T => fillPlaces(value, servers, directory.path);
  const { files, flags = [], plugin, version = false } = row;
  const path = version ? '/version' : (row.path ?? '/probe');
  await mkdir(join(directory.path, 'pki'));
  for (const [name, text] of Object.entries(files ?? {})) await writeFile(join(directory.path, name), text);
  if (plugin !== undefined) await writePlugin(directory.path, plugin);
  const cluster = {
    server: `${row.server?.certificate === false ? 'http' : 'https'}://127.0.0.1:<port>`,
    'certificate-authority-data': base64(testAuthority.certPem),
    ...row.cluster,
  };
  const spec = simpleKubeconfig('dev', {
    cluster: fill(cluster),
    user: fill(row.user ?? {}),
    context: row.context ?? {},
  });
  const KUBECONFIG = await writeKubeconfig(directory.path, withoutAbsent(spec));
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory.path, KUBECONFIG, ...fill(row.env ?? {}) };
  const said = { theirs: '', ours: '' };
  const theirs = await watch(servers, version, async () => {
    const ask = version ? kubectlVersion : kubectlGet;
    const failure = await ask(kubectl, path, { env, flags: fill(flags) });
    said.theirs = failure ?? '';
    return failure === undefined;
  });
  const ours = await watch(servers, version, async () => {
    const { code, stderr } = await runCommand('call-api', [path, ...fill(flags)], { env, cwd: directory.path });
    if (code !== 0) said.ours = stderr;
    return code === 0;
  });
  return { theirs, ours, said };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

interface Servers {
  readonly server: ScriptedServer;
  readonly proxy: RecordingProxy | undefined;
}

async function startServers({ answer: special, proxy, server: options }: WireRow): Promise<Servers> {
  const script = Array.from({ length: 9 }, () => ({ write }: { write(bytes: Buffer): Promise<void> }) => {
    return write(special?.(server) ?? json(200, { major: '1', minor: '37', gitVersion: 'v1.37.2' }));
  });
  const server = await startScriptedServer(script, options);
  return { server, proxy: proxy === undefined ? undefined : await startRecordingProxy(proxy.protocol, proxy) };
}

function fillPlaces<T>(value: T, { proxy, server }: Servers, directory: string): T {
  const text = JSON.stringify(value)
    .replaceAll('<proxy>', String(proxy?.port))
    .replaceAll('<port>', String(server.port))
    .replaceAll('<dir>', directory);
  return JSON.parse(text) as T;
}

function withoutAbsent<T>(spec: T): T {
  return JSON.parse(JSON.stringify(spec)) as T;
}

async function watch({ proxy, server }: Servers, version: boolean, run: () => Promise<boolean>): Promise<Observation> {
  const [requests, proxied] = [server.requests.length, proxy?.requests.length ?? 0];
  const isWell = await run();
  // some kubectls ask for the version first, whatever they are to do
  const isAsked = (path: string) => /\/version\b/u.test(path) === version;
  return {
    ends: isWell ? 'well' : 'badly',
    requests: unique(
      server.requests.slice(requests).map((request) => seenOf(request, version)),
      () => version,
    ).filter(({ path }) => isAsked(path)),
    proxied: unique(
      (proxy?.requests.slice(proxied) ?? []).map((request) => proxyingOf(request, version)),
      ({ method }) => version || method === 'CONNECT',
    ).filter(({ method, target }) => method === 'CONNECT' || isAsked(target)),
  };
}

/** Once each of those that may come twice. */
function unique<T>(seen: readonly T[], mayRepeat: (each: T) => boolean): T[] {
  const texts = seen.map((each) => JSON.stringify(each));
  return seen.filter((each, index) => !mayRepeat(each) || texts.indexOf(texts[index] ?? '') === index);
}

function proxyingOf({ clientName, login, method, serverName, target }: ProxyRequest, version: boolean): SeenProxying {
  return { method, target: version ? target.replace(/\?.*$/u, '') : target, login, serverName, clientName };
}

function seenOf({ clientName, head, method, path, serverName }: RecordedRequest, version: boolean): SeenRequest {
  const identity = head
    .split('\r\n')
    .map((line) => line.replace(/^[^:]+/u, (name) => name.toLowerCase()))
    .filter((line) => /^(?:authorization|impersonate-)/u.test(line))
    .toSorted();
  return {
    method,
    path: version ? path.replace(/\?.*$/u, '') : path,
    serverName,
    clientCertificate: clientName,
    identity,
  };
}
