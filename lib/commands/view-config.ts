import { defineCommand } from '../cli/command.ts';
import { UsageError } from '../model/errors.ts';
import { clusterOptions, kubeconfigOptions } from './shared/cluster-options.ts';
import { checkSandbox } from './shared/on-sandbox.ts';

export const viewConfigCommand = defineCommand({
  name: 'view-config',
  summary: 'Show the merged kubeconfig, without its secrets',
  description:
    'As kubectl config view does: certificates, keys, tokens and passwords are left out, unless --raw or --flatten is given. Shown like there: arguments and environment of an exec plugin, the configuration of an auth-provider, and a password within the URL of server or proxy-url; a warning names what of it is secret. Nothing is asked over the network; no plugin is run.',
  examples: [
    { does: 'The merged kubeconfig', line: '$0' },
    { does: 'Only what one context needs', line: '$0 --minify --context kind-dev' },
    { does: 'A kubeconfig of one context that works anywhere', line: '$0 --raw --minify --flatten' },
  ],
  options: {
    raw: { type: 'boolean', help: 'Show certificates, keys, tokens and passwords, too' },
    minify: {
      type: 'boolean',
      help: 'Only the current context, or the one of --context, with the cluster and user that it names',
    },
    flatten: {
      type: 'boolean',
      help: 'Put the contents of certificate and key files in the place of their paths. Shows secrets, as --raw does',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['yaml', 'json'],
      default: 'yaml',
      help: 'How to print it',
    },
    context: { ...clusterOptions.context, help: 'With --minify: the context to show. If unset, the current context' },
    ...kubeconfigOptions,
  },
  input: (flags) => {
    checkSandbox(flags);
    if (flags.context !== undefined && !flags.minify) {
      throw new UsageError('Cannot use --context without --minify: the whole kubeconfig is shown', {
        reason: 'FlagNotUsable',
        hint: 'Add --minify to see only what that context needs',
      });
    }
    return flags;
  },
  run: async (flags, runtime) => (await import('./view-config/run.ts')).runViewConfig(flags, runtime),
});
