import { type FieldError, invalid, required, tooLong } from '../field-error.ts';
import { labelValueProblems, qualifiedNameProblems } from '../kinds/label-names.ts';
import type { KubeObject, OwnerReference } from '../object/object.ts';

const maxAnnotationBytes = 256 * 1024;
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** What is wrong with labels and annotations. */
export function invalidMetadata({ metadata }: KubeObject): FieldError[] {
  const labels = Object.entries(metadata.labels ?? {});
  return [
    ...labels.flatMap(([key, value]) =>
      problems('metadata.labels', key, qualifiedNameProblems(key)).concat(
        problems('metadata.labels', value, labelValueProblems(value)),
      ),
    ),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) =>
      problems('metadata.annotations', key, qualifiedNameProblems(key.toLowerCase())),
    ),
    ...(sizeOf(metadata.annotations ?? {}) > maxAnnotationBytes
      ? [tooLong('metadata.annotations', maxAnnotationBytes)]
      : []),
    ...(metadata.finalizers ?? []).flatMap(invalidFinalizer),
    ...invalidOwners(metadata.ownerReferences ?? []),
  ];
}

function sizeOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce((sum, parts) => sum + Buffer.byteLength(parts.join('')), 0);
}

function invalidFinalizer(finalizer: string, index: number): FieldError[] {
  const wrong = problems('metadata.finalizers', finalizer, qualifiedNameProblems(finalizer));
  if (wrong.length > 0 || finalizer.includes('/') || standardFinalizers.has(finalizer)) return wrong;
  const why = 'name is neither a standard finalizer name nor is it fully qualified';
  return [invalid(`metadata.finalizers[${index}]`, finalizer, why)];
}

function invalidOwners(owners: readonly OwnerReference[]): FieldError[] {
  const errors = owners.flatMap((owner, index) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => owner[field] === '')
      .map((field) => required(`metadata.ownerReferences[${index}].${field}`, 'must not be empty')),
  );
  const controllers = owners.filter(({ controller }) => controller === true);
  if (controllers.length < 2) return errors;
  const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`);
  const why = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [...errors, invalid('metadata.ownerReferences', owners, why)];
}

function problems(field: string, value: string, whys: readonly string[]): FieldError[] {
  return whys.map((why) => invalid(field, value, why));
}
