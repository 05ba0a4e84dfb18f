import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const yaml = { contentType: 'application/yaml' };
const odd = (field: string) => `{"metadata":{"name":"x"},${JSON.stringify(field)}:1}`;

describe('a JSON body', () => {
  behaviour('that is none is refused, and it is said where', async ({ send, path }) => {
    const ended = ['', ' ', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '[', '[1', '[1,', '{"a":"x'];
    const misplaced = [
      '{"a":1,}',
      "{'a':1}",
      '{a:1}',
      '{"a" 1}',
      '{"a":1}x',
      '{"a":1} {',
      '{"a":1 "b":2}',
      '[1,]',
      '[}',
    ];
    const scalars = [
      '{"a":01}',
      '{"a":+1}',
      '{"a":.5}',
      '{"a":1.}',
      '{"a":1e}',
      '{"a":tru}',
      '{"a":nul}',
      'hello',
      '-',
    ];
    const strings = ['{"a":"\t"}', String.raw`{"a":"\x"}`, String.raw`{"a":"\u12"}`, '\u{FEFF}{}', '{"a":é}'];
    const long = `${JSON.stringify({ metadata: { name: 'x' } })}, and some more that is not shown`;
    for (const body of [...ended, ...misplaced, ...scalars, ...strings, long]) {
      expect((await send('POST', path('configmaps'), body)).status).toBe(400);
    }
  });

  behaviour('says in text what it is, or nothing of it', async ({ send, path }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    const metadata = { name: 'x' };
    for (const kind of [{ apiVersion: 5 }, { kind: 5 }, { kind: {} }, { apiVersion: 'a/b/c' }]) {
      expect((await send('POST', at, { ...kind, metadata })).status).toBe(400);
    }
    for (const kind of [{ apiVersion: null, kind: null }, { apiVersion: '', kind: '' }, { apiVersion: '/v1' }]) {
      expect((await send('POST', at, { ...kind, metadata })).status).toBe(201);
    }
  });

  behaviour('has whole numbers without a point, and not too many digits', async ({ send, path }) => {
    const numbered = (generation: string) => `{"metadata":{"name":"x","generation":${generation}}}`;
    const at = `${path('configmaps')}?dryRun=All`;
    for (const number of ['1e2', '1.0', '1.5', '9223372036854775808', '99999999999999999999', '"1"', 'true']) {
      expect((await send('POST', at, numbered(number))).status).toBe(400);
    }
    for (const number of ['5', '-5', '-0', 'null']) await send('POST', at, numbered(number));
  });

  behaviour('has times in the one form that there is', async ({ send, path, namespace }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    const wrong = [
      'nope',
      '',
      '2020',
      '2020-01-01',
      '2020-01-01T00:00:00',
      '2020-01-01 00:00:00Z',
      '2020-01-01t00:00:00z',
      '2020-13-01T00:00:00Z',
      '2020-01-32T00:00:00Z',
      '2020-02-30T00:00:00Z',
      '2020-01-01T25:00:00Z',
      '2020-01-01T00:60:00Z',
      '2020-01-01T00:00:60Z',
      '2020-01-01T00:00:00Zx',
      '2020-1-01T00:00:00Z',
      'x"y',
    ];
    for (const creationTimestamp of [...wrong, 5, true, {}]) {
      await send('POST', at, { metadata: { name: 'x', creationTimestamp } });
    }
    await send('POST', at, { metadata: { name: 'x', deletionTimestamp: 'nope' } });
    const involvedObject = { kind: 'Pod', name: 'x', namespace };
    for (const time of ['2020-01-01T02:00:00+02:00', '2020-01-01T00:00:00.75Z', '2020-01-01T00:00:00,5Z']) {
      const event = { metadata: { name: 'x' }, involvedObject, firstTimestamp: time };
      expect((await send('POST', `${path('events')}?dryRun=All`, event)).status).toBe(201);
    }
  });

  behaviour('with what is no character is read all the same', async ({ send, path }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    await send('POST', at, String.raw`{"metadata":{"name":"x"},"data":{"a":"\ud800","b":"\u0000é"}}`);
  });

  behaviour('with objects that come twice makes one of them', async ({ send, path }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    const { body } = await send('POST', at, '{"metadata":{"name":"x"},"data":{"a":"1"},"data":{"b":"2"}}');
    expect(body.data).toEqual({ a: '1', b: '2' });
    await send('POST', at, '{"metadata":{"name":"x","labels":{"a":"1"}},"metadata":{"name":"y","labels":{"a":"2"}}}');
  });

  behaviour('with fields that are called as in JavaScript is as any other', async ({ send, path }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    await send('POST', at, '{"metadata":{"name":"x"},"data":{"__proto__":"1","constructor":"2"},"constructor":{}}');
    await send('POST', at, '{"metadata":{"name":"x"},"__proto__":{"data":{"a":"1"}}}');
  });
});

describe('a Warning header', () => {
  const said = (headers: Readonly<Record<string, readonly string[] | undefined>>) =>
    (headers['warning'] ?? []).map((value) => Buffer.from(value, 'latin1').toString());

  behaviour('is UTF-8, whatever the language', async ({ send, path }) => {
    for (const field of ['метка', 'é', '標籤', '😀']) {
      const { headers, status } = await send('POST', `${path('configmaps')}?dryRun=All`, odd(field));
      expect([status, said(headers)]).toEqual([201, [String.raw`299 - "unknown field \"${field}\""`]]);
    }
  });

  behaviour('shows what cannot be seen by its number', async ({ send, path }) => {
    const fields = [
      'a\nb',
      '\t\r\b\f\v\u0007',
      '\u0000\u0001\u007F',
      '\u0085\u00A0\u200B\u2028\uFEFF\u00AD',
      '\u{E0001}',
    ];
    for (const field of [...fields, 'a"b\\c', '<&>', '']) {
      await send('POST', `${path('configmaps')}?dryRun=All`, odd(field));
      await send('POST', `${path('configmaps')}?dryRun=All&fieldValidation=Strict`, odd(field));
    }
  });

  behaviour('is cut where all of them are too long', async ({ send, path }) => {
    const many = (count: number, name: string) => {
      const fields = Array.from({ length: count }, (_, index) => [`${name}${index}`, 1] as const);
      return { metadata: { name: 'x' }, ...Object.fromEntries(fields) };
    };
    for (const body of [many(1, 'x'.repeat(5000)), many(30, 'x'.repeat(300)), many(60, 'ж'.repeat(60))]) {
      await send('POST', `${path('configmaps')}?dryRun=All`, body);
    }
  });
});

describe('a YAML body', () => {
  const of = (rest: string) => `metadata: {name: x}\n${rest}\n`;

  behaviour('of several documents is the first', async ({ send, path }) => {
    const first = 'metadata: {name: x}\n';
    for (const text of [`${first}---\nmetadata: {name: y}\n`, `---\n${first}---\na: [`, `${first}...\na: [`]) {
      const { body, status } = await send('POST', `${path('configmaps')}?dryRun=All`, text, yaml);
      expect([status, body.metadata.name]).toEqual([201, 'x']);
    }
  });

  behaviour('that is none is refused, and it is said why', async ({ send, path }) => {
    const open = ['a: [', 'a: {', '{', '[', '{a: 1', '[1, 2', '{a: {}', 'a: "', "a: '", 'a: ]', 'a: [,]', 'a: [b,,c]'];
    const characters = ['\t- x', 'a:\n\t- b', 'a: @b', 'a: `b', 'a: %b', 'a: ,', 'a: "\\q"', 'a: \u0001'];
    const shapes = ['a: b: c', 'a: |\n  x\n y: 1', 'a:\n  - b\n c: d', '- a\nb: c', 'a: b\n- c', 'a: -', 'a: |x'];
    const names = ['a: &a [*a]', 'a: &a {b: &b {c: *a}}', 'a: *b', 'a: &', 'a: *', 'a: !!', '%YAML 1.2\n---\na: b'];
    const keys = ['[a]: b', '{a: b}: c', '~: a'];
    for (const text of [...open, ...characters, ...shapes, ...names, ...keys]) {
      expect((await send('POST', path('configmaps'), text, yaml)).status).toBe(400);
    }
  });

  behaviour('that is wrong in rarer ways is refused, too', async ({ send, path }) => {
    for (const text of ['...\n', '&a: b', 'a: !', 'a: "b" c', 'a: b\n  c: d']) {
      await send('POST', path('configmaps'), text, yaml);
    }
  });

  behaviour('that is no object is refused', async ({ send, path }) => {
    for (const text of ['hello', '5', 'true', '[]', '- a', '"x"', 'apiVersion: 5', 'kind: [a]', 'apiVersion: a/b/c']) {
      expect((await send('POST', path('configmaps'), text, yaml)).status).toBe(400);
    }
    for (const text of ['', '~', '# nothing', '---\n']) await send('POST', path('configmaps'), text, yaml);
  });

  behaviour('is YAML 1.1', async ({ send, path }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    for (const word of ['yes', 'On', 'y', 'TRUE', 'no', 'off', 'N', 'false', '~', '"yes"', 'yess']) {
      await send('POST', at, of(`immutable: ${word}`), yaml);
      await send('POST', at, of(`data: {a: ${word}}`), yaml);
    }
    for (const number of ['1e2', '0x10', '010', '0o10', '0b11', '1_000', '+5', '1.0', '1:30', '.inf', '.nan']) {
      await send('POST', at, `metadata: {name: x, generation: ${number}}`, yaml);
    }
    const big = '99999999999999999999';
    await send('POST', at, `metadata: {name: x, generation: ${big}}`, yaml);
  });

  behaviour('has tags, anchors, merges, dates and keys that are no texts', async ({ send, path }) => {
    const at = `${path('configmaps')}?dryRun=All`;
    for (const text of [
      of('data: {a: !!binary aGk=, b: !!str 5, c: !own 5}'),
      of('data: {a: !!int "5"}'),
      of('data: {1: "x", true: "y", 1.5: "z"}'),
      of('data: {a: 2020-01-01, b: 2020-01-01T00:00:00Z}'),
      'metadata: &m {name: x}\nodd: *m',
      'metadata:\n  <<: {name: x}\n  namespace: ""\n',
      'metadata:\n  <<: [{name: x}, {generation: 5}]\n',
      of('data:\n  a: |\n    x\n    y\n  b: >\n    x\n    y'),
      '{"metadata":{"name":"x"}}\n{"metadata":{"name":"y"}}',
    ]) {
      await send('POST', at, text, yaml);
    }
  });

  behaviour('is told of keys that come twice, and of fields that there are not', async ({ send, path }) => {
    for (const text of [
      'metadata: {name: y}\nmetadata: {name: x}\n',
      of('data:\n  a: "1"\n  a: "2"\nimmutable: true\nimmutable: false'),
      of('data: {a: "1"}\ndata: {b: "2"}\nzodd: 1\nodd: 1'),
    ]) {
      for (const validation of ['Warn', 'Strict', 'Ignore']) {
        await send('POST', `${path('configmaps')}?dryRun=All&fieldValidation=${validation}`, text, yaml);
      }
    }
  });
});
