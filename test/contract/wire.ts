import { Agent, request } from 'node:https';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { RestTarget } from '../control-plane/rest.ts';

/** Who asks: the administrator, nobody, or the bearer of a token. */
export type Identity = 'admin' | 'anonymous' | { readonly token: string; readonly called: string };

export interface WireRequest {
  readonly method: string;
  /** What stands in the request line, to the letter. */
  readonly path: string;
  readonly as: Identity;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  /** A value each time that the header came. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly text: string;
}

/** An answer whose body is still coming, line by line. */
export interface WireStream extends Omit<WireAnswer, 'text'> {
  /** The next line; undefined after the last one. */
  next(): Promise<string | undefined>;
  end(): void;
}

/** Bytes to a server and back, with nothing of lib/ in between. */
export interface Wire {
  send(asked: WireRequest): Promise<WireAnswer>;
  stream(asked: WireRequest): Promise<WireStream>;
  close(): void;
}

const silenceMs = 20_000;

export function openWire(target: RestTarget): Wire {
  const trust = {
    keepAlive: true,
    ca: target.caPem,
    ...(target.servername === undefined ? {} : { servername: target.servername }),
  };
  const bare = new Agent(trust);
  const certified = new Agent({ ...trust, cert: target.certPem, key: target.keyPem });
  const { hostname, pathname, port } = new URL(target.server);
  const base = { hostname: hostname.replaceAll(/[[\]]/gu, ''), port };
  const ask = ({ method, path, as, headers, body }: WireRequest) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const token = as === 'admin' ? target.token : as === 'anonymous' ? undefined : as.token;
      const sent: OutgoingHttpHeaders = {
        'user-agent': 'contract/1.0',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        // Node sends the body of a DELETE without it, and the server takes that for the next request
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      };
      const agent = as === 'admin' ? certified : bare;
      // as it is: a URL would be cleaned of dots
      const to = { ...base, path: path.startsWith('/') ? `${pathname.replace(/\/$/u, '')}${path}` : path };
      const outgoing = request({ ...to, method, agent, headers: sent, timeout: silenceMs }, resolve);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer in ${silenceMs} ms`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    async send(asked) {
      const incoming = await ask(asked);
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      return { ...head(incoming), text: Buffer.concat(chunks).toString() };
    },
    async stream(asked) {
      const incoming = await ask(asked);
      const lines = linesOf(incoming);
      return {
        ...head(incoming),
        next: async () => (await lines.next()).value ?? undefined,
        end: () => incoming.destroy(),
      };
    },
    close() {
      bare.destroy();
      certified.destroy();
    },
  };
}

function head({ statusCode = 0, headersDistinct }: IncomingMessage) {
  return { status: statusCode, headers: headersDistinct };
}

async function* linesOf(incoming: IncomingMessage): AsyncGenerator<string, undefined> {
  incoming.setEncoding('utf8');
  let rest = '';
  for await (const chunk of incoming) {
    const lines = `${rest}${chunk as string}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
