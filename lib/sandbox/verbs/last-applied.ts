import { groupVersion, type ResourceType } from '../kinds/resource-type.ts';
import { appliedFields } from '../object/applied-fields.ts';
import { changedFields } from '../object/field-changes.ts';
import { subtract } from '../object/field-tree.ts';
import { goJson } from '../object/go-json.ts';
import { type FieldTree, isRecord, type KubeObject, withMetadata } from '../object/object.ts';
import { typedProblems } from '../object/typed-problems.ts';
import { annotationBytes, maxAnnotationBytes } from './metadata-rules.ts';

// What `kubectl apply` without --server-side goes by. The API server minds it where a manager of this name applies
// (apimachinery: managedfields/internal, lastappliedmanager.go and lastappliedupdater.go).
export const kubectlManager = 'kubectl';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object with the annotation, where it has one, made that of what is applied now; without it if that is too long. */
export function withLastApplied(object: KubeObject, applied: Readonly<Record<string, unknown>>): KubeObject {
  const { annotations = {} } = object.metadata;
  if (!annotations[annotation]) return object;
  const all = { ...annotations, [annotation]: `${goJson(withoutAnnotation(applied))}\n` };
  const { [annotation]: _, ...others } = annotations;
  const kept = annotationBytes(all) > maxAnnotationBytes ? others : all;
  return withMetadata(object, { annotations: kept });
}

function withoutAnnotation({ metadata, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!isRecord(metadata)) return { metadata, ...rest };
  const { annotations, ...others } = metadata;
  if (!isRecord(annotations)) return { ...rest, metadata: others };
  const { [annotation]: _, ...left } = annotations;
  return { ...rest, metadata: { ...others, annotations: left } };
}

/** The fields that are still as the annotation of an object has them: who applied them may take them over. */
export function lastAppliedFields(object: KubeObject, type: ResourceType): FieldTree {
  const last = parsed(object.metadata.annotations?.[annotation] ?? '');
  if (last?.['apiVersion'] !== groupVersion(type) || last['kind'] !== type.kind) return {};
  if (typedProblems(last, type.schema).length > 0) return {};
  return subtract(appliedFields(last, type.schema), changedFields(last, object, type.schema));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
