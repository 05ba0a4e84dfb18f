import { UsageError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { coreResources, shortNames } from './core-resources.ts';
import { groupOf } from './known-resources.ts';

interface NamedResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource: string | undefined;
}

/**
 * RBAC compares names, and knows neither short ones nor singulars nor a resource without its group: a rule for one is
 * accepted, and allows nothing. What groups other than the core one have, only their cluster knows.
 *
 * @param item The resource as it was given.
 * @throws {UsageError} A resource or subresource that there cannot be.
 */
export function requireGranting(item: string, { group, resource, subresource }: NamedResource): void {
  if (subresource === '*') {
    // kubernetes: rbac/v1, ResourceMatches
    throw allowsNothing(item, 'RBAC knows no "*" for subresources', resource === '*' ? '*' : undefined);
  }
  if (group !== '') return;
  const name = resource === '*' ? resource : fullNameOf(resource);
  const known = subresourcesOf(name ?? '');
  const sub = subresource === undefined || known.includes(subresource) ? subresource : nearest(subresource, known);
  if (name === resource && sub === subresource) return;
  if (name === resource) {
    throw allowsNothing(item, 'there is no such subresource', sub === undefined ? undefined : `${name}/${sub}`);
  }
  const meant = sub === undefined || name === undefined ? name : `${name}/${sub}`;
  throw allowsNothing(item, 'the core API group has no such resource', meant);
}

function subresourcesOf(name: string): readonly string[] {
  if (name === '*') return Object.values(coreResources).flat();
  const [resource = ''] = name.split('.', 1);
  return Object.hasOwn(coreResources, resource) ? (coreResources[resource] ?? []) : ['scale', 'status'];
}

/** The resource that a name was meant to be, with its group; undefined if none is near. */
function fullNameOf(name: string): string | undefined {
  const names = [...Object.keys(coreResources), ...Object.keys(groupOf)];
  const meant =
    (Object.hasOwn(shortNames, name) ? shortNames[name] : undefined) ??
    names.find((plural) => plural === name) ??
    nearest(
      name,
      names.toSorted((a, b) => a.length - b.length), // "persistentvolume" begins two of them
    );
  if (meant === undefined || Object.hasOwn(coreResources, meant)) return meant;
  return `${meant}.${groupOf[meant]}`;
}

function allowsNothing(item: string, why: string, meant: string | undefined): UsageError {
  return new UsageError(`Cannot allow "${item}": ${why}, so that it would allow nothing`, {
    reason: meant?.includes('.') === true ? 'WrongApiGroup' : 'NoSuchResource',
    hint:
      meant === undefined
        ? 'kubectl api-resources lists what there is; a resource of another group has its group: deployments.apps'
        : `Did you mean ${meant}?`,
  });
}
