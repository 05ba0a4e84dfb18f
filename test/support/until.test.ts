import { expect, test } from 'vitest';
import { until } from './until.ts';

test.for([false, '', 0, null, undefined])('until() takes %o for not yet', async (notYet) => {
  const answers = [notYet, notYet, 'there'];
  expect(await until('something', async () => answers.shift())).toBe('there');
  expect(answers).toEqual([]);
});

test('until() names what it waited for in vain', async () => {
  await expect(until('a miracle', async () => '', -1)).rejects.toThrow('Waited in vain for a miracle');
});
