#!/usr/bin/env node
// Runs a control plane for a person until Ctrl-C. `npm run control-plane`; only the line to paste goes to stdout.
import { parseArgs } from 'node:util';
import { importTypeScript } from './import-typescript.mjs';

const usage = `usage: npm run control-plane -- [--ecdsa] [--no-controllers]
  --ecdsa            Sign ServiceAccount tokens with ES256 instead of RS256
  --no-controllers   No controller manager: token Secrets stay empty
`;

/** @param {string} line */
const report = (line) => process.stderr.write(`${line}\n`);

const values = parse();
if (values === undefined) {
  process.exitCode = 2;
} else if (values.help) {
  process.stdout.write(usage);
} else {
  const ending = new AbortController();
  const ended = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => {
        ending.abort(new Error(`Interrupted by ${signal}`));
        resolve(undefined);
      });
    }
  });
  // npm passes no signal on: when it is gone, nobody can end this with Ctrl-C any more.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent || ending.signal.aborted) return;
    report('control plane: what started it is gone, so it ends');
    process.kill(process.pid, 'SIGTERM');
  }, 1000).unref();
  const { startControlPlane } = await importTypeScript('../../test/control-plane/start.ts', import.meta.url);
  try {
    const plane = await startControlPlane({
      signingKey: values.ecdsa ? 'ES256' : 'RS256',
      controllerManager: !values['no-controllers'],
      signal: ending.signal,
      report,
    });
    process.stdout.write(`export KUBECONFIG=${plane.kubeconfig}\n`);
    report(`control plane: ${plane.server} is ready; Ctrl-C ends it and removes its files`);
    await ended;
    await plane.stop();
  } catch (error) {
    report(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function parse() {
  try {
    return parseArgs({
      options: {
        ecdsa: { type: 'boolean' },
        'no-controllers': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const [why = ''] = /** @type {Error} */ (error).message.split('. ', 1);
    report(`error: ${why.replaceAll("'", '"')}. Run: npm run control-plane -- --help`);
    return undefined;
  }
}
