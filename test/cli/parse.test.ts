import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { defineOptions, type ValuesOf } from '../../lib/cli/options.ts';
import { parseArguments } from '../../lib/cli/parse.ts';
import { KubeSaTokenError, UsageError } from '../../lib/model/errors.ts';
import { parseDuration } from '../../lib/system/duration.ts';

const options = defineOptions({
  namespace: { type: 'string', short: 'n', value: 'NS', help: 'Namespace' },
  secret: { type: 'string', value: 'NAME', help: 'Name of the token Secret' },
  roleScope: { type: 'string', value: 'SCOPE', choices: ['namespace', 'cluster'], default: 'namespace', help: 'Scope' },
  waitTimeout: {
    type: 'string',
    value: 'DURATION',
    parse: parseDuration,
    expects: 'a duration such as 30s',
    default: '30s',
    help: 'How long',
  },
  asGroup: { type: 'string', value: 'GROUP', multiple: true, help: 'May be repeated' },
  data: { type: 'string', value: 'TEXT', empty: true, help: 'Body' },
  quiet: { type: 'boolean', short: 'q', help: 'Quiet' },
  yes: { type: 'boolean', short: 'y', help: 'Yes' },
});
const positionals = {
  method: { value: 'METHOD', help: 'Method' },
  path: { value: 'PATH', required: true, help: 'Path' },
} as const;

function parse(...args: string[]) {
  const parsed = parseArguments({ command: 'call-api', options, positionals: {} }, args);
  if (parsed.kind !== 'run') throw new Error(parsed.kind);
  return parsed.flags;
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError)
      return [error.message, ...(error.hint === undefined ? [] : [error.hint])].join(' | ');
    throw error;
  }
  throw new Error('nothing was refused');
}

test('ValuesOf types each flag as its row declares it', () => {
  expectTypeOf<ValuesOf<typeof options>>().toEqualTypeOf<{
    readonly namespace: string | undefined;
    readonly secret: string | undefined;
    readonly roleScope: 'namespace' | 'cluster';
    readonly waitTimeout: number;
    readonly asGroup: readonly string[];
    readonly data: string | undefined;
    readonly quiet: boolean;
    readonly yes: boolean;
  }>();
  expectTypeOf<ValuesOf<typeof positionals>>().toEqualTypeOf<{
    readonly method: string | undefined;
    readonly path: string;
  }>();
  // @ts-expect-error a flag that no row declares does not compile
  expect(parse().sotf).toBeUndefined();
});

test('parseArguments() gives defaults where nothing is given', () => {
  expect(parse()).toEqual({
    namespace: undefined,
    secret: undefined,
    roleScope: 'namespace',
    waitTimeout: 30_000,
    asGroup: [],
    data: undefined,
    quiet: false,
    yes: false,
  });
});

describe('parseArguments() reads', () => {
  test.each<[args: string[], flags: Partial<ValuesOf<typeof options>>]>([
    [['--namespace', 'ci'], { namespace: 'ci' }],
    [['--namespace=ci'], { namespace: 'ci' }],
    [['-n', 'ci'], { namespace: 'ci' }],
    [['-nci'], { namespace: 'ci' }],
    [['-n=ci'], { namespace: 'ci' }],
    [['--namespace==ci'], { namespace: '=ci' }],
    [['--namespace', '007'], { namespace: '007' }],
    [['--namespace', '1e3'], { namespace: '1e3' }],
    [['--namespace', '0x10'], { namespace: '0x10' }],
    [['--namespace', 'true'], { namespace: 'true' }],
    [['--namespace', '-x'], { namespace: '-x' }],
    [['--namespace', '--quiet'], { namespace: '--quiet', quiet: false }],
    [['--namespace', '--'], { namespace: '--' }],
    [['--secret', 'a', '--secret', 'b'], { secret: 'b' }],
    [['--as-group', 'a', '--as-group=b'], { asGroup: ['a', 'b'] }],
    [['--wait-timeout', '1h30m'], { waitTimeout: 5_400_000 }],
    [['--wait-timeout=0'], { waitTimeout: 0 }],
    [['--role-scope', 'cluster'], { roleScope: 'cluster' }],
    [['--data='], { data: '' }],
    [['--data', ''], { data: '' }],
    [['-q'], { quiet: true }],
    [['-qy'], { quiet: true, yes: true }],
    [['-qnci'], { quiet: true, namespace: 'ci' }],
    [['--quiet=true'], { quiet: true }],
    [['--quiet=F'], { quiet: false }],
    [['-q=false'], { quiet: false }],
    [['-q', '--quiet=false'], { quiet: false }],
  ])('%j', (args, flags) => {
    expect(parse(...args)).toMatchObject(flags);
  });
});

describe('parseArguments() refuses', () => {
  test.each<[args: string[], message: string]>([
    [['--sercet', 'x'], 'Cannot use --sercet: call-api has no such flag | Did you mean --secret?'],
    [['--sercet=x'], 'Cannot use --sercet: call-api has no such flag | Did you mean --secret?'],
    [['--names', 'x'], 'Cannot use --names: call-api has no such flag | Did you mean --namespace?'],
    [['--zzzzzzzz'], 'Cannot use --zzzzzzzz: call-api has no such flag | call-api --help lists its flags'],
    [['--unfinishd'], 'Cannot use --unfinishd: call-api has no such flag | call-api --help lists its flags'],
    [['--no-quiet'], 'Cannot use --no-quiet: call-api has no such flag | Did you mean --quiet?'],
    [['-x'], 'Cannot use -x: call-api has no such flag | call-api --help lists its flags'],
    [['-qx'], 'Cannot use -x: call-api has no such flag | call-api --help lists its flags'],
    [['--waitTimeout=1s'], 'Cannot use --waitTimeout: call-api has no such flag | Did you mean --wait-timeout?'],
    [['--secret'], 'Cannot use --secret: its value is missing (--secret NAME)'],
    [['-n'], 'Cannot use --namespace: its value is missing (--namespace NS)'],
    [['--secret='], 'Cannot use --secret "": the value is empty'],
    [['-n', ''], 'Cannot use --namespace "": the value is empty'],
    [
      ['--role-scope', 'clutser'],
      'Cannot use --role-scope "clutser": it is one of namespace, cluster | Did you mean cluster?',
    ],
    [['--wait-timeout', '5'], 'Cannot use --wait-timeout "5": it takes a duration such as 30s'],
    [['--quiet=maybe'], 'Cannot use --quiet="maybe": it is either true or false'],
    [['x'], 'Cannot use argument "x": call-api takes no arguments besides its flags'],
    [['--', '--quiet'], 'Cannot use argument "--quiet": call-api takes no arguments besides its flags'],
  ])('%j', (args, message) => {
    expect(refusal(() => parse(...args))).toBe(message);
  });

  test('a missing required flag, naming it with its value', () => {
    const table = defineOptions({ secret: { type: 'string', value: 'NAME', required: true, help: '' } });
    expect(refusal(() => parseArguments({ command: 'revoke-token', options: table, positionals: {} }, []))).toBe(
      'Cannot run revoke-token: --secret NAME is missing',
    );
  });
});

describe('parseArguments() asked for help', () => {
  test.each([[['--help']], [['-h']], [['--nonsense', '--help']], [['-qh']], [['--version', '-h']]])('%j', (args) => {
    expect(parseArguments({ command: 'x', options, positionals }, args)).toEqual({ kind: 'help' });
  });

  test('is not meant where --help is the value of a flag', () => {
    expect(parse('--secret', '--help').secret).toBe('--help');
  });

  test('answers --version likewise', () => {
    expect(parseArguments({ command: 'x', options, positionals }, ['--version'])).toEqual({ kind: 'version' });
  });
});

describe('parseArguments() deals positionals out', () => {
  const place = (...args: string[]) => {
    const parsed = parseArguments({ command: 'call-api', options: {}, positionals }, args);
    return parsed.kind === 'run' ? parsed.positionals : parsed;
  };

  test.each([
    [['/api'], { method: undefined, path: '/api' }],
    [['POST', '/api'], { method: 'POST', path: '/api' }],
    [['--', '-x'], { method: undefined, path: '-x' }],
  ])('%j', (args, expected) => {
    expect(place(...args)).toEqual(expected);
  });

  test.each([
    [[], 'Cannot run call-api: PATH is missing'],
    [['GET', '/api', 'x'], 'Cannot use argument "x": call-api takes only [METHOD] PATH'],
  ])('%j is refused', (args, message) => {
    expect(refusal(() => place(...args))).toBe(message);
  });

  test('to the one that may be repeated, the rest', () => {
    const many = {
      first: { value: 'A', required: true, help: '' },
      rest: { value: 'B', multiple: true, help: '' },
    } as const;
    const parsed = parseArguments({ command: 'x', options: {}, positionals: many }, ['1', '2', '3']);
    expect(parsed).toMatchObject({ positionals: { first: '1', rest: ['2', '3'] } });
  });
});

test('parseArguments() keeps every text as it is, in every notation', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      expect(parse('--secret', text).secret).toBe(text);
      expect(parse(`--secret=${text}`).secret).toBe(text);
      expect(parse('-n', text).namespace).toBe(text);
      expect(parse(`-n=${text}`).namespace).toBe(text);
      expect(parse('--as-group', text, '--as-group', text).asGroup).toEqual([text, text]);
    }),
  );
});

test('parseArguments() answers any arguments with values or a UsageError', () => {
  const argument = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '-q',
      '--quiet',
      '-n',
      '--secret',
      '--',
      '-',
      '--role-scope',
      '--wait-timeout=1s',
      '-q=',
      '--=',
      '-=',
    ),
  );
  fc.assert(
    fc.property(fc.array(argument), (args) => {
      try {
        parseArguments({ command: 'x', options, positionals }, args);
      } catch (error) {
        expect(error).toBeInstanceOf(KubeSaTokenError);
      }
    }),
  );
});
