import { type KubeObject, type OwnerReference, sameValue, withMetadata } from '../object/object.ts';

/** Owners that are listed twice are kept once, and it is said of them (kubernetes: apiserver, handlers/rest.go). */
export function withEachOwnerOnce(object: KubeObject, warn: (text: string) => void, when = ''): KubeObject {
  const owners = object.metadata.ownerReferences ?? [];
  const isFirst = (owner: OwnerReference, index: number) =>
    owners.findIndex((other) => sameValue(other, owner)) === index;
  const twice = owners.filter((owner, index) => !isFirst(owner, index));
  if (twice.length === 0) return object;
  const what = `.metadata.ownerReferences contains duplicate entries${when}`;
  const advice =
    'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests';
  warn(`${what}; ${advice}; duplicate UID(s) observed: ${twice.map(({ uid }) => uid).join(', ')}`);
  return withMetadata(object, { ownerReferences: owners.filter(isFirst) });
}
