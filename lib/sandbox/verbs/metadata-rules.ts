import { type FieldError, invalid, required, tooLong } from '../field-error.ts';
import { misnamedFinalizer, unknownFinalizer } from '../kinds/finalizers.ts';
import { labelValueProblems, qualifiedNameProblems } from '../kinds/label-names.ts';
import type { KubeObject, OwnerReference } from '../object/object.ts';

export const maxAnnotationBytes = 256 * 1024;

/** What is wrong with metadata, but for the name. */
export function invalidMetadata({ metadata }: KubeObject): FieldError[] {
  const labels = Object.entries(metadata.labels ?? {});
  const { finalizers = [], generation = 0 } = metadata;
  return [
    ...(generation < 0 ? [invalid('metadata.generation', generation, 'must be greater than or equal to 0')] : []),
    ...labels.flatMap(([key, value]) =>
      problems('metadata.labels', key, qualifiedNameProblems(key)).concat(
        problems('metadata.labels', value, labelValueProblems(value)),
      ),
    ),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) =>
      problems('metadata.annotations', key, qualifiedNameProblems(key.toLowerCase())),
    ),
    ...(annotationBytes(metadata.annotations ?? {}) > maxAnnotationBytes
      ? [tooLong('metadata.annotations', maxAnnotationBytes)]
      : []),
    ...finalizers.flatMap((one) => misnamedFinalizer(one, 'metadata.finalizers')),
    ...finalizers.flatMap((one, index) => unknownFinalizer(one, `metadata.finalizers[${index}]`)),
    ...invalidOwners(metadata.ownerReferences ?? []),
  ];
}

export function annotationBytes(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce((sum, parts) => sum + Buffer.byteLength(parts.join('')), 0);
}

function invalidOwners(owners: readonly OwnerReference[]): FieldError[] {
  const errors = owners.flatMap((owner, index) => invalidOwner(owner, `metadata.ownerReferences[${index}]`));
  const [first, ...others] = owners.filter(({ controller }) => controller === true);
  const nameOf = (owner: OwnerReference | undefined) => `${owner?.kind}/${owner?.name}`;
  const more = others.map((other) => {
    const references = `${nameOf(first)} and ${nameOf(other)}`;
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${references}`;
    return invalid('metadata.ownerReferences', owners, why);
  });
  return [...errors, ...more];
}

function invalidOwner(owner: OwnerReference, field: string): FieldError[] {
  const { apiVersion, kind } = owner;
  const missing = (['apiVersion', 'kind', 'name', 'uid'] as const)
    .filter((name) => owner[name] === '')
    .map((name) => required(`${field}.${name}`, 'must not be empty'));
  const isVersion = apiVersion === '' || /^[^/]*\/?[^/]+$/u.test(apiVersion);
  const version = isVersion
    ? []
    : [invalid(`${field}.apiVersion`, apiVersion, 'must be <group>/<version> or <version>')];
  const isBanned = apiVersion === 'v1' && kind === 'Event';
  const banned = isBanned ? [invalid(field, owner, '/v1, Kind=Event is disallowed from being an owner')] : [];
  return [...version, ...missing, ...banned];
}

function problems(field: string, value: string, whys: readonly string[]): FieldError[] {
  return whys.map((why) => invalid(field, value, why));
}
