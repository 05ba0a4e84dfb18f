import type { PolicyRule } from '../kinds/rbac-objects.ts';
import { has, urlMatches } from './rbac.ts';

/** What of the wanted rules the held ones do not allow, in parts of one verb and one resource, put together again. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const missing = wanted.flatMap(partsOf).filter((part) => !held.some((rule) => covers(rule, part)));
  return joined(missing);
}

/** kubernetes: component-helpers, BreakdownRule. */
function partsOf(rule: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = [];
  for (const apiGroup of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const part = { apiGroups: [apiGroup], resources: [resource], verbs: [verb] };
        if ((rule.resourceNames ?? []).length === 0) parts.push(part);
        for (const name of rule.resourceNames ?? []) parts.push({ ...part, resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) {
    for (const verb of rule.verbs) parts.push({ nonResourceURLs: [url], verbs: [verb] });
  }
  return parts;
}

function covers(held: PolicyRule, part: PolicyRule): boolean {
  const verbs = held.verbs.includes('*') || part.verbs.every((verb) => held.verbs.includes(verb));
  if (!verbs) return false;
  if (part.nonResourceURLs !== undefined) {
    return part.nonResourceURLs.every((url) => (held.nonResourceURLs ?? []).some((one) => urlMatches(one, url)));
  }
  const names = held.resourceNames ?? [];
  return (
    (part.apiGroups ?? []).every((group) => has(held.apiGroups, group)) &&
    (part.resources ?? []).every((resource) => resourceCovered(held, resource)) &&
    (names.length === 0 ||
      (part.resourceNames !== undefined && part.resourceNames.every((name) => names.includes(name))))
  );
}

function resourceCovered({ resources = [] }: PolicyRule, resource: string): boolean {
  const [, subresource] = resource.split('/');
  return has(resources, resource) || (subresource !== undefined && resources.includes(`*/${subresource}`));
}

/** Rules that differ in their verbs alone become one (kubernetes: rbac/validation, CompactRules). */
function joined(parts: readonly PolicyRule[]): PolicyRule[] {
  const byTarget = new Map<string, PolicyRule>();
  for (const part of parts) {
    const { verbs, ...target } = part;
    const key = JSON.stringify(target);
    const found = byTarget.get(key);
    byTarget.set(key, found === undefined ? part : { ...found, verbs: [...new Set([...found.verbs, ...verbs])] });
  }
  return [...byTarget.values()];
}
