import type { User } from '../authentication/user.ts';
import { type Attributes, authorize } from '../authorization/rbac.ts';
import { invalid } from '../field-error.ts';
import type { KubeObject } from '../object/object.ts';
import { always, boolean, list, map, objectSchema, optional, string, struct } from '../object/schema.ts';
import {
  accessGroup,
  type AccessSpec,
  internalPath,
  invalidAttributes,
  invalidMetadata,
  invalidSubject,
  refuseIf,
  selectorsOf,
  specOf,
  subjectOf,
} from './access-rules.ts';
import { selectorSchema, unreadSelector } from './access-selectors.ts';
import type { Question, ReviewType } from './review-type.ts';

const attributes = {
  resourceAttributes: optional(
    struct('v1.ResourceAttributes', {
      namespace: string(),
      verb: string(),
      group: string(),
      version: string(),
      resource: string(),
      subresource: string(),
      name: string(),
      fieldSelector: selectorSchema('v1.FieldSelectorAttributes', 'v1.FieldSelectorRequirement'),
      labelSelector: selectorSchema('v1.LabelSelectorAttributes', 'v1.LabelSelectorRequirement'),
    }),
  ),
  nonResourceAttributes: optional(struct('v1.NonResourceAttributes', { path: string(), verb: string() })),
};

const subject = {
  user: string(),
  groups: list(string()),
  extra: map(list(string())),
  uid: string(),
};

const status = struct('v1.SubjectAccessReviewStatus', {
  allowed: always(boolean()),
  denied: boolean(),
  reason: string(),
  evaluationError: string(),
});

/** May I? */
export const selfSubjectAccessReview: ReviewType = {
  ...names('selfsubjectaccessreview', 'SelfSubjectAccessReview'),
  namespaced: false,
  schema: objectSchema('v1.SelfSubjectAccessReview', {
    spec: struct('v1.SelfSubjectAccessReviewSpec', attributes),
    status,
  }),
  answer: (question) => {
    refuseIf([...invalidAttributes(question.review), ...invalidMetadata(question)]);
    return decide(question, question.user);
  },
};

/** May somebody else? */
export const subjectAccessReview: ReviewType = {
  ...names('subjectaccessreview', 'SubjectAccessReview'),
  namespaced: false,
  schema: objectSchema('v1.SubjectAccessReview', {
    spec: struct('v1.SubjectAccessReviewSpec', { ...attributes, ...subject }),
    status,
  }),
  answer: (question) => {
    const { review } = question;
    refuseIf([...invalidAttributes(review), ...invalidSubject(review), ...invalidMetadata(question)]);
    return decide(question, subjectOf(review));
  },
};

/** May somebody else, in one namespace? */
export const localSubjectAccessReview: ReviewType = {
  ...names('localsubjectaccessreview', 'LocalSubjectAccessReview'),
  namespaced: true,
  schema: objectSchema('v1.LocalSubjectAccessReview', {
    spec: struct('v1.SubjectAccessReviewSpec', { ...attributes, ...subject }),
    status,
  }),
  answer: (question) => {
    const { review } = question;
    const { nonResourceAttributes, resourceAttributes } = specOf(review);
    const asked = resourceAttributes?.['namespace'] ?? '';
    const isElsewhere = resourceAttributes !== undefined && asked !== question.namespace;
    refuseIf([
      ...invalidAttributes(review),
      ...invalidSubject(review),
      ...invalidMetadata(question),
      ...(isElsewhere ? [invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')] : []),
      ...(nonResourceAttributes === undefined
        ? []
        : [
            invalid(
              'spec.nonResourceAttributes',
              internalPath(nonResourceAttributes),
              'disallowed on this kind of request',
            ),
          ]),
    ]);
    return decide(question, subjectOf(review));
  },
};

function names(singular: string, kind: string) {
  return {
    group: accessGroup,
    version: 'v1',
    resource: `${singular}s`,
    singular,
    kind,
    internalType: `authorization.${kind}`,
    verbs: ['create'],
  } as const;
}

function decide({ cluster, review }: Question, user: User): KubeObject {
  const { allowed, reason } = authorize(cluster.store, user, attributesOf(specOf(review)));
  const unread = selectorsOf(specOf(review)).flatMap(([name, one]) => unreadSelector(one, name) ?? []);
  const evaluationError = unread.length === 0 ? {} : { evaluationError: unread.join(', ') };
  return { ...review, status: { allowed, ...(reason === '' ? {} : { reason }), ...evaluationError } };
}

function attributesOf({ nonResourceAttributes, resourceAttributes = {} }: AccessSpec): Attributes {
  if (nonResourceAttributes !== undefined) {
    const { path = '', verb = '' } = nonResourceAttributes;
    return { path, verb };
  }
  const text = (name: string) => resourceAttributes[name] ?? '';
  return {
    verb: text('verb'),
    group: text('group'),
    resource: text('resource'),
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
  };
}
