import type { V1PolicyRule } from '@kubernetes/client-node';
import { UsageError } from '../model/errors.ts';
import { clusterScoped } from './known-resources.ts';
import { requireGranting } from './meant-resource.ts';
import { requireVerb } from './verbs.ts';

const word = /^(?:\*|[a-z][a-z-]*)$/u;
const resourceName = /^(\*|[a-z][a-z0-9-]*)(?:\.([a-z0-9-]+(?:\.[a-z0-9-]+)*))?(?:\/(\*|[a-z][a-z0-9-]*))?$/u;

/**
 * The rules of one `--allow 'VERBS RESOURCES'`: both comma-separated, a resource as kubectl names it
 * (`pods`, `pods/log`, `deployments.apps`, `deployments.apps/scale`); a rule for each API group.
 *
 * @throws {UsageError} Another form, a resource or verb that would allow nothing, or a cluster-scoped resource where the
 *   Role is to live in a namespace.
 */
export function parseAllow(text: string, scope: 'namespace' | 'cluster'): V1PolicyRule[] {
  const [verbList, resourceList, ...rest] = text.trim().split(/\s+/u);
  if (verbList === undefined || resourceList === undefined || rest.length > 0) {
    throw invalid(text, 'it needs verbs, a space and resources');
  }
  const verbs = verbList.split(',');
  const badVerb = verbs.find((verb) => !word.test(verb));
  if (badVerb !== undefined) throw invalid(text, `"${badVerb}" is not a verb`);
  for (const verb of verbs) requireVerb(verb);
  const resourcesOfGroup = new Map<string, string[]>();
  for (const item of resourceList.split(',')) {
    const [, resource, group = '', subresource] = resourceName.exec(item) ?? [];
    if (resource === undefined) throw invalid(text, `"${item}" is not a resource`);
    requireGranting(item, { group, resource, subresource });
    if (scope === 'namespace' && clusterScoped.has(group === '' ? resource : `${resource}.${group}`)) {
      throw new UsageError(`Cannot allow "${item}" in a namespace: it is cluster-scoped`, {
        reason: 'ClusterScopedResource',
        hint: '--role-scope cluster gives the right in the whole cluster',
      });
    }
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    resourcesOfGroup.set(group, [...(resourcesOfGroup.get(group) ?? []), name]);
  }
  return [...resourcesOfGroup].map(([group, resources]) => ({ apiGroups: [group], resources, verbs }));
}

/** One line a right (`get pods`, `list deployments.apps`), sorted: two sets of rules that allow the same are equal. */
export function ruleLines(rules: readonly V1PolicyRule[]): string[] {
  const lines = new Set<string>();
  for (const { apiGroups = [], resources = [], verbs, resourceNames = [], nonResourceURLs = [] } of rules) {
    for (const verb of verbs) {
      for (const group of apiGroups) {
        for (const resource of resources) {
          const [name = '', subresource] = resource.split('/');
          const qualified = `${group === '' ? name : `${name}.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
          lines.add(`${verb} ${qualified}${resourceNames.length === 0 ? '' : ` named ${resourceNames.join(', ')}`}`);
        }
      }
      for (const url of nonResourceURLs) lines.add(`${verb} ${url}`);
    }
  }
  return [...lines].toSorted();
}

function invalid(text: string, why: string): UsageError {
  return new UsageError(`Cannot read --allow ${JSON.stringify(text)}: ${why}`, {
    reason: 'InvalidRule',
    hint: "For example --allow 'get,list,watch pods,deployments.apps'",
  });
}
