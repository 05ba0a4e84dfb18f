import { nearest } from '../model/nearest.ts';
import type { SigningAlgorithm } from './authentication/signing-key.ts';
import type { FaultName } from './faults/names.ts';

export interface SandboxOptions {
  /** Loopback port. If unset, the one that `state` had last, or a free one. */
  readonly port?: number;
  /**
   * Path of a file (0600) in which it lives on: what it holds, who signs its certificates and tokens, and its port, so that
   * kubeconfigs and tokens given out earlier go on working. It is written a moment after each change and at the end, as a
   * whole. If unset, nothing is kept. Never kept: earlier changes, so that watches begin anew.
   */
  readonly state?: string;
  /** How ServiceAccount tokens are signed (`ES256`, or as `state` has it). An RSA key takes a quarter of a second to make. */
  readonly algorithm?: SigningAlgorithm;
  /** Whether the controllers run (true). Without them no token Secret is filled and no namespace gets its defaults. */
  readonly controllers?: boolean;
  /** Milliseconds between a change and what a controller does about it (3). */
  readonly controllerDelayMs?: number;
  /** Milliseconds for which a token that was accepted goes on being accepted (10,000, as kube-apiserver does). */
  readonly tokenCacheMs?: number;
  /** Seconds to which a TokenRequest is shortened. If unset, it is not. */
  readonly maxTokenExpirationSeconds?: number;
  /**
   * Objects that are there from the beginning, in the order in which they are made: with `apiVersion` and `kind`, and
   * `namespace` where it is not `default`. A Pod is taken with its `status`. Where `state` has a sandbox already, they
   * are not made again.
   */
  readonly objects?: readonly object[];
  /**
   * What is wrong with it, to see what a program makes of it; the README has a table of them. If unset, nothing.
   * `lift()` ends them.
   */
  readonly faults?: readonly FaultName[];
  /** How many changes a watch may lie behind (10,000); one that is older gets 410. */
  readonly historyLimit?: number;
  /**
   * Milliseconds since 1970, for what it writes and what runs out: objects, tokens, caches. If unset, the computer's clock,
   * by which certificates are dated in any case, as whoever checks them does.
   */
  readonly now?: () => number;
}

interface Rule {
  /** Goes on from "it takes". */
  readonly takes: string;
  readonly allows: (value: unknown) => boolean;
}

const whole = (from: number, to: number) => ({
  takes: `a whole number from ${from} to ${to}`,
  allows: (value: unknown) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
});
const listOf = (what: string, type: 'object' | 'string') => ({
  takes: `an array of ${what}`,
  allows: (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === type && one !== null),
});
const longestTimer = 2_147_483_647; // one that is longer fires at once

const rules: Readonly<Record<keyof SandboxOptions, Rule>> = {
  port: whole(0, 65_535),
  state: { takes: 'the path of a file', allows: (value) => typeof value === 'string' && value !== '' },
  algorithm: { takes: '"ES256" or "RS256"', allows: (value) => value === 'ES256' || value === 'RS256' },
  controllers: { takes: 'true or false', allows: (value) => typeof value === 'boolean' },
  controllerDelayMs: whole(0, longestTimer),
  tokenCacheMs: whole(0, Number.MAX_SAFE_INTEGER),
  maxTokenExpirationSeconds: whole(1, 2 ** 32), // as --service-account-max-token-expiration
  objects: listOf('objects', 'object'),
  faults: listOf('names of faults', 'string'),
  historyLimit: whole(1, Number.MAX_SAFE_INTEGER),
  now: {
    takes: 'a function that returns milliseconds since 1970',
    allows: (value) => typeof value === 'function' && isTime((value as () => unknown)()),
  },
};

/**
 * A wrong option that was ignored would let a test pass that tests nothing.
 *
 * @throws {TypeError} There is no such option, or it cannot have this value.
 */
export function checkOptions(options: SandboxOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`The options of a sandbox cannot be ${shown(options)}: it takes an object of them`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!isOption(name)) {
      const meant = nearest(name, Object.keys(rules));
      throw new TypeError(
        `There is no option ${shown(name)}${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
      );
    }
    const { allows, takes } = rules[name];
    if (value === undefined || allows(value)) continue;
    throw new TypeError(`Option "${name}" cannot be ${shown(value)}: it takes ${takes}`);
  }
}

function isOption(name: string): name is keyof SandboxOptions {
  return Object.hasOwn(rules, name);
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'this array';
  return value !== null && /^(?:object|function|symbol)$/u.test(typeof value) ? `this ${typeof value}` : String(value);
}
