import { described } from './discovery.ts';
import { healthPaths } from './health-checks.ts';

/** What `/` lists. */
export const paths: readonly string[] = [
  '/.well-known/openid-configuration',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/',
  ...[...new Set(described.map(({ group }) => group))]
    .filter((group) => group !== '')
    .toSorted()
    .flatMap((group) => [`/apis/${group}`, `/apis/${group}/v1`]),
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/version',
  ...healthPaths,
].toSorted();
