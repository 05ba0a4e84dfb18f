import { defineOptions, type PositionalTable } from '../../cli/options.ts';
import { clusterOptions } from '../shared/cluster-options.ts';

export const callApiPositionals = {
  method: { value: 'METHOD', default: 'GET', help: 'HTTP method. If unset, GET' },
  path: { value: 'PATH', required: true, help: 'Path on the API server, with its query: /api/v1/namespaces?limit=10' },
} as const satisfies PositionalTable;

const credential = 'Credential flags';

export const callApiOptions = defineOptions({
  tokenFile: {
    type: 'string',
    value: 'FILE|-',
    group: credential,
    help: 'Call with the token in this file ("-" for stdin) instead of as the user of the kubeconfig',
  },
  secret: { type: 'string', value: 'NAME', group: credential, help: 'Call with the token of this token Secret' },
  serviceAccount: {
    type: 'string',
    value: 'NAME',
    group: credential,
    help: 'Call as this ServiceAccount, with a token for this one call that expires in ten minutes',
  },
  data: {
    type: 'string',
    value: 'FILE|-|TEXT',
    help: 'Body: a file, "-" for stdin, or the text itself if it begins with "{" or "["',
  },
  contentType: {
    type: 'string',
    value: 'TYPE',
    help: 'Content type of the body. If unset, JSON or YAML by its look; for PATCH a merge patch, or a JSON patch for a list',
  },
  header: {
    type: 'string',
    short: 'H',
    value: "'Name: value'",
    multiple: true,
    help: 'Request header; never Authorization. May be repeated to send several',
  },
  watch: { type: 'boolean', help: 'Watch the collection: one event a line, until the server or Ctrl-C ends it' },
  allPages: { type: 'boolean', help: 'Read a list to its end, page by page, and print it as one' },
  include: { type: 'boolean', short: 'i', help: 'Print status and headers of the answer before its body' },
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    choices: ['raw', 'json', 'yaml'],
    default: 'raw',
    help: 'raw: the body as it comes; json: indented, but an event of a watch in one line; yaml',
  },
  dryRun: {
    type: 'string',
    value: 'HOW',
    choices: ['none', 'server'],
    default: 'none',
    help: 'server: let the API server do all but store it (adds dryRun=All)',
  },
  ...clusterOptions,
});
