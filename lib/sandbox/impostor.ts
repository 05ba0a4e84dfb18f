import { createAuthority } from './certificates/authority.ts';
import { listen } from './http/listen.ts';

/** A server that gives itself out as an API server. */
export interface Impostor extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** For each request that reached it, the value of its Authorization header. */
  readonly stolen: readonly (string | undefined)[];
}

/**
 * Starts a server on loopback whose certificate is right but for one thing: an authority of its own has signed it. It
 * answers as the API server answers `/api`, so that a caller who does not verify it notices nothing.
 */
export async function startImpostor({ now }: { now: () => number }): Promise<Impostor> {
  const authority = createAuthority({ name: 'kubernetes', now });
  const serving = authority.issue({ commonName: 'kube-apiserver', ipAddresses: ['127.0.0.1'], usage: 'server' });
  const stolen: (string | undefined)[] = [];
  const { close, port } = await listen({
    port: 0,
    caPem: authority.certPem,
    serving,
    async handle({ headers }, response) {
      stolen.push(headers.authorization);
      response.setHeader('Content-Type', 'application/json').end('{"kind":"APIVersions","versions":["v1"]}\n');
    },
  });
  return { server: `https://127.0.0.1:${port}`, stolen, [Symbol.asyncDispose]: close };
}
