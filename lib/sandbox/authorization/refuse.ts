import type { User } from '../authentication/user.ts';
import { ApiError, forbidden } from '../status.ts';
import type { Attributes } from './rbac.ts';

/** The 403 of a request that nothing allows, in the API server's words. */
export function refusal(user: User, attributes: Attributes, reason: string): ApiError {
  return Object.assign(refusalOf(user, attributes, reason), { nosniff: true });
}

function refusalOf({ username }: User, attributes: Attributes, reason: string): ApiError {
  const why = reason === '' ? '' : `: ${reason}`;
  const user = escape(`User "${username}" cannot ${attributes.verb}`);
  if ('path' in attributes) {
    const message = `forbidden: ${user}${escape(` path "${attributes.path}"`)}${why}`;
    return new ApiError(403, 'Forbidden', message, {});
  }
  const { group, name, namespace, resource, subresource } = attributes;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const sentence = `${user}${escape(` resource "${what}" in API group "${group}" ${where}`)}${why}`;
  return forbidden({ group, resource }, name, sentence);
}

/** Parts that come from the request. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
