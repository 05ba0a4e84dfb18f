import { defineCommand } from '../cli/command.ts';
import { bootstrapInput } from './bootstrap-token/input.ts';
import { bootstrapOptions, bootstrapPositionals } from './bootstrap-token/options.ts';

export const bootstrapTokenCommand = defineCommand({
  name: 'bootstrap-token',
  summary: 'Make a ServiceAccount token, prove it with a direct call, and print it',
  description:
    'Creates a kubernetes.io/service-account-token Secret, waits until the token controller has populated it, compares the claims of the token with what was asked for, proves it with a bearer-authenticated call over verified TLS, and prints it. What it made is removed again if anything fails.',
  examples: [
    {
      does: 'A token of ServiceAccount "ci-bot" in namespace "ci", both made if missing',
      line: '$0 ci-bot -n ci --create-namespace --create-service-account',
    },
    {
      does: 'The same with the right to read what ClusterRole "view" lets read in that namespace',
      line: '$0 ci-bot -n ci --create-service-account --role view',
    },
    {
      does: 'A token that may list and watch pods and deployments, and nothing else',
      line: "$0 ci-bot -n ci --create-service-account --allow 'get,list,watch pods,deployments.apps'",
    },
    { does: 'Keep the token off the screen', line: '$0 ci-bot -n ci --output-file token' },
    { does: 'See what would be created', line: '$0 ci-bot -n ci --create-service-account --dry-run=client' },
  ],
  options: bootstrapOptions,
  positionals: bootstrapPositionals,
  input: bootstrapInput,
  run: async (input, runtime) => (await import('./bootstrap-token/run.ts')).runBootstrapToken(input, runtime),
});
