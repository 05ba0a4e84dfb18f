#!/usr/bin/env node
// Writes lib/sandbox/discovery/openapi-schemas.json from the cluster of $KUBECONFIG: `npm run control-plane` starts one.
// test/contract/openapi.cluster.test.ts fails where the file is not what the control plane has.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';

const { described } = await importTypeScript('../../lib/sandbox/discovery/discovery.ts', import.meta.url);
const { documentNames, schemasFor } = await importTypeScript('../../lib/sandbox/discovery/openapi.ts', import.meta.url);

/** @type {Record<string, unknown>} */
const all = {};
for (const name of documentNames) {
  const text = execFileSync('kubectl', ['get', '--raw', `/openapi/v3/${name}`], { maxBuffer: 1 << 28 }).toString();
  Object.assign(all, schemasFor(name, JSON.parse(text).components.schemas));
}
const sorted = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const file = fileURLToPath(new URL('../../lib/sandbox/discovery/openapi-schemas.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
process.stderr.write(`${file}: ${Object.keys(sorted).length} types of ${described.length} resources\n`);
