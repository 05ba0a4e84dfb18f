import { defineOptions, type PositionalTable } from '../../cli/options.ts';
import { parseDuration } from '../../system/duration.ts';
import { clusterOptions } from '../shared/cluster-options.ts';

const duration = {
  type: 'string',
  value: 'DURATION',
  parse: parseDuration,
  expects: 'a duration such as 30s or 1h30m',
} as const;

export const bootstrapPositionals = {
  serviceAccount: {
    value: 'SERVICEACCOUNT',
    default: 'default',
    help: 'Name of the ServiceAccount. If unset, "default"',
  },
} as const satisfies PositionalTable;

export const bootstrapOptions = defineOptions({
  createServiceAccount: {
    type: 'boolean',
    help: 'Create the ServiceAccount if it is missing; pods that use it get no token mounted',
  },
  createNamespace: { type: 'boolean', help: 'Create the namespace if it is missing' },
  role: {
    type: 'string',
    value: 'NAME',
    multiple: true,
    help: 'Bind this ClusterRole (view, edit, cluster-admin, any) to the ServiceAccount. May be repeated to bind several',
  },
  allow: {
    type: 'string',
    value: "'VERBS RESOURCES'",
    multiple: true,
    help: "Give just these rights, by a Role of its own: 'get,list,watch pods,deployments.apps'. May be repeated to give more",
  },
  roleScope: {
    type: 'string',
    value: 'SCOPE',
    choices: ['namespace', 'cluster'],
    help: 'Where the rights of --role and --allow apply. If unset, the namespace',
  },
  adopt: {
    type: 'boolean',
    help: 'Give rights to a ServiceAccount, and take over a Role or binding of the name needed, that kube-sa-token did not make',
  },
  method: {
    type: 'string',
    value: 'METHOD',
    choices: ['secret'],
    default: 'secret',
    help: 'How the token is made: a token Secret',
  },
  secretNamePrefix: {
    type: 'string',
    value: 'PREFIX',
    help: 'Beginning of the name of the Secret; ten random characters follow. If unset, SERVICEACCOUNT-token',
  },
  reuse: {
    type: 'boolean',
    help: 'Take a token Secret that an earlier run made for this ServiceAccount and --purpose, if its proof succeeds',
  },
  purpose: { type: 'string', value: 'TEXT', help: 'What the token is for; kept as an annotation of the Secret' },
  rotateAfter: {
    ...duration,
    help: 'When the token should be replaced; kept as an annotation. It stays valid past that date',
  },
  waitTimeout: {
    ...duration,
    default: '30s',
    help: 'Time for the token controller, from the answer to the create; 0 looks once',
  },
  noVerify: { type: 'boolean', help: 'Skip the proving call. The claims of the token are compared all the same' },
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    choices: ['token', 'json', 'yaml', 'name', 'summary'],
    help: 'What to print. If unset, the bare token',
  },
  outputFile: { type: 'string', value: 'FILE', help: 'Write it there (0600, atomically) instead of to stdout' },
  dryRun: {
    type: 'string',
    value: 'HOW',
    choices: ['none', 'client', 'server'],
    default: 'none',
    help: 'client: print the objects and send nothing. server: let the API server check them, without keeping them',
  },
  ...clusterOptions,
});
