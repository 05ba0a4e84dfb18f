/** A ServiceAccount by its full name. The namespace joins the name once, at the start of a command. */
export interface ServiceAccountRef {
  readonly namespace: string;
  readonly name: string;
}

/** A ServiceAccount as found on the cluster. `uid` is what every later step is checked against. */
export interface FoundServiceAccount extends ServiceAccountRef {
  /** Undefined where the caller may not read ServiceAccounts. */
  readonly uid: string | undefined;
}

/** A Secret by its full name. */
export interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

/** The user name that the API server gives to a ServiceAccount (apiserver: serviceaccount/util.go, MakeUsername). */
export function subjectOf({ namespace, name }: ServiceAccountRef): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** `namespace/name`, as messages show it. */
export function fullName({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
