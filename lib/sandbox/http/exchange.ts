import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import { type Format, negotiate } from './negotiate.ts';
import type { RequestInfo } from './request-info.ts';

/** One request on its way. */
export interface Exchange {
  readonly cluster: Cluster;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
  readonly user: User;
  readonly warnings: string[];
  /** Clients of people get indented JSON. */
  readonly pretty: boolean;
}

/** The form that is wanted; what failed is always told in JSON. */
export function formatOf({ request }: Exchange): Format {
  return negotiate(request.headers.accept ?? '');
}

export type ResourceInfo = Extract<RequestInfo, { isResource: true }>;
