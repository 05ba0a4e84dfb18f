import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { testAuthority } from './scripted-server.ts';

/** `GET /api/v1/namespaces/ci/secrets?watch=true` */
export type RequestLine = string;

/** Requests that a pass-through does not let pass for now. */
export interface Held {
  /** Resolves when the first of them has come (or, held by its answer, been answered by the API server). */
  readonly reached: Promise<void>;
  /** Lets them pass, and what comes later. */
  release(): void;
}

export interface PassThrough {
  /** The requests so far, in their order. */
  readonly requests: readonly RequestLine[];
  /**
   * Holds requests: before the API server has got them, or its answers to them, so that they are executed and nobody
   * is told. What is never released is never passed on.
   */
  hold(what: 'request' | 'answer', matches: (line: RequestLine) => boolean): Held;
  /** Told each request that comes and each answer that goes. */
  onEvent(listener: () => void): void;
  /** Writes a copy of a kubeconfig with a bearer token, or token file, that leads through here. */
  kubeconfig(original: string): Promise<string>;
}

interface Hold {
  readonly what: 'request' | 'answer';
  readonly matches: (line: RequestLine) => boolean;
  readonly released: Promise<void>;
  reach(): void;
}

/**
 * An HTTPS server before the API server that passes on what comes, as the caller, and holds what a test wants to see
 * under way. It ends with the test.
 *
 * @param clockAheadMs What the `Date` of answers is ahead of the API server's clock: the server's time as a client sees it.
 */
export async function startPassThrough(
  { server, caPem }: { server: string; caPem: string | undefined },
  { clockAheadMs = 0 }: { clockAheadMs?: number } = {},
): Promise<PassThrough> {
  const requests: RequestLine[] = [];
  const holds: Hold[] = [];
  const listeners: (() => void)[] = [];
  const tell = () => listeners.forEach((listener) => listener());
  const passed = async (what: Hold['what'], line: RequestLine) => {
    tell();
    for (const hold of holds) {
      if (hold.what !== what || !hold.matches(line)) continue;
      hold.reach();
      await hold.released;
    }
  };

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { headers, method = '', url = '' } = incoming;
    const line = `${method} ${url}`;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    requests.push(line);
    await passed('request', line);
    const upstream = httpsRequest(`${server.replace(/\/$/u, '')}${url}`, {
      method,
      headers: withoutHost(headers),
      ca: caPem,
      agent: false,
    });
    outgoing.on('close', () => upstream.destroy());
    upstream.on('error', () => outgoing.destroy());
    upstream.end(Buffer.concat(chunks));
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    answer.on('error', () => outgoing.destroy());
    await passed('answer', line);
    const { date = '', ...rest } = answer.headers;
    const shown = new Date(Date.parse(date) + clockAheadMs).toUTCString();
    outgoing.writeHead(answer.statusCode ?? 500, { ...rest, date: shown });
    outgoing.flushHeaders();
    answer.pipe(outgoing);
  };

  const { certPem: cert, keyPem: key } = testAuthority.issue({
    commonName: 'pass-through',
    usage: 'server',
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
  });
  const listening = createServer({ cert, key }, (incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const sockets = new Set<Socket>();
  listening.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  listening.on('tlsClientError', () => undefined);
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(async () => {
    const closed = once(listening, 'close');
    listening.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = listening.address() as AddressInfo;

  return {
    requests,
    hold(what, matches) {
      let reach: () => void = () => undefined;
      let release: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const released = new Promise<void>((resolve) => (release = resolve));
      holds.push({ what, matches, released, reach });
      return { reached, release };
    },
    onEvent: (listener) => void listeners.push(listener),
    async kubeconfig(original) {
      const file = parse(await readFile(original, 'utf8')) as { clusters: { cluster: Record<string, unknown> }[] };
      for (const entry of file.clusters) {
        entry.cluster = {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': Buffer.from(testAuthority.certPem).toString('base64'),
        };
      }
      const path = `${original}-through-${port}`;
      await writeFile(path, stringify(file), { mode: 0o600 });
      return path;
    },
  };
}

function withoutHost({ host: _, connection: __, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}
