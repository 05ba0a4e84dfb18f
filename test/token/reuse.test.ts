import { expect, test } from 'vitest';
import { leftOvers, type TokenSecretMetadata } from '../../lib/token/list.ts';
import { candidates } from '../../lib/token/reuse.ts';

const serverTime = Date.parse('2026-11-24T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(serverTime - minutes * 60_000).toISOString();

function secret(
  name: string,
  change: {
    state?: string;
    age?: number;
    uid?: string;
    purpose?: string;
    rotateAfter?: string;
    foreign?: boolean;
  } = {},
): TokenSecretMetadata {
  const { state = 'delivered', age = 60, uid = 'uid-1', purpose, rotateAfter, foreign = false } = change;
  return {
    name,
    uid: `uid-of-${name}`,
    creationTimestamp: minutesAgo(age),
    labels: { ...(foreign ? {} : { 'app.kubernetes.io/managed-by': 'kube-sa-token' }), 'kube-sa-token/state': state },
    annotations: {
      'kubernetes.io/service-account.uid': uid,
      ...(purpose === undefined ? {} : { 'kube-sa-token/purpose': purpose }),
      ...(rotateAfter === undefined ? {} : { 'kube-sa-token/rotate-after': rotateAfter }),
    },
  };
}

const listOf = (...items: TokenSecretMetadata[]) => ({ items, more: false, serverTime });
const account = { namespace: 'ci', name: 'ci-bot', uid: 'uid-1' };
const names = (items: readonly TokenSecretMetadata[]) => items.map(({ name }) => name);

test('candidates() gives the newest first', () => {
  const list = listOf(secret('old', { age: 90 }), secret('new', { age: 5 }), secret('middle', { age: 30 }));
  expect(names(candidates(list, { account, purpose: undefined }))).toEqual(['new', 'middle', 'old']);
});

test.each([
  ['of another uid', secret('x', { uid: 'uid-2' })],
  ['that is not ours', secret('x', { foreign: true })],
  ['with a purpose, where none was asked for', secret('x', { purpose: 'deploy' })],
  ['past its rotate-after', secret('x', { rotateAfter: minutesAgo(1) })],
  ['that a run of a moment ago may be waiting for', secret('x', { state: 'pending', age: 9 })],
])('candidates() leaves out a Secret %s', (_, item) => {
  expect(candidates(listOf(item), { account, purpose: undefined })).toEqual([]);
});

test('candidates() takes a Secret of the purpose asked for, before its rotate-after', () => {
  const item = secret('x', { purpose: 'deploy', rotateAfter: minutesAgo(-1) });
  expect(names(candidates(listOf(item), { account, purpose: 'deploy' }))).toEqual(['x']);
  expect(candidates(listOf(item), { account, purpose: 'other' })).toEqual([]);
});

test('leftOvers() are pending Secrets of ours older than ten minutes by the clock of the server', () => {
  const list = listOf(
    secret('left', { state: 'pending', age: 11 }),
    secret('running', { state: 'pending', age: 9 }),
    secret('delivered', { age: 99 }),
    secret('foreign', { state: 'pending', age: 99, foreign: true }),
  );
  expect(names(leftOvers(list))).toEqual(['left']);
  expect(names(candidates(list, { account, purpose: undefined }))).toEqual(['left', 'delivered']);
});
