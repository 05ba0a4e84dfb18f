// How much later than a bare watch the wait of the main job knows that its Secret holds a token.
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { median } from './pairs.mjs';

/**
 * @param {import('../../../test/control-plane/start.ts').ControlPlane} plane
 * @param {{ rounds: number, namespace: string }} options
 * @returns {Promise<{ overheadMs: number, waitedMs: number }>} Medians.
 */
export async function measureWait(plane, { rounds, namespace }) {
  /** @type {typeof import('../../../lib/index.ts')} */
  const { bootstrap, connectWithKubeconfig } = await import(new URL('../../../dist/index.js', import.meta.url).href);
  /** @type {Map<string, number>} */
  const seen = new Map();
  const watch = new Worker(new URL('bare-watch.mjs', import.meta.url), {
    workerData: {
      url: `${plane.server}/api/v1/namespaces/${namespace}/secrets?watch=1`,
      ca: plane.caPem,
      cert: plane.adminCertificate.certPem,
      key: plane.adminCertificate.keyPem,
    },
  });
  const opened = new Promise((resolve, reject) => {
    watch.on('message', ({ name, at, status }) => {
      if (name === undefined) (status === 200 ? resolve : reject)(new Error(`The watch was answered with ${status}`));
      else if (!seen.has(name)) seen.set(name, at);
    });
    watch.on('error', reject);
  });
  const connection = await connectWithKubeconfig({ kubeconfig: plane.kubeconfig });
  try {
    await opened;
    const overheads = [];
    const waits = [];
    for (let round = 0; round <= rounds; round += 1) {
      let filled = Number.NaN;
      const { secret, waitedMs } = await bootstrap(connection, {
        serviceAccount: 'default',
        namespace,
        onStep: ({ step }) => {
          if (step === 'filled') filled = performance.timeOrigin + performance.now();
        },
      });
      const first = seen.get(secret?.name ?? '');
      if (first === undefined) throw new Error('The bare watch has not seen the token yet that bootstrap() holds');
      if (round === 0) continue; // the first one loads modules and makes the connection
      overheads.push(filled - first);
      waits.push(waitedMs ?? Number.NaN);
    }
    return { overheadMs: median(overheads), waitedMs: median(waits) };
  } finally {
    connection.close();
    await watch.terminate();
  }
}
