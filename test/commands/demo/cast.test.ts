import { expect, test } from 'vitest';
import { createCast } from '../../../lib/commands/demo/cast.ts';

test('createCast() writes an asciicast of version 2: a header, then events at growing times', () => {
  const cast = createCast({ command: 'kube-sa-token demo --sandbox', title: 'A tour' });
  cast.add('one\n\u001B[36mtwo\u001B[0m\n');
  const [header, ...events] = cast
    .render()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(header).toEqual({
    version: 2,
    width: 80,
    height: 30,
    duration: 0.54,
    command: 'kube-sa-token demo --sandbox',
    title: 'A tour',
  });
  expect(events).toEqual([
    [0, 'o', '$ kube-sa-token demo --sandbox\r\n'],
    [0.18, 'o', 'one\r\n'],
    [0.22, 'o', '\u001B[36mtwo\u001B[0m\r\n'],
  ]);
});

test('createCast() gives the same text the same times, and stops for no text longer than four seconds', () => {
  const record = () => {
    const cast = createCast({ command: 'x', title: 'x' });
    cast.add('line\n'.repeat(1000));
    cast.add('after\n');
    return cast.render();
  };
  expect(record()).toBe(record());
  const [last] = JSON.parse(record().trimEnd().split('\n').at(-1) ?? '') as [number];
  expect(last).toBeCloseTo(0.18 + 1000 * 0.04 + 4);
});
