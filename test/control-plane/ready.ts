import { sleep } from '../../lib/system/deadline.ts';
import type { Component } from './component.ts';
import type { Rest } from './rest.ts';

/** Asks until `probe` gives a value, or one of the components has ended, or the signal aborts. */
export async function waitUntil<T>(
  probe: () => Promise<T | undefined>,
  { components, signal }: { components: readonly Component[]; signal: AbortSignal },
): Promise<T> {
  for (;;) {
    const value = await probe().catch(() => undefined); // not reachable, not authorized, not there: not ready yet
    if (value !== undefined) return value;
    const ended = components.find((component) => component.hasEnded());
    if (ended !== undefined) throw new ComponentEndedError(ended.name, await ended.log());
    await sleep(15, signal);
  }
}

/** A component ended while its instance was being started. */
export class ComponentEndedError extends Error {
  override readonly name = 'ComponentEndedError';
  readonly addressInUse: boolean;

  constructor(component: string, log: string) {
    super(`Cannot start the control plane: ${component} ended:\n${log.trim().split('\n').slice(-15).join('\n')}`);
    this.addressInUse = log.includes('address already in use');
  }
}

export async function apiServerIsReady(admin: Rest): Promise<true | undefined> {
  const { status } = await admin.request('GET', '/readyz');
  if (status !== 200) return undefined;
  // made by the server itself just after that, the last one it makes
  return (await admin.find('/api/v1/namespaces/default')) === undefined ? undefined : true;
}

/** The aggregated ClusterRoles are empty, and bindings to them grant nothing, until their controller ran. */
export async function viewIsAggregated(admin: Rest): Promise<true | undefined> {
  const role = await admin.get('/apis/rbac.authorization.k8s.io/v1/clusterroles/view');
  return Array.isArray(role['rules']) && role['rules'].length > 0 ? true : undefined;
}

/** Has a token Secret filled: a controller that runs is not yet one that works. */
export async function tokensAreFilled(admin: Rest): Promise<true | undefined> {
  const secrets = '/api/v1/namespaces/default/secrets';
  const name = 'control-plane-probe';
  await admin.get('/api/v1/namespaces/default/serviceaccounts/default');
  const probe = await admin.find(`${secrets}/${name}`);
  if (probe === undefined) {
    await admin.post(secrets, {
      metadata: { name, annotations: { 'kubernetes.io/service-account.name': 'default' } },
      type: 'kubernetes.io/service-account-token',
    });
    return undefined;
  }
  if (probe.data?.['token'] === undefined) return undefined;
  await admin.delete(`${secrets}/${name}`);
  return true;
}
