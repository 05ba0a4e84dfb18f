import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { credentialRows } from './credential-rows.ts';
import { type Difference, differences } from './differences.ts';
import { identityRows } from './identity-rows.ts';
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

describe('call-api takes a certificate for a name where kubectl does, and says as much of one that it does not take:', () => {
  test.for(identityRows.map((row) => [row.name, row] as const))('%s', async ([, row], { kubectl }) => {
    const { ours, said, theirs } = await observe(kubectl, row);
    expect(ours).toEqual(theirs);
    const [, names = '', other] = /certificate is valid for (.*), not (\S+)$/mu.exec(said.theirs) ?? [];
    if (other === undefined) return;
    expect(said.ours).toContain(`not for "${other}" (ERR_TLS_CERT_ALTNAME_INVALID)`);
    for (const name of names.split(/, |\p{Cc}/u)) expect(said.ours).toContain(name);
  });
});

describe('on the wire call-api differs from kubectl on purpose, as the README says:', () => {
  test.for(differences.map((row) => [row.name, row] as const))('%s', async ([, row], { kubectl }) => {
    const { ours, theirs } = await observe(kubectl, row);
    expect(outline(ours)).toEqual(row.ours);
    expect([row.theirs, row.newer ?? row.theirs]).toContainEqual(outline(theirs));
    expect(await readFile('README.md', 'utf8')).toContain(`\n| ${row.readme} `);
  });
});

function outline({ ends, requests }: Observation): Difference['ours'] {
  return { ends, requests: requests.map(({ identity, path }) => [path, ...identity]) };
}
