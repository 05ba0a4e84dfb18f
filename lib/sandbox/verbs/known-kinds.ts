/** Kinds that a Kubernetes API server knows, by version: what is none of them is refused in other words. */
const kinds: Readonly<Record<string, string>> = {
  v1: 'Binding ComponentStatus ConfigMap DeleteOptions Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount Status',
  'apps/v1': 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet',
  'authentication.k8s.io/v1': 'SelfSubjectReview TokenRequest TokenReview',
  'authorization.k8s.io/v1':
    'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  'batch/v1': 'CronJob Job',
  'networking.k8s.io/v1': 'Ingress IngressClass NetworkPolicy',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
};

export function isKnownKind(apiVersion: string, kind: string): boolean {
  const known = (kinds[apiVersion] ?? '').split(' ');
  return known.includes(kind) || known.includes(kind.replace(/List$/u, ''));
}
