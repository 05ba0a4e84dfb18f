/** The names by which objects of this suite are known. Objects without the label are never changed unasked. */
export const managedByLabel = 'app.kubernetes.io/managed-by';
export const managedBy = 'kube-sa-token';
/** `pending` until the credential has been handed over, then `delivered`. */
export const stateLabel = 'kube-sa-token/state';
/** Names the run that made an object, or that took it over. */
export const runAnnotation = 'kube-sa-token/run';
/** Milliseconds within which a run ends: what is still pending after them has been left over. */
export const runEndsWithinMs = 600_000;
export const purposeAnnotation = 'kube-sa-token/purpose';
export const rotateAfterAnnotation = 'kube-sa-token/rotate-after';

/** Set on a Secret whose token the API server refuses (kubernetes: pkg/serviceaccount/legacy.go). */
export const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since';

/** kubernetes: pkg/apis/core/types.go, ServiceAccountNameKey, ServiceAccountUIDKey */
export const serviceAccountNameAnnotation = 'kubernetes.io/service-account.name';
export const serviceAccountUidAnnotation = 'kubernetes.io/service-account.uid';
export const tokenSecretType = 'kubernetes.io/service-account-token';

/** A new id for one run, to tell its objects from those of another. */
export function newRunId(random: (size: number) => Uint8Array): string {
  return Buffer.from(random(8)).toString('hex');
}

/** The metadata that says whose an object is; of the typed API (`| undefined`) and of our own reads alike. */
export interface OwnedMetadata {
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
}

export function isOurs(metadata: OwnedMetadata | undefined): boolean {
  return metadata?.labels?.[managedByLabel] === managedBy;
}

export function isOfRun(metadata: OwnedMetadata | undefined, run: string): boolean {
  return isOurs(metadata) && metadata?.annotations?.[runAnnotation] === run;
}

/** Metadata of an object that `run` makes. */
export function ownedMetadata(run: string): { labels: Record<string, string>; annotations: Record<string, string> } {
  return { labels: { [managedByLabel]: managedBy }, annotations: { [runAnnotation]: run } };
}
