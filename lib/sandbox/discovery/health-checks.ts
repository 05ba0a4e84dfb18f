const always = ['ping', 'etcd', 'poststarthook/rbac/bootstrap-roles'];

/** Of kube-apiserver's checks those that the sandbox has something for; its store stands for etcd. All are always well. */
export const healthChecks: Readonly<Record<string, readonly string[]>> = {
  healthz: always,
  livez: always,
  readyz: ['ping', 'etcd', 'etcd-readiness', 'poststarthook/rbac/bootstrap-roles', 'shutdown'],
};

/** `/healthz`, `/healthz/ping`, … as `/` lists them. */
export const healthPaths: readonly string[] = Object.entries(healthChecks).flatMap(([group, names]) =>
  ['', ...names].map((name) => (name === '' ? `/${group}` : `/${group}/${name}`)),
);
