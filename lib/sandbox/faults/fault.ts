import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authority, CertificateAndKey } from '../certificates/authority.ts';
import type { Cluster } from '../cluster.ts';

/** Answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One way in which a sandbox is broken: what it has stands for what is right, or before it. */
export interface Fault {
  /** What the API server shows. */
  readonly serving?: (authority: Authority, now: () => number) => CertificateAndKey;
  /** The cluster as the API server sees it. */
  readonly cluster?: (cluster: Cluster) => Cluster;
  /** What stands before the API server; of several faults, the one that is named first is met first. */
  readonly handle?: (next: Handler, cluster: Cluster) => Handler;
  /** How the token controller runs: as on another cluster, later, or not at all. */
  readonly tokenController?: { readonly cluster?: (cluster: Cluster) => Cluster; readonly delayMs?: number } | 'off';
  /** What happens besides in the cluster, before any request. Returns what ends it. */
  readonly begin?: (cluster: Cluster) => () => void;
}
