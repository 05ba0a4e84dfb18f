import { defineCommand } from '../cli/command.ts';
import { refuseGiven } from '../cli/given-flags.ts';
import { UsageError } from '../model/errors.ts';
import { clusterOptions, onlyClusterOptions } from './shared/cluster-options.ts';
import { checkSandbox } from './shared/on-sandbox.ts';
import { refuseTokenAsName } from './shared/token-as-name.ts';

export const inspectTokenCommand = defineCommand({
  name: 'inspect-token',
  summary: 'Decode a ServiceAccount token: kind, claims, key id and expiry',
  description:
    'Reads what a token says of itself, without a network (only --secret asks the cluster, for the Secret). Decoding proves nothing: anybody can write such a token.',
  examples: [
    { does: 'Decode the token in a file', line: '$0 token.txt' },
    { does: 'Decode a token from a pipe', line: 'kubectl create token ci-bot | $0 -' },
    { does: 'Decode the token that a Secret holds', line: '$0 --secret ci-bot-token-x7k2pqv49d -n ci' },
  ],
  options: {
    secret: { type: 'string', value: 'NAME', help: 'Decode the token of this token Secret, read from the cluster' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['summary', 'json', 'yaml'],
      default: 'summary',
      help: 'How to print it',
    },
    ...clusterOptions,
  },
  positionals: { file: { value: 'FILE|-', help: 'File that holds the token; "-" for stdin' } },
  input: (flags, { file }) => {
    checkSandbox(flags);
    refuseTokenAsName('FILE', file);
    if ((file === undefined) === (flags.secret === undefined)) {
      throw new UsageError(
        `Cannot tell which token to decode: ${file === undefined ? 'neither FILE nor' : 'both FILE and'} --secret given`,
        {
          reason: 'MissingArgument',
          hint: 'Name a file, "-" for stdin, or --secret NAME; a token itself is never an argument',
        },
      );
    }
    if (file !== undefined) {
      refuseGiven(onlyClusterOptions, flags, 'without --secret: a token from a file is decoded without a cluster');
    }
    return { flags, output: flags.output, token: file === undefined ? { secret: flags.secret ?? '' } : { file } };
  },
  run: async (input, runtime) => (await import('./inspect-token/run.ts')).runInspectToken(input, runtime),
});
