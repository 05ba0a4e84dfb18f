import type { User } from '../authentication/user.ts';
import { type Attributes, authorize } from '../authorization/rbac.ts';
import { invalid, invalidObject } from '../field-error.ts';
import type { KubeObject } from '../object/object.ts';
import { always, anything, boolean, list, map, objectSchema, optional, string, struct } from '../object/schema.ts';
import type { Question, ReviewType } from './review-type.ts';

interface AccessSpec {
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

const group = 'authorization.k8s.io';

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
      fieldSelector: optional(anything()),
      labelSelector: optional(anything()),
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
    checkAttributes(question.review);
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
    checkAttributes(question.review);
    return decide(question, subjectOf(question.review));
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
    checkAttributes(question.review);
    const asked = specOf(question.review).resourceAttributes?.['namespace'] ?? '';
    if (asked !== question.namespace) {
      const errors = [invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')];
      throw invalidObject({ group, kind: '' }, '', errors);
    }
    return decide(question, subjectOf(question.review));
  },
};

function names(singular: string, kind: string) {
  return {
    group,
    version: 'v1',
    resource: `${singular}s`,
    singular,
    kind,
    internalType: `authorization.${kind}`,
    verbs: ['create'],
  } as const;
}

const specOf = (review: KubeObject) => review['spec'] as AccessSpec;

/** @throws {ApiError} 422, in which the API server names no kind here. */
function checkAttributes(review: KubeObject): void {
  const { nonResourceAttributes, resourceAttributes } = specOf(review);
  if ((nonResourceAttributes === undefined) !== (resourceAttributes === undefined)) return;
  const given =
    nonResourceAttributes === undefined
      ? null
      : { Path: nonResourceAttributes.path ?? '', Verb: nonResourceAttributes.verb ?? '' };
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw invalidObject({ group, kind: '' }, '', [invalid('spec', given, why)]);
}

function subjectOf(review: KubeObject): User {
  const { groups = [], uid = '', user = '' } = specOf(review);
  if (user === '' && groups.length === 0) {
    const errors = [invalid('spec.user', '', 'at least one of user or group must be specified')];
    throw invalidObject({ group, kind: '' }, '', errors);
  }
  return { username: user, groups, uid };
}

function decide({ cluster, review }: Question, user: User): KubeObject {
  const { allowed, reason } = authorize(cluster.store, user, attributesOf(specOf(review)));
  return { ...review, status: { allowed, ...(reason === '' ? {} : { reason }) } };
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
