import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../lib/model/nearest.ts';

test.each<[name: string, candidates: string[], expected: string | undefined]>([
  ['kind-dve', ['kind-dev', 'prod'], 'kind-dev'],
  ['sotf', ['soft', 'undo', 'secret'], 'soft'],
  ['names', ['name', 'namespace'], 'name'],
  ['namesp', ['namespace', 'nope'], 'namespace'],
  ['PROD', ['dev', 'prod'], 'prod'],
  ['v', ['as', 'q'], undefined],
  ['xyz', ['namespace'], undefined],
  ['staging', ['production', 'development'], undefined],
  ['', ['a'], undefined],
  ['a', [], undefined],
])('nearest(%j, %j) is %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

test('nearest() finds a name of four letters and more again after one typing error', () => {
  const name = fc.stringMatching(/^[a-z-]{4,20}$/u);
  fc.assert(
    fc.property(name, fc.nat(), (text, at) => {
      const place = at % text.length;
      const dropped = text.slice(0, place) + text.slice(place + 1);
      expect(nearest(dropped, [text])).toBe(text);
      expect(nearest(`${text.slice(0, place)}x${text.slice(place)}`, [text])).toBe(text);
    }),
  );
});
