#!/usr/bin/env node
// Compares view-config with kubectl on generated kubeconfigs, or gives it damaged ones: `npm run fuzz:kubeconfig -- 10000`.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { importTypeScript } from './import-typescript.mjs';

const usage = `usage: npm run fuzz:kubeconfig -- [CASES] [--damaged] [--seed N] [--path PATH]
  CASES    How many (10000)
  --damaged  Damaged files, without kubectl: shown or refused, but no crash
  --seed   Of an earlier run: the same cases again. If unset, another one each time
  --path   With --seed: where that run had found a difference
`;

/** @param {string} line */
const report = (line) => process.stderr.write(`${line}\n`);

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      damaged: { type: 'boolean' },
      seed: { type: 'string' },
      path: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
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
    const path = values.path === undefined ? {} : { path: values.path };
    process.stdout.write(
      values.damaged
        ? await damage({ numRuns: cases, seed, ...path })
        : await compare({ cases, seed, ...path, report }),
    );
  }
} catch (error) {
  report(`error: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.cause instanceof Error) report(error.cause.message);
  process.exitCode = 1;
}

/** @param {{ numRuns: number; seed: number; path?: string }} parameters */
async function damage(parameters) {
  const { tryMutatedKubeconfigs } = await importTypeScript('../../test/kubeconfig/mutated.ts', import.meta.url);
  await tryMutatedKubeconfigs(parameters);
  return `${parameters.numRuns} damaged kubeconfigs, no crash\n`;
}

/** @param {{ cases: number; seed: number; path?: string; report: (line: string) => void }} options */
async function compare(options) {
  const { buildControlPlane } = await importTypeScript('../../test/control-plane/build.ts', import.meta.url);
  const { fuzzKubeconfig } = await importTypeScript('../../test/kubeconfig/fuzz.ts', import.meta.url);
  const program = await buildControlPlane({ report: options.report });
  const verdicts = await fuzzKubeconfig({ path: program, batch: program }, options);
  return `${options.cases} cases, 0 differences: ${verdicts.shown} shown alike, ${verdicts['shown in other letters']} in YAML of other letters, ${verdicts.refused} refused alike, ${verdicts['not compared']} not compared\n`;
}
