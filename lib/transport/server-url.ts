/** The parts of a server's URL that a socket and a request need. */
export interface ServerUrl {
  readonly tls: boolean;
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** `host:port` as it stands in the URL, for the Host header. */
  readonly authority: string;
  /** Path below which the API lies: empty, or `/k8s/clusters/c-1`. */
  readonly prefix: string;
}

/** Takes apart the URL of a server as `ClusterEndpoint` has it. */
export function parseServerUrl(server: string): ServerUrl {
  const url = new URL(server);
  const tls = url.protocol === 'https:';
  return {
    tls,
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    authority: url.host,
    prefix: url.pathname.replace(/\/+$/u, ''),
  };
}

/** The server as messages show it: a URL may hold a password. */
export function describeServer(server: string): string {
  const { authority, prefix, tls } = parseServerUrl(server);
  return `${tls ? 'https' : 'http'}://${authority}${prefix}`;
}
