#!/usr/bin/env node
// Compares view-config with kubectl on generated kubeconfigs: `npm run fuzz:kubeconfig -- 10000`.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { importTypeScript } from './import-typescript.mjs';

const usage = `usage: npm run fuzz:kubeconfig -- [CASES] [--seed N] [--path PATH]
  CASES    How many (10000)
  --seed   Of an earlier run: the same cases again. If unset, another one each time
  --path   With --seed: where that run had found a difference
`;

/** @param {string} line */
const report = (line) => process.stderr.write(`${line}\n`);

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, path: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const cases = Number(positionals[0] ?? 10_000);
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  if (values.help) {
    process.stdout.write(usage);
  } else if (positionals.length > 1 || !Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
    process.stderr.write(usage);
    process.exitCode = 2;
  } else {
    report(`${cases} cases, --seed ${seed}`);
    const { buildControlPlane } = await importTypeScript('../../test/control-plane/build.ts', import.meta.url);
    const { fuzzKubeconfig } = await importTypeScript('../../test/kubeconfig/fuzz.ts', import.meta.url);
    const program = await buildControlPlane({ report });
    const path = values.path === undefined ? {} : { path: values.path };
    const verdicts = await fuzzKubeconfig({ path: program, batch: program }, { cases, seed, ...path, report });
    process.stdout.write(
      `${cases} cases, 0 differences: ${verdicts.shown} shown alike, ${verdicts.refused} refused alike, ${verdicts['not compared']} not compared\n`,
    );
  }
} catch (error) {
  report(`error: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.cause instanceof Error) report(error.cause.message);
  process.exitCode = 1;
}
