import { expect, test } from 'vitest';
import { refuseTwoStdin } from '../../lib/cli/one-stdin.ts';
import { UsageError } from '../../lib/model/errors.ts';

test('refuseTwoStdin() lets one flag read stdin', () => {
  expect(() => refuseTwoStdin({ '--token-file': '-', '--data': 'x', '--other': undefined })).not.toThrow();
});

test('refuseTwoStdin() names the flags that would both read it', () => {
  expect(() => refuseTwoStdin({ '--token-file': '-', '--data': '-' })).toThrow(
    new UsageError('Cannot read stdin twice: --token-file and --data both name it ("-")', {
      reason: 'StdinTwice',
      hint: 'Give one of them a file',
    }),
  );
});
