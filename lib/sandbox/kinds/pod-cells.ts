import type { KubeObject } from '../object/object.ts';
import { age } from './columns.ts';

// What `kubectl get pods` says of a Pod (kubernetes: printers/internalversion/printers.go, printPod).

interface Container {
  readonly name?: string;
  readonly restartPolicy?: string;
}

interface Terminated {
  readonly reason?: string;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly finishedAt?: string;
}

interface ContainerStatus {
  readonly name?: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: object;
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: Terminated;
  };
  readonly lastState?: { readonly terminated?: Terminated };
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
}

interface Spec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly readinessGates?: readonly { readonly conditionType?: string }[];
}

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly conditions?: readonly Condition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip?: string }[];
}

const specOf = (pod: KubeObject) => (pod['spec'] ?? {}) as Spec;
const statusOf = (pod: KubeObject) => (pod['status'] ?? {}) as PodStatus;
const has = (conditions: readonly Condition[] = [], type: string) =>
  conditions.some((one) => one.type === type && one.status === 'True');

/** `1/2`: containers that are ready, of all that go on running. */
export function readyCell(pod: KubeObject): string {
  const { containers = [] } = specOf(pod);
  const sidecars = sidecarsOf(pod);
  const running = stageOf(pod).isPastInit ? (statusOf(pod).containerStatuses ?? []).filter(isReady) : [];
  const ready = running.length + startedSidecars(pod).filter((status) => status.ready === true).length;
  return `${ready}/${containers.length + sidecars.size}`;
}

/** Its phase, or what keeps it from running. */
export function statusCell(pod: KubeObject): string {
  const { conditions = [], phase = '', reason } = statusOf(pod);
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (reason === 'NodeLost') return 'Unknown';
    if (phase !== 'Failed' && phase !== 'Succeeded') return 'Terminating';
  }
  const isGated = conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  const { isPastInit, obstacle } = stageOf(pod);
  const first = obstacle ?? (isGated ? 'SchedulingGated' : (reason ?? phase));
  return isPastInit ? reasonOfContainers(pod, first) : first;
}

/** `2`, or `2 (5m ago)` where it is known when the last one was. */
export function restartsCell(pod: KubeObject, now: number): string {
  const { containerStatuses = [], initContainerStatuses = [] } = statusOf(pod);
  const sidecars = sidecarsOf(pod);
  const { done, isPastInit } = stageOf(pod);
  const begun = initContainerStatuses.slice(0, done + 1);
  const counted = isPastInit ? [...begun.filter(({ name = '' }) => sidecars.has(name)), ...containerStatuses] : begun;
  const restarts = counted.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const last = counted
    .map(({ lastState }) => lastState?.terminated?.finishedAt ?? '')
    .toSorted()
    .at(-1);
  return restarts === 0 || last === undefined || last === '' ? String(restarts) : `${restarts} (${age(last, now)} ago)`;
}

export function addressCell(pod: KubeObject): string {
  const { podIP, podIPs = [] } = statusOf(pod);
  return podIPs[0]?.ip || podIP || '<none>';
}

/** `1/2`: readiness gates whose condition is true, of all. */
export function gatesCell(pod: KubeObject): string {
  const { readinessGates = [] } = specOf(pod);
  const { conditions } = statusOf(pod);
  const open = readinessGates.filter(({ conditionType = '' }) => has(conditions, conditionType));
  return readinessGates.length === 0 ? '<none>' : `${open.length}/${readinessGates.length}`;
}

/** The condition of a row whose Pod has ended: kubectl prints it in another colour. */
export function rowConditions(pod: KubeObject): object[] | undefined {
  const { phase } = statusOf(pod);
  const message = { Succeeded: 'The pod has completed successfully.', Failed: 'The pod failed.' }[phase ?? ''];
  return message === undefined ? undefined : [{ type: 'Completed', status: 'True', reason: phase, message }];
}

/** Names of init containers that go on beside the others. */
function sidecarsOf(pod: KubeObject): Set<string> {
  const { initContainers = [] } = specOf(pod);
  return new Set(initContainers.flatMap(({ name = '', restartPolicy }) => (restartPolicy === 'Always' ? [name] : [])));
}

/** The sidecars before the first init container that is still at it. */
function startedSidecars(pod: KubeObject): ContainerStatus[] {
  const { initContainerStatuses = [] } = statusOf(pod);
  const sidecars = sidecarsOf(pod);
  return initContainerStatuses
    .slice(0, stageOf(pod).done)
    .filter(
      ({ name = '', started, state }) => state?.terminated === undefined && sidecars.has(name) && started === true,
    );
}

/** How far the init containers are, and what the first of them that is not done is at. */
function stageOf(pod: KubeObject): { done: number; obstacle?: string; isPastInit: boolean } {
  const { conditions, initContainerStatuses = [] } = statusOf(pod);
  const sidecars = sidecarsOf(pod);
  const done = initContainerStatuses.findIndex(
    ({ name = '', started, state }) => state?.terminated?.exitCode !== 0 && !(sidecars.has(name) && started === true),
  );
  const current = initContainerStatuses[done];
  if (current === undefined) return { done: initContainerStatuses.length, isPastInit: true };
  const { terminated, waiting } = current.state ?? {};
  const at =
    terminated !== undefined
      ? endOf(terminated)
      : waiting?.reason !== undefined && waiting.reason !== '' && waiting.reason !== 'PodInitializing'
        ? waiting.reason
        : `${done}/${specOf(pod).initContainers?.length ?? 0}`;
  return { done, obstacle: `Init:${at}`, isPastInit: has(conditions, 'Initialized') };
}

/** The first container that waits or has ended says why; one that still runs outweighs others that are completed. */
function reasonOfContainers(pod: KubeObject, otherwise: string): string {
  const { conditions, containerStatuses = [] } = statusOf(pod);
  const reasons = containerStatuses.flatMap(({ state }) => {
    const why = state?.waiting?.reason || (state?.terminated && endOf(state.terminated));
    return why === undefined || why === '' ? [] : [why];
  });
  const [reason = otherwise] = reasons;
  if (reason !== 'Completed' || !containerStatuses.some(isReady)) return reason;
  return has(conditions, 'Ready') ? 'Running' : 'NotReady';
}

function isReady({ ready, state }: ContainerStatus): boolean {
  const isOver = state?.terminated !== undefined || (state?.waiting?.reason ?? '') !== '';
  return !isOver && ready === true && state?.running !== undefined;
}

function endOf({ exitCode = 0, reason = '', signal = 0 }: Terminated): string {
  if (reason !== '') return reason;
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}
