import { Agent, request as httpsRequest } from 'node:https';

/** Plain REST to an API server, apart from the code under test, so that tests see what is really there. */
export interface Rest {
  /** Any status is an answer. `patch` bodies are merge patches. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<RestResponse>;
  /** These throw a RestError for a status of 400 or more. */
  get<T = KubernetesObject>(path: string): Promise<T>;
  post<T = KubernetesObject>(path: string, body: unknown): Promise<T>;
  put<T = KubernetesObject>(path: string, body: unknown): Promise<T>;
  patch<T = KubernetesObject>(path: string, body: unknown): Promise<T>;
  delete<T = KubernetesObject>(path: string, options?: unknown): Promise<T>;
  /** The object, or undefined where there is none. */
  find<T = KubernetesObject>(path: string): Promise<T | undefined>;
  close(): void;
}

interface RestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed text; undefined where it is not JSON. */
  readonly body: unknown;
}

/** What tests read most often. For the rest they say `get<V1ClusterRole>(…)`, or whatever type they expect. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface KubernetesList<T = KubernetesObject> {
  readonly items: readonly T[];
}

export interface RestTarget {
  readonly server: string;
  readonly caPem: string | undefined;
  readonly certPem?: string | undefined;
  readonly keyPem?: string | undefined;
  readonly token?: string | undefined;
  readonly servername?: string | undefined;
}

class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;

  constructor(method: string, path: string, { status, text }: RestResponse) {
    super(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
    this.status = status;
  }
}

export function restClient(target: RestTarget): Rest {
  const agent = new Agent({
    keepAlive: true,
    ca: target.caPem,
    cert: target.certPem,
    key: target.keyPem,
    ...(target.servername === undefined ? {} : { servername: target.servername }),
  });
  const request: Rest['request'] = (method, path, body, headers = {}) =>
    exchange(`${target.server.replace(/\/$/, '')}${path}`, method, agent, body, {
      ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
      ...headers,
    });
  const checked = async (method: string, path: string, body?: unknown) => {
    const response = await request(method, path, body);
    if (response.status >= 400) throw new RestError(method, path, response);
    return response.body as never;
  };
  return {
    request,
    get: (path) => checked('GET', path),
    post: (path, body) => checked('POST', path, body),
    put: (path, body) => checked('PUT', path, body),
    patch: (path, body) => checked('PATCH', path, body),
    delete: (path, options) => checked('DELETE', path, options),
    async find(path) {
      const response = await request('GET', path);
      if (response.status === 404) return undefined;
      if (response.status >= 400) throw new RestError('GET', path, response);
      return response.body as never;
    },
    close: () => agent.destroy(),
  };
}

function exchange(url: string, method: string, agent: Agent, body: unknown, headers: Record<string, string>) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise<RestResponse>((resolve, reject) => {
    const outgoing = httpsRequest(
      url,
      {
        method,
        agent,
        timeout: 20_000,
        headers: {
          accept: 'application/json',
          // Node sends the body of a DELETE without its length, and the server takes that for the next request
          ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const { statusCode = 0, headers: received } = incoming;
          resolve({ status: statusCode, headers: received, text: answer, body: parsed(answer) });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${url}: no answer in 20s`)));
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
