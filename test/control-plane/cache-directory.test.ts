import { expect, test } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';

test.for([
  ['linux', {}, '/home/jane/.cache/kube-sa-token'],
  ['darwin', {}, '/home/jane/Library/Caches/kube-sa-token'],
  ['linux', { XDG_CACHE_HOME: '/cache' }, '/cache/kube-sa-token'],
  ['darwin', { XDG_CACHE_HOME: '/cache', KUBE_SA_TOKEN_CACHE_DIR: '/ours' }, '/ours'],
] as const)('cacheDirectory() on %s with %j is %s', ([platform, env, directory]) => {
  expect(cacheDirectory(env, '/home/jane', platform)).toBe(directory);
});
