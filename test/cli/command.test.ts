import { expect, expectTypeOf, test } from 'vitest';
import { defineCommand } from '../../lib/cli/command.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { testRuntime } from '../support/runtime.ts';

const command = defineCommand({
  name: 'greet',
  summary: 'Greet somebody',
  examples: [],
  positionals: { whom: { value: 'NAME', required: true, help: 'Whom' } },
  options: {
    times: {
      type: 'string',
      value: 'N',
      default: '1',
      parse: (text) => (/^\d+$/u.test(text) ? Number(text) : undefined),
      help: 'How often',
    },
    tone: { type: 'string', value: 'TONE', choices: ['soft', 'loud'], help: 'Tone' },
  },
  input(flags, { whom }) {
    if (flags.times === 0 && flags.tone === 'loud') {
      throw new UsageError('Cannot use --tone with --times 0: nothing is said', { reason: 'FlagConflict' });
    }
    expectTypeOf(flags.tone).toEqualTypeOf<'soft' | 'loud' | undefined>();
    return { whom, times: flags.times };
  },
  async run({ whom, times }, { stdout }) {
    expectTypeOf(times).toEqualTypeOf<number>();
    await stdout.write(`hello ${whom}\n`.repeat(times));
    return 0;
  },
});

test('defineCommand() makes an Input of arguments, typed by its tables, and runs on it', async () => {
  const invocation = command.parse(['--times', '2', 'Ada']);
  expect(invocation).toEqual({ kind: 'run', input: { whom: 'Ada', times: 2 } });
  const runtime = testRuntime();
  expect(invocation.kind === 'run' && (await command.run(invocation.input, runtime, 'hello'))).toBe(0);
  expect(runtime.stdout.text()).toBe('hello Ada\nhello Ada\n');
});

test('defineCommand() lets input() refuse a combination, but not before --help', () => {
  expect(() => command.parse(['--times=0', '--tone=loud', 'Ada'])).toThrow(UsageError);
  expect(command.parse(['--times=0', '--tone=loud', 'Ada', '-h'])).toEqual({ kind: 'help' });
});
