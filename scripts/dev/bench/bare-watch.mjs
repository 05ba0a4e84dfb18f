// A thread that watches the Secrets of one namespace with node:https alone, and tells when a token came into which.
/* oxlint-disable unicorn/require-post-message-target-origin -- that of a window; this is a thread's */
import { request } from 'node:https';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ url: string, ca: string, cert: string, key: string }} */
const { url, ...tls } = workerData;
let rest = '';

request(url, tls, (response) => {
  parentPort?.postMessage({ status: response.statusCode });
  response.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
    const at = performance.timeOrigin + performance.now();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { type, object } = JSON.parse(line);
      if (type !== 'DELETED' && object.data?.token !== undefined) {
        parentPort?.postMessage({ name: object.metadata.name, at });
      }
    }
  });
}).end();
