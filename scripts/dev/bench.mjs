#!/usr/bin/env node
// How fast the commands are, as ratios to kubectl and to the documentation's recipe. `npm run bench [-- --rounds N]`.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nodeRelease } from './bench/node-releases.mjs';
import { comparePrograms } from './bench/pairs.mjs';
import { measureSandboxStart } from './bench/sandbox-start.mjs';
import { measureWait } from './bench/wait-overhead.mjs';
import { importTypeScript } from './import-typescript.mjs';

const majors = [20, 22, 24];
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);
const script = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}.mjs`, import.meta.url));

/**
 * @typedef {object} Comparison
 * @property {string} what
 * @property {string} against
 * @property {{ node20: number, later: number }} aim Ratios that we want to stay below, by release of Node.
 * @property {readonly string[]} ours Arguments for node.
 * @property {() => import('./bench/pairs.mjs').Program} theirs
 */

/**
 * @param {Readonly<Record<'kubectl' | 'people' | 'az', string>>} files Kubeconfigs of 5,000 contexts, by whose hand
 * @returns {readonly Comparison[]}
 */
function comparisons({ kubectl, people, az }) {
  return [
    {
      what: 'bootstrap-token, verified',
      against: "the documentation's recipe",
      aim: { node20: 1, later: 0.6 },
      ours: [script('bootstrap-token')],
      theirs: () => ({
        command: 'bash',
        args: [fileURLToPath(new URL('bench/recipe.sh', import.meta.url))],
        env: { ...process.env, NAME: `recipe-${randomBytes(5).toString('hex')}` },
      }),
    },
    {
      what: 'bootstrap-token, verified',
      against: 'kubectl create token; auth whoami',
      aim: { node20: 1.4, later: 1 },
      ours: [script('bootstrap-token')],
      theirs: () => ({
        command: 'bash',
        args: ['-euc', 'token=$(kubectl create token default); kubectl auth whoami --token="$token"'],
      }),
    },
    {
      what: 'bootstrap-token --help',
      against: 'kubectl version --client',
      aim: { node20: 0.9, later: 0.8 },
      ours: [script('bootstrap-token'), '--help'],
      theirs: () => ({ command: 'kubectl', args: ['version', '--client'] }),
    },
    {
      what: 'list-clusters, 5,000 contexts',
      against: 'kubectl config view',
      aim: { node20: 1, later: 1 },
      ours: [script('list-clusters'), '--kubeconfig', kubectl],
      theirs: () => ({ command: 'kubectl', args: ['config', 'view', '--kubeconfig', kubectl] }),
    },
    {
      what: '… as AKS and people write them',
      against: 'kubectl config get-contexts',
      aim: { node20: 1, later: 1 },
      ours: [script('list-clusters'), '--contexts-only', '-o', 'name', '--kubeconfig', people],
      theirs: () => ({ command: 'kubectl', args: ['config', 'get-contexts', '-o', 'name', '--kubeconfig', people] }),
    },
    {
      what: '… as az merges those of AKS',
      against: 'kubectl config view',
      aim: { node20: 1, later: 1 },
      ours: [script('list-clusters'), '--kubeconfig', az],
      theirs: () => ({ command: 'kubectl', args: ['config', 'view', '--kubeconfig', az] }),
    },
  ];
}

async function main() {
  delete process.env['NODE_EXTRA_CA_CERTS']; // Node 20 reads it at every start: 38 ms that are not ours
  const nodes = await Promise.all(majors.map(async (major) => ({ major, command: await nodeRelease(major) })));
  /** @type {typeof import('../../test/control-plane/start.ts')} */
  const { startControlPlane } = await importTypeScript('../../test/control-plane/start.ts', import.meta.url);
  /** @type {typeof import('../../test/support/large-kubeconfig.ts')} */
  const { largeKubeconfig } = await importTypeScript('../../test/support/large-kubeconfig.ts', import.meta.url);
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const plane = await startControlPlane({ report: say });
  process.env['KUBECONFIG'] = plane.kubeconfig;
  const view = execFileSync('kubectl', ['config', 'view', '-o', 'json'], { encoding: 'utf8' });
  process.env['CLUSTER_NAME'] = JSON.parse(view).clusters[0].name;
  try {
    const files = { kubectl: join(directory, 'kubectl'), people: join(directory, 'people'), az: join(directory, 'az') };
    for (const hand of /** @type {const} */ (['kubectl', 'people', 'az'])) {
      writeFileSync(files[hand], largeKubeconfig({ hand }), { mode: 0o600 });
    }
    row(['command', 'against', 'Node', 'ms', 'ms', 'ratio', 'aim']);
    for (const { what, against, aim, ours, theirs } of comparisons(files)) {
      for (const { major, command } of nodes) {
        const measured = await comparePrograms(() => ({ command, args: ours }), theirs, rounds);
        const ms = [measured.ours, measured.theirs].map((value) => value.toFixed(0));
        const limit = major === 20 ? aim.node20 : aim.later;
        row([what, against, String(major), ...ms, measured.ratio.toFixed(2), `≤ ${limit.toFixed(1)}`]);
      }
    }
    for (const { major, command } of nodes) {
      const { ms, rss } = await measureSandboxStart({ node: command, rounds });
      const megabytes = `${(rss / 1e6).toFixed(0)} MB`;
      row([
        'startSandbox()',
        '(from its import to accepting)',
        String(major),
        ms.toFixed(0),
        '',
        megabytes,
        '≤ 150 ms, 80 MB',
      ]);
    }
    const { overheadMs, waitedMs } = await measureWait(plane, { rounds: 4 * rounds, namespace: 'default' });
    const node = process.versions.node.split('.', 1);
    row([
      'wait for the token',
      'a bare watch',
      ...node,
      waitedMs.toFixed(1),
      '',
      `+${overheadMs.toFixed(1)} ms`,
      '≤ 2 ms',
    ]);
  } finally {
    await plane.stop();
    rmSync(directory, { recursive: true });
  }
}

/** @param {readonly string[]} cells */
function row(cells) {
  const widths = [30, 33, 4, 5, 5, 7, 6];
  const padded = cells.map((cell, column) =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
  );
  process.stdout.write(`${padded.join('  ').trimEnd()}\n`);
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}

await main();
