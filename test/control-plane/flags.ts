import { join } from 'node:path';

/** What may differ from instance to instance. */
export interface ControlPlaneOptions {
  /** Algorithm of ServiceAccount tokens (`RS256`). RSA signs the same token again for a recreated Secret, ECDSA does not. */
  signingKey?: 'RS256' | 'ES256';
  /** Whether the controller manager runs from the start (true). Without it nobody fills a token Secret. */
  controllerManager?: boolean;
  /** Whether it puts `ca.crt` into token Secrets (true). */
  rootCa?: boolean;
  /** Go duration to which the API server shortens the tokens of a TokenRequest. */
  maxTokenExpiration?: string;
  /** The controller manager's own client limits (500 and 1000); real clusters have its defaults, 20 and 30. */
  kubeApiQps?: number;
  kubeApiBurst?: number;
  /** Rules of an audit policy; `auditEvents()` then gives what crossed the wire. */
  auditRules?: readonly Readonly<Record<string, unknown>>[];
  /** DNS names and IP addresses of the serving certificate. */
  servingNames?: readonly string[];
  apiServerFlags?: readonly string[];
}

/** The files of an instance. The sockets' paths may have 107 bytes at most. */
export function filesOf(directory: string) {
  const at = (name: string) => join(directory, name);
  return {
    directory,
    kubeconfig: at('admin.kubeconfig'),
    controllerManagerKubeconfig: at('controller-manager.kubeconfig'),
    etcdData: at('etcd'),
    etcdSocket: at('client.sock'),
    etcdPeerSocket: at('peer.sock'),
    authority: at('ca.crt'),
    servingCertificate: at('serving.crt'),
    servingKey: at('serving.key'),
    serviceAccountKey: at('service-account.key'),
    serviceAccountPublicKey: at('service-account.pub'),
    auditPolicy: at('audit-policy.json'),
    auditLog: at('audit.log'),
  };
}

export type Files = ReturnType<typeof filesOf>;

export function etcdFlags(files: Files): string[] {
  const client = `unix://${files.etcdSocket}`;
  const peer = `unix://${files.etcdPeerSocket}`;
  return [
    `--data-dir=${files.etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync', // the data is as short-lived as the process
    '--initial-election-tick-advance=true',
    '--heartbeat-interval=10',
    '--election-timeout=100',
    '--snapshot-count=100000',
  ];
}

export function apiServerFlags(files: Files, port: number, options: ControlPlaneOptions): string[] {
  return [
    `--etcd-servers=unix://${files.etcdSocket}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1', // or it looks for an address of the machine
    `--secure-port=${port}`,
    `--tls-cert-file=${files.servingCertificate}`,
    `--tls-private-key-file=${files.servingKey}`,
    `--client-ca-file=${files.authority}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    '--authorization-mode=RBAC',
    '--profiling=false',
    ...(options.maxTokenExpiration === undefined
      ? []
      : [`--service-account-max-token-expiration=${options.maxTokenExpiration}`]),
    ...(options.auditRules === undefined
      ? []
      : [`--audit-policy-file=${files.auditPolicy}`, `--audit-log-path=${files.auditLog}`]),
    ...(options.apiServerFlags ?? []),
  ];
}

export function controllerManagerFlags(files: Files, options: ControlPlaneOptions): string[] {
  const controllers = [
    'serviceaccount-token-controller',
    'serviceaccount-controller',
    'namespace-controller',
    'root-ca-certificate-publisher-controller',
    'garbage-collector-controller',
    'resourcequota-controller',
    'legacy-serviceaccount-token-cleaner-controller',
    'clusterrole-aggregation-controller',
  ];
  return [
    `--kubeconfig=${files.controllerManagerKubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--controllers=${controllers.join(',')}`,
    `--kube-api-qps=${options.kubeApiQps ?? 500}`,
    `--kube-api-burst=${options.kubeApiBurst ?? 1000}`,
    ...(options.rootCa === false ? [] : [`--root-ca-file=${files.authority}`]),
  ];
}
