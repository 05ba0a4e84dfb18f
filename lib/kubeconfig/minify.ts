import { UsageError } from '../model/errors.ts';
import { danglingContext } from './unusable.ts';
import { nameNotFound } from './not-found.ts';
import type { Kubeconfig } from './types.ts';

/**
 * A kubeconfig with nothing but one context, which becomes the current one, and the cluster and user that it names
 * (client-go: api/helpers.go, MinifyConfig). Preferences and extensions stay.
 *
 * @param context If unset, the current context.
 * @throws {NotFoundError} There is no such context.
 * @throws {UsageError} No context is current, or it names a cluster or user that is missing.
 */
export function minifyKubeconfig(kubeconfig: Kubeconfig, context?: string): Kubeconfig {
  const { clusters, contexts, users } = kubeconfig;
  const currentContext = context ?? kubeconfig.currentContext;
  if (currentContext === '') {
    throw new UsageError('Cannot minify the kubeconfig: no context is current', {
      reason: 'NoContextChosen',
      hint: 'Name one with --context',
    });
  }
  const entry = contexts.get(currentContext);
  if (entry === undefined) {
    const origin = context === undefined ? ', the current one' : '';
    throw nameNotFound('context', currentContext, contexts.keys(), origin);
  }
  if (entry.cluster !== '' && !clusters.has(entry.cluster)) {
    throw danglingContext(currentContext, entry.file, 'cluster', entry.cluster);
  }
  if (entry.user !== '' && !users.has(entry.user)) {
    throw danglingContext(currentContext, entry.file, 'user', entry.user);
  }
  return {
    ...kubeconfig,
    currentContext,
    clusters: only(clusters, entry.cluster),
    users: only(users, entry.user),
    contexts: only(contexts, currentContext),
  };
}

/** An entry without a name does not count: a context that names none has none. */
function only<T>(entries: ReadonlyMap<string, T>, name: string): ReadonlyMap<string, T> {
  const entry = name === '' ? undefined : entries.get(name);
  return entry === undefined ? new Map() : new Map([[name, entry]]);
}
