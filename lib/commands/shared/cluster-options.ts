import { commonOptions } from '../../cli/common-options.ts';
import { defineOptions, type OptionTable, type ValuesOf } from '../../cli/options.ts';
import { parseDuration } from '../../system/duration.ts';

const group = 'Cluster flags';

/** kubectl's flags that choose kubeconfig, cluster and user; of every command that reads a kubeconfig. */
export const kubeconfigOptions = defineOptions({
  kubeconfig: {
    type: 'string',
    value: 'PATH',
    group,
    help: 'Path of the kubeconfig. If unset, $KUBECONFIG, else ~/.kube/config',
  },
  sandbox: {
    type: 'boolean',
    group,
    help: 'Use an embedded API server, started for this one command. Needs neither a cluster nor a kubeconfig',
  },
  ...commonOptions,
});

/** The flags of every command that connects. */
export const clusterOptions = defineOptions({
  ...kubeconfigOptions,
  context: { type: 'string', value: 'NAME', group, help: 'Context of the kubeconfig. If unset, the current context' },
  cluster: {
    type: 'string',
    value: 'NAME',
    group,
    help: 'Cluster of the kubeconfig: alone it chooses the context that uses it, beside --context it replaces its cluster',
  },
  user: { type: 'string', value: 'NAME', group, help: 'User of the kubeconfig, instead of the one of the context' },
  as: {
    type: 'string',
    value: 'USER',
    group,
    help: 'User to impersonate: what you do counts as done by it. Also a ServiceAccount: system:serviceaccount:NS:NAME',
  },
  asGroup: {
    type: 'string',
    value: 'GROUP',
    multiple: true,
    group,
    help: 'Group to impersonate. Requires --as, here or in the kubeconfig. May be repeated to name several',
  },
  asUid: { type: 'string', value: 'UID', group, help: 'UID to impersonate. Requires --as' },
  asUserExtra: {
    type: 'string',
    value: 'KEY=VALUE',
    multiple: true,
    group,
    parse: parseUserExtra,
    expects: 'a text of the form KEY=VALUE',
    help: 'Extra of the user to impersonate. Requires --as. May be repeated, for several values of a key too',
  },
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NS',
    group,
    help: 'Namespace. If unset, that of the context, else "default"',
  },
  server: {
    type: 'string',
    short: 's',
    value: 'URL',
    group,
    help: 'Address of the API server, instead of the one of the cluster',
  },
  certificateAuthority: {
    type: 'string',
    value: 'FILE',
    group,
    help: 'PEM file with the CA to verify the API server with',
  },
  tlsServerName: {
    type: 'string',
    value: 'NAME',
    group,
    help: 'Name to verify the certificate of the API server against. If unset, the host of its address',
  },
  insecureSkipTlsVerify: {
    type: 'boolean',
    group,
    help: 'Do not verify the certificate of the API server. A new token is proven over verified TLS all the same',
  },
  execPolicy: {
    type: 'string',
    value: 'POLICY',
    group,
    choices: ['AllowAll', 'DenyAll', 'Allowlist'],
    help: "Which credential plugins (exec) of the kubeconfig may run. If unset, what kubectl's kuberc says, else AllowAll",
  },
  requestTimeout: {
    type: 'string',
    value: 'DURATION',
    group,
    default: '0',
    parse: parseDuration,
    expects: 'a duration such as 30s, or 0 for none',
    help: 'Time for one request (30s, 2m; 0: none). Never cuts a watch',
  },
  v: {
    type: 'string',
    short: 'v',
    value: 'N',
    group,
    default: '0',
    parse: (text) => (/^\d{1,2}$/u.test(text) ? Number(text) : undefined),
    expects: 'a number from 0 to 99',
    help: 'Verbosity: 6 and more show each request, never a credential',
  },
});

/** Those of them that mean nothing where no cluster is asked. */
export const onlyClusterOptions: OptionTable = Object.fromEntries(
  Object.entries(clusterOptions).filter(([, row]) => 'group' in row && row.group === group),
);

function parseUserExtra(text: string): { key: string; value: string } | undefined {
  const [, key, value] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}

export type ClusterFlags = ValuesOf<typeof clusterOptions> & {
  /** A kubeconfig that stands for all files: that of a sandbox. */
  readonly kubeconfigText?: string;
};
