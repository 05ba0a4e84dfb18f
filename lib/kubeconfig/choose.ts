import { UsageError } from '../model/errors.ts';
import { listNames, nameNotFound, quote, sortedNames } from './not-found.ts';
import type { Kubeconfig } from './types.ts';

/** The flags that choose a cluster, or replace a piece of the context's. An empty one counts as absent, as in kubectl. */
export interface ClusterChoice {
  /** Path of the file that the kubeconfig was read from, where a flag names it. */
  readonly kubeconfig?: string | undefined;
  /** Null: none at all, not even the current one; for what is given by the other flags alone. */
  readonly context?: string | null | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
  readonly server?: string | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  /** Who to impersonate; each piece replaces that of the kubeconfig's user. */
  readonly as?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
  /** Replaces the values of these keys. */
  readonly asUserExtra?: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** The user is not used, so it need not be usable and its credentials are left out. */
  readonly withoutUser?: boolean | undefined;
}

/** A context, null for none; or the contexts that are left to choose from, and why (`… uses several`). */
export type ChosenContext = { readonly context: string | null } | ContextCandidates;

export interface ContextCandidates {
  readonly candidates: readonly string[];
  readonly why: string;
}

/**
 * Which context the flags mean: `--context`; else the one that uses `--cluster` (and `--user`, if given too); else
 * the current one. kubectl would keep the current context's user with another cluster. `--server` needs no context.
 *
 * @throws {NotFoundError} The context or cluster does not exist; so too a current-context that names none.
 * @throws {UsageError} There is nothing to choose from.
 */
export function chooseContext(kubeconfig: Kubeconfig, choice: ClusterChoice): ChosenContext {
  const { contexts, currentContext } = kubeconfig;
  if (choice.context === null || kubeconfig.inCluster !== undefined) return { context: null };
  if (choice.context !== undefined && choice.context !== '') {
    if (!contexts.has(choice.context)) throw nameNotFound('context', choice.context, contexts.keys());
    return { context: choice.context };
  }
  if (choice.cluster !== undefined && choice.cluster !== '')
    return contextOfCluster(kubeconfig, choice.cluster, choice);
  if (currentContext !== '') {
    if (contexts.has(currentContext)) return { context: currentContext };
    throw nameNotFound('context', currentContext, contexts.keys(), ', the current one');
  }
  if (choice.server !== undefined && choice.server !== '') return { context: null };
  if (contexts.size > 0) return { candidates: sortedNames(contexts.keys()), why: 'no context is current' };
  throw new UsageError(`Cannot choose a cluster: ${describeFiles(kubeconfig)} no contexts`, {
    reason: 'KubeconfigEmpty',
    hint: 'Name another kubeconfig with --kubeconfig',
  });
}

/** The error for a choice that nobody is there to make. */
export function contextNotChosen({ candidates, why }: ContextCandidates): UsageError {
  return new UsageError(`Cannot choose a context: ${why}: ${listNames(candidates)}`, {
    reason: 'NoContextChosen',
    hint: 'Name one with --context',
  });
}

function contextOfCluster(
  kubeconfig: Kubeconfig,
  cluster: string,
  { user = '', server = '' }: ClusterChoice,
): ChosenContext {
  const { clusters, contexts } = kubeconfig;
  if (!clusters.has(cluster)) throw nameNotFound('cluster', cluster, clusters.keys());
  const using = [...contexts].filter(([, context]) => context.cluster === cluster);
  const candidates = sortedNames(
    (user === '' ? using : using.filter(([, entry]) => entry.user === user)).map(([name]) => name),
  );
  if (candidates.length > 1) return { candidates, why: `several contexts use cluster ${quote(cluster)}` };
  const [context] = candidates;
  if (context !== undefined) return { context };
  if (user !== '' || server !== '') return { context: null };
  throw new UsageError(`Cannot use cluster ${quote(cluster)}: no context uses it`, {
    reason: 'NoContextOfCluster',
    hint: 'Say as whom: --user with --cluster, or --context with --cluster for the user of that context',
  });
}

function describeFiles({ files }: Kubeconfig): string {
  if (files.length === 0) return 'there is no kubeconfig, hence';
  return `kubeconfig ${listNames(files)} ${files.length === 1 ? 'has' : 'have'}`;
}
