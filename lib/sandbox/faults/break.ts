import { nearest } from '../../model/nearest.ts';
import type { Authority, CertificateAndKey } from '../certificates/authority.ts';
import type { Cluster } from '../cluster.ts';
import { runControllers } from '../controllers/all.ts';
import { handle } from '../http/handle.ts';
import type { Parts } from '../parts.ts';
import type { Fault, Handler } from './fault.ts';
import { faultNames, isFaultName } from './names.ts';
import { faults as table } from './table.ts';

export interface Around {
  readonly cluster: Cluster;
  readonly authority: Authority;
  /** Milliseconds since 1970 by the computer's clock: certificates are dated by it. */
  readonly clock: () => number;
  /** Milliseconds between a change and what a controller does about it; undefined: none runs. */
  readonly controllerDelayMs: number | undefined;
}

/**
 * The parts of a sandbox with these faults.
 *
 * @param right The same without any.
 */
export function breakParts(names: readonly string[], right: Parts, around: Around): Parts {
  const faults = faultsOf(names);
  return {
    serving: servingOf(faults, right.serving, around),
    handle: handlerOf(faults, around.cluster),
    run: () => runBroken(faults, around),
  };
}

/** @throws {TypeError} There is no fault of this name. */
export function faultsOf(names: readonly string[]): Fault[] {
  return names.map((name) => {
    if (isFaultName(name)) return table[name];
    const meant = nearest(name, Object.keys(faultNames));
    throw new TypeError(`There is no fault "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
  });
}

function servingOf(faults: readonly Fault[], right: CertificateAndKey, { authority, clock }: Around) {
  const [serving] = faults.flatMap((fault) => fault.serving ?? []);
  return serving?.(authority, clock) ?? right;
}

function handlerOf(faults: readonly Fault[], cluster: Cluster): Handler {
  const seen = faults.reduce((before, fault) => fault.cluster?.(before) ?? before, cluster);
  const right: Handler = (request, response) => handle(seen, request, response);
  return faults.reduceRight((next, fault) => fault.handle?.(next, cluster) ?? next, right);
}

function runBroken(faults: readonly Fault[], { cluster, controllerDelayMs }: Around): () => void {
  const ends = faults.flatMap((fault) => fault.begin?.(cluster) ?? []);
  const controllers = faults.flatMap((fault) => fault.tokenController ?? []);
  const delays = controllers.flatMap((how) => (how === 'off' ? [] : (how.delayMs ?? [])));
  const delayMs = Math.max(controllerDelayMs ?? 0, ...delays);
  const seen = controllers.reduce(
    (before, how) => (how === 'off' ? before : (how.cluster?.(before) ?? before)),
    cluster,
  );
  if (controllerDelayMs !== undefined) {
    ends.push(
      runControllers(cluster, controllerDelayMs, controllers.includes('off') ? 'off' : { cluster: seen, delayMs }),
    );
  }
  return () => {
    for (const end of ends) end();
  };
}
