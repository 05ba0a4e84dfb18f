import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { credentialRows } from './credential-rows.ts';
import { type Difference, differences } from './differences.ts';
import { type Observation, observe } from './observe.ts';
import { proxyRows } from './proxy-rows.ts';
import { serverRows } from './server-rows.ts';

describe.each([
  ['credential', credentialRows],
  ['server', serverRows],
  ['proxy', proxyRows],
])('on the wire, and in what it refuses, call-api does what kubectl does: %s', (_, rows) => {
  test.for(rows.map((row) => [row.name, row] as const))('%s', async ([, row], { kubectl }) => {
    const { ours, theirs } = await observe(kubectl, row);
    expect(ours).toEqual(theirs);
    if (row.proxy !== undefined) expect(theirs.proxied.length === 0).toBe(row.leavesProxy === true);
  });
});

describe('on the wire call-api differs from kubectl on purpose, as the README says:', () => {
  test.for(differences.map((row) => [row.name, row] as const))('%s', async ([, row], { kubectl }) => {
    const { ours, theirs } = await observe(kubectl, row);
    expect({ ours: outline(ours), theirs: outline(theirs) }).toEqual({ ours: row.ours, theirs: row.theirs });
    expect(await readFile('README.md', 'utf8')).toContain(`\n| ${row.readme} `);
  });
});

function outline({ ends, requests }: Observation): Difference['ours'] {
  return { ends, requests: requests.map(({ identity, path }) => [path, ...identity]) };
}
