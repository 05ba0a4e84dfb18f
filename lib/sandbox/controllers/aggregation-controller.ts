import type { Cluster } from '../cluster.ts';
import { clusterRoles } from '../kinds/rbac.ts';
import { rulesOf } from '../kinds/rbac-objects.ts';
import { type KubeObject, sameValue } from '../object/object.ts';
import type { Change } from '../store/store.ts';
import { writeAs } from './write-as.ts';

interface AggregationRule {
  readonly clusterRoleSelectors?: readonly { readonly matchLabels?: Readonly<Record<string, string>> }[];
}

/** Fills ClusterRoles that are put together of others, such as `view` and `edit`. */
export function aggregationController(cluster: Cluster): (change: Change) => void {
  return ({ resource }) => {
    if (resource === 'clusterroles') aggregateRoles(cluster);
  };
}

/** Once over all; a role that changed brings the next turn. */
export function aggregateRoles(cluster: Cluster): void {
  const { store } = cluster;
  for (const role of store.list('clusterroles')) {
    const selectors = (role['aggregationRule'] as AggregationRule | undefined)?.clusterRoleSelectors;
    if (selectors === undefined) continue;
    const current = store.list('clusterroles');
    const rules = selectors.flatMap(({ matchLabels = {} }) =>
      current
        .filter((other) => other.metadata.name !== role.metadata.name && hasLabels(other, matchLabels))
        .flatMap(rulesOf),
    );
    const unique = rules.filter((rule, index) => rules.findIndex((other) => sameValue(other, rule)) === index);
    if (sameValue(unique, rulesOf(role))) continue;
    writeAs(cluster, clusterRoles, { ...role, rules: unique }, 'clusterrole-aggregation-controller', 'Apply');
  }
}

function hasLabels({ metadata }: KubeObject, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => metadata.labels?.[key] === value);
}
