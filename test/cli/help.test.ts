import { expect, test } from 'vitest';
import { defineCommand } from '../../lib/cli/command.ts';
import { commonOptions } from '../../lib/cli/common-options.ts';
import { flagGroups, positionalRows, renderCommandHelp, renderProgramHelp } from '../../lib/cli/help.ts';

const command = defineCommand({
  name: 'revoke-token',
  summary: 'Revoke the token of a Secret and prove that the API server refuses it',
  description:
    'Deletes the Secret.\n\nThe proof is a call with the token: it must be refused within thirty seconds, else the exit code is 5.',
  examples: [
    { does: 'Revoke one token', line: '$0 --secret ci-bot-token-x7k2p -n ci' },
    { does: 'See first', line: '$0 --secret ci-bot-token-x7k2p -n ci --dry-run=client' },
  ],
  positionals: { format: { value: 'FORMAT', choices: ['a'], help: 'What to print' } },
  options: {
    secret: { type: 'string', value: 'NAME', required: true, help: 'Name of the token Secret' },
    output: { type: 'string', short: 'o', value: 'FORMAT', choices: ['json', 'yaml'], help: 'What to print' },
    many: { type: 'string', value: 'KIND', choices: ['first', 'second', 'third', 'fourth', 'fifth'], help: 'Kind' },
    verifyTimeout: { type: 'string', value: 'DURATION', default: '30s', help: 'Time for the proof' },
    anExtraordinarilyLongFlagName: { type: 'boolean', help: 'Stands alone' },
    ...commonOptions,
  },
  input: (flags) => flags,
  run: async () => 0,
});

test('renderCommandHelp() tells what it is, usage, examples, flags by group, and exit codes', () => {
  expect(renderCommandHelp(command, { invocation: 'kube-sa-token revoke-token', columns: 100 })).toBe(
    `Revoke the token of a Secret and prove that the API server refuses it.

Deletes the Secret.

The proof is a call with the token: it must be refused within thirty seconds, else the exit code is
5.

Usage:
  kube-sa-token revoke-token [FORMAT] [flags]

Examples:
  # Revoke one token
  kube-sa-token revoke-token --secret ci-bot-token-x7k2p -n ci

  # See first
  kube-sa-token revoke-token --secret ci-bot-token-x7k2p -n ci --dry-run=client

Arguments:
  FORMAT     What to print

Flags:
      --secret NAME               Name of the token Secret
  -o, --output json|yaml          What to print
      --many KIND                 Kind. One of first, second, third, fourth, fifth
      --verify-timeout DURATION   Time for the proof (default 30s)
      --an-extraordinarily-long-flag-name
                                  Stands alone

Common flags:
  -q, --quiet      Print nothing on stderr but errors and warnings about unchecked TLS
      --no-color   No colour, as with NO_COLOR
      --no-input   Never ask: fail instead, naming the flag that answers
  -h, --help       Show this help
      --version    Show the version

Exit codes:
  0               Done, and verified where the command verifies
  1               Anything else that failed
  2               Wrong usage: flags, arguments, kubeconfig, output file
  3               Not found or not reachable
  4               The caller is denied (401, 403)
  5               --wait-timeout passed
  6               Refused: it is not safe to go on from what was found
  129, 130, 143   Ended by SIGHUP, SIGINT, SIGTERM; what was half-made is cleaned up
`,
  );
});

test.each([
  [undefined, 80],
  [40, 80],
  [100, 100],
  [300, 120],
])('renderCommandHelp() on a terminal of %s columns uses at most %i', (columns, limit) => {
  const text = renderCommandHelp(command, { invocation: 'x', columns });
  const prose = text.split('\n').filter((line) => !line.startsWith('  x '));
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(limit);
});

test('renderProgramHelp() lists the commands, a line each', () => {
  const about = 'From a kubeconfig to a token.';
  expect(renderProgramHelp([command], { program: 'kube-sa-token', about, columns: 100 })).toBe(
    `From a kubeconfig to a token.

Usage:
  kube-sa-token COMMAND [flags]

Commands:
  revoke-token   Revoke the token of a Secret and prove that the API server refuses it

"kube-sa-token COMMAND --help" shows the flags and examples of a command.
`,
  );
});

test('flagGroups() and positionalRows() give the rows of the README', () => {
  expect(flagGroups(command).map(({ title, rows }) => [title, rows.length])).toEqual([
    ['Flags', 5],
    ['Common flags', 5],
  ]);
  expect(positionalRows(command)).toEqual([{ usage: 'FORMAT', help: 'What to print' }]);
});
