import type { V1PolicyRule } from '@kubernetes/client-node';
import { UsageError } from '../model/errors.ts';

/** Resources of Kubernetes itself that belong to no namespace: a Role cannot give rights to them. */
const clusterScoped = new Set([
  'componentstatuses',
  'namespaces',
  'nodes',
  'persistentvolumes',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
  'tokenreviews.authentication.k8s.io',
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'ingressclasses.networking.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
  'runtimeclasses.node.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceslices.resource.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
]);

/** API groups of resources that are often named without theirs, and that the core group does not have. */
const groupOf: Readonly<Record<string, string>> = {
  daemonsets: 'apps',
  deployments: 'apps',
  replicasets: 'apps',
  statefulsets: 'apps',
  controllerrevisions: 'apps',
  horizontalpodautoscalers: 'autoscaling',
  cronjobs: 'batch',
  jobs: 'batch',
  leases: 'coordination.k8s.io',
  endpointslices: 'discovery.k8s.io',
  ingresses: 'networking.k8s.io',
  networkpolicies: 'networking.k8s.io',
  poddisruptionbudgets: 'policy',
  ...Object.fromEntries([...clusterScoped].flatMap((name) => (name.includes('.') ? [splitGroup(name)] : []))),
  clusterroles: 'rbac.authorization.k8s.io',
  clusterrolebindings: 'rbac.authorization.k8s.io',
  roles: 'rbac.authorization.k8s.io',
  rolebindings: 'rbac.authorization.k8s.io',
};

function splitGroup(name: string): [resource: string, group: string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

const word = /^(?:\*|[a-z][a-z-]*)$/u;
const resourceName = /^(\*|[a-z][a-z0-9-]*)(?:\.([a-z0-9-]+(?:\.[a-z0-9-]+)*))?(?:\/(\*|[a-z][a-z0-9-]*))?$/u;

/**
 * The rules of one `--allow 'VERBS RESOURCES'`: both comma-separated, a resource as kubectl names it
 * (`pods`, `pods/log`, `deployments.apps`, `deployments.apps/scale`); a rule for each API group.
 *
 * @throws {UsageError} Another form, or a cluster-scoped resource where the Role is to live in a namespace.
 */
export function parseAllow(text: string, scope: 'namespace' | 'cluster'): V1PolicyRule[] {
  const [verbList, resourceList, ...rest] = text.trim().split(/\s+/u);
  if (verbList === undefined || resourceList === undefined || rest.length > 0) {
    throw invalid(text, 'it needs verbs, a space and resources');
  }
  const verbs = verbList.split(',');
  const badVerb = verbs.find((verb) => !word.test(verb));
  if (badVerb !== undefined) throw invalid(text, `"${badVerb}" is not a verb`);
  const resourcesOfGroup = new Map<string, string[]>();
  for (const item of resourceList.split(',')) {
    const [, resource, group = '', subresource] = resourceName.exec(item) ?? [];
    if (resource === undefined) throw invalid(text, `"${item}" is not a resource`);
    const meant = group === '' ? groupOf[resource] : undefined;
    if (meant !== undefined) {
      const full = `${resource}.${meant}${subresource === undefined ? '' : `/${subresource}`}`;
      throw new UsageError(
        `Cannot allow "${item}": the core API group has no such resource, so that it would allow nothing`,
        {
          reason: 'WrongApiGroup',
          hint: `Did you mean ${full}?`,
        },
      );
    }
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
