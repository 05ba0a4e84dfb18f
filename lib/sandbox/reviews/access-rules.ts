import type { User } from '../authentication/user.ts';
import { type FieldError, invalid, invalidObject } from '../field-error.ts';
import type { KubeObject } from '../object/object.ts';
import { type AccessSelector, invalidSelector, type SelectorName } from './access-selectors.ts';
import type { Question } from './review-type.ts';

export const accessGroup = 'authorization.k8s.io';

/** What is asked. */
export interface AccessSpec {
  readonly resourceAttributes?: Readonly<Record<string, string>> & { readonly [Name in SelectorName]?: AccessSelector };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

export const specOf = (review: KubeObject) => review['spec'] as AccessSpec;

/** @throws {ApiError} 422, in which the API server names no kind here. */
export function refuseIf(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject({ group: accessGroup, kind: '' }, '', errors);
}

/** As Go prints what the server keeps inside. */
export function internalPath({ path = '', verb = '' }: NonNullable<AccessSpec['nonResourceAttributes']>): object {
  return { Path: path, Verb: verb };
}

export function invalidAttributes(review: KubeObject): FieldError[] {
  const { nonResourceAttributes, resourceAttributes } = specOf(review);
  const selectors = selectorsOf(specOf(review)).flatMap(([name, one]) => invalidSelector(one, name));
  if ((nonResourceAttributes === undefined) !== (resourceAttributes === undefined)) return selectors;
  const given = nonResourceAttributes === undefined ? null : internalPath(nonResourceAttributes);
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalid('spec', given, why), ...selectors];
}

export function selectorsOf({ resourceAttributes = {} }: AccessSpec): [SelectorName, AccessSelector][] {
  return (['fieldSelector', 'labelSelector'] as const).flatMap((name): [SelectorName, AccessSelector][] => {
    const selector = resourceAttributes[name];
    return selector === undefined ? [] : [[name, selector]];
  });
}

/** A question has no name, nor anything else that an object has. */
export function invalidMetadata({ namespace, review }: Question): FieldError[] {
  const { managedFields: _, namespace: __, ...rest } = review.metadata;
  if (Object.keys(rest).length === 0) return [];
  const why = namespace === '' ? 'must be empty' : 'must be empty except for namespace';
  return [invalid('metadata', review.metadata, why)];
}

export function invalidSubject(review: KubeObject): FieldError[] {
  const { groups = [], user = '' } = specOf(review);
  if (user !== '' || groups.length > 0) return [];
  return [invalid('spec.user', '', 'at least one of user or group must be specified')];
}

export function subjectOf(review: KubeObject): User {
  const { groups = [], uid = '', user = '' } = specOf(review);
  return { username: user, groups, uid };
}
