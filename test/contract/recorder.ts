import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../control-plane/rest.ts';
import { until } from '../support/until.ts';
import type { Normaliser } from './normalise.ts';
import type { Identity, Wire, WireStream } from './wire.ts';

/** One request and what came of it, in words that are the same on every server that behaves the same. */
export interface Step {
  readonly did: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: unknown;
}

export interface Answer<T = KubernetesObject> {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly text: string;
  /** What the text says where it is JSON; `{}` where it is not. */
  readonly body: T;
}

export interface SendOptions {
  /** The administrator if unset. */
  readonly as?: Identity;
  readonly accept?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body as it is sent: an object as JSON, a text as it is. */
export type SentBody = object | string | undefined;

export interface WatchEvent {
  readonly type: string;
  readonly object: KubernetesObject;
}

export interface Watch {
  readonly status: number;
  /** The next events, each recorded. Fails where the stream ends before. */
  take(count: number): Promise<WatchEvent[]>;
  /** All events until the server ends the stream, recorded with its end. */
  rest(): Promise<WatchEvent[]>;
  end(): void;
}

export interface Recorder {
  readonly steps: readonly Step[];
  /** A request that is part of the contract: it and its answer are recorded. */
  send<T = KubernetesObject>(method: string, path: string, body?: SentBody, options?: SendOptions): Promise<Answer<T>>;
  /** A request that is not recorded: preparations, and looking for something to become true. */
  peek<T = KubernetesObject>(method: string, path: string, body?: SentBody, options?: SendOptions): Promise<Answer<T>>;
  /** An unrecorded create; fails where it is refused. */
  create<T = KubernetesObject>(path: string, body: object): Promise<T>;
  watch(path: string, options?: SendOptions): Promise<Watch>;
  /** A recorded GET once its body is as wanted, for what comes about a little later. */
  sendUntil<T = KubernetesObject>(path: string, wanted: (answer: Answer<T>) => boolean): Promise<Answer<T>>;
  /** The same without a record. */
  peekUntil<T = KubernetesObject>(path: string, wanted: (answer: Answer<T>) => boolean): Promise<Answer<T>>;
  /** Records something that was derived from answers. */
  note(what: string, value: unknown): void;
}

const mediaTypes: Readonly<Record<string, string>> = { PATCH: 'application/merge-patch+json' };

export function recorder(wire: Wire, { value, text, headers: shownHeaders }: Normaliser): Recorder {
  const steps: Step[] = [];
  const asked = (method: string, path: string, body: SentBody, options: SendOptions) => ({
    method,
    path,
    as: options.as ?? 'admin',
    headers: {
      accept: options.accept ?? 'application/json',
      ...(body === undefined
        ? {}
        : { 'content-type': options.contentType ?? mediaTypes[method] ?? 'application/json' }),
      ...options.headers,
    },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  });
  const peek: Recorder['peek'] = async (method, path, body, options = {}) => {
    const answer = await wire.send(asked(method, path, body, options));
    return { ...answer, body: (parsed(answer.text) ?? {}) as never };
  };
  const record = (method: string, path: string, options: SendOptions, answer: Answer<unknown>) => {
    const body = parsed(answer.text);
    steps.push({
      did: did(method, text(path), options),
      status: answer.status,
      headers: shownHeaders(answer.headers),
      body: body === undefined ? text(answer.text) : value(body),
    });
  };
  const peekUntil: Recorder['peekUntil'] = (path, wanted) =>
    until(
      `${path} to be as wanted`,
      async () => {
        const seen = await peek('GET', path);
        return wanted(seen as never) ? (seen as never) : undefined;
      },
      20_000,
    );
  return {
    steps,
    peek,
    peekUntil,
    async send(method, path, body, options = {}) {
      const answer = await peek(method, path, body, options);
      record(method, path, options, answer);
      return answer as never;
    },
    async create(path, body) {
      const answer = await peek('POST', path, body);
      if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
      return answer.body as never;
    },
    async sendUntil(path, wanted) {
      const answer = await peekUntil(path, wanted as never);
      record('GET', path, {}, answer);
      return answer as never;
    },
    async watch(path, options = {}) {
      const stream = await wire.stream(asked('GET', path, undefined, options));
      steps.push({
        did: `${did('GET', text(path), options)}, and goes on reading`,
        status: stream.status,
        headers: shownHeaders(stream.headers),
      });
      return watchOf(stream, (line) => {
        const step = shownEvent(line, value);
        // how often one comes is the server's own affair
        if (!isBookmark(step) || !isDeepStrictEqual(step, steps.at(-1))) steps.push(step);
      });
    },
    note: (what, noted) => void steps.push({ did: text(what), body: value(noted) }),
  };
}

function watchOf(stream: WireStream, record: (line: string | undefined) => void): Watch {
  const next = async () => {
    const line = await stream.next();
    record(line);
    return line === undefined ? undefined : (JSON.parse(line) as WatchEvent);
  };
  return {
    status: stream.status,
    async take(count) {
      const events: WatchEvent[] = [];
      while (events.length < count) {
        const event = await next();
        if (event === undefined) throw new Error(`The watch ended after ${events.length} of ${count} events`);
        events.push(event);
      }
      return events;
    },
    async rest() {
      const events: WatchEvent[] = [];
      for (let event = await next(); event !== undefined; event = await next()) events.push(event);
      return events;
    },
    end: stream.end,
  };
}

function shownEvent(line: string | undefined, value: Normaliser['value']): Step {
  return line === undefined ? { did: 'the stream ends' } : { did: 'an event', body: value(parsed(line) ?? line) };
}

function isBookmark({ body }: Step): boolean {
  return typeof body === 'object' && body !== null && 'type' in body && body.type === 'BOOKMARK';
}

function did(method: string, path: string, { as = 'admin', accept, contentType }: SendOptions): string {
  const who = typeof as === 'string' ? as : as.called;
  return [
    `${method} ${path} as ${who}`,
    ...(accept === undefined ? [] : [`accepting ${accept}`]),
    ...(contentType === undefined ? [] : [`sending ${contentType}`]),
  ].join(', ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
