import { goQuote } from './go-quote.ts';

/** Kubernetes' own answer to a request that failed, or that left no object to show. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** A resource as messages name it: `roles.rbac.authorization.k8s.io`. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** A request that failed: it ends as a Status with its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status & { readonly code: number };
  /** It comes from before the API's own code, which says with a header that it is no HTML. */
  nosniff = false;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
    metadata: Status['metadata'] = {},
  ) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

function qualified({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function detailsOf({ group, resource }: GroupResource, name?: string, more: StatusDetails = {}): StatusDetails {
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
    ...more,
  };
}

export function notFound(resource: GroupResource, name: string): ApiError {
  const message = `${qualified(resource)} ${goQuote(name)} not found`;
  return new ApiError(404, 'NotFound', message, detailsOf(resource, name));
}

/** For a path that no resource has, although its group may exist. */
export function noSuchResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', message, {});
}

export function alreadyExists(
  resource: GroupResource,
  name: string,
  { generated = false, deleting = false } = {},
): ApiError {
  const message = `${deleting ? 'object is being deleted: ' : ''}${qualified(resource)} "${name}" already exists`;
  return generated
    ? new ApiError(
        409,
        'AlreadyExists',
        `${message}, the server was not able to generate a unique name for the object`,
        detailsOf(resource, name, { retryAfterSeconds: 1 }),
      )
    : new ApiError(409, 'AlreadyExists', message, detailsOf(resource, name));
}

export function conflict(resource: GroupResource, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, detailsOf(resource, name));
}

export function forbidden(resource: GroupResource, name: string, why: string, causes?: StatusCause[]): ApiError {
  const what = name === '' ? qualified(resource) : `${qualified(resource)} "${name}"`;
  const details = detailsOf(resource, name, causes === undefined ? {} : { causes });
  return new ApiError(403, 'Forbidden', `${what} is forbidden: ${why}`, details);
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function otherNamespace(): ApiError {
  return badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Without a reason, as errors that Kubernetes' own code did not expect. */
export function internal(message: string): ApiError {
  return new ApiError(500, undefined, message);
}

export function expired(message: string, metadata?: Status['metadata']): ApiError {
  return new ApiError(410, 'Expired', message, undefined, metadata);
}

export function tooLargeResourceVersion(asked: string, current: number): ApiError {
  const cause = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' };
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new ApiError(504, 'Timeout', message, { causes: [cause], retryAfterSeconds: 1 });
}
