import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readServer } from '../../lib/kubeconfig/server.ts';
import { proxyVariable } from '../../lib/transport/proxy.ts';
import { GoMissingError, runGo } from '../control-plane/go.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const names = [
  'api.test',
  'a.api.test',
  'test',
  'Api.Test',
  'api.test.',
  'localhost',
  'LocalHost',
  'x.localhost',
  'bücher.test',
  'xn--bcher-kva.test',
  '1.2.3.test',
  'api_test',
];
const addresses = ['127.0.0.1', '127.9.9.9', '10.1.2.3', '10.1.2.4', '192.168.0.1', '0.0.0.0'];
const addresses6 = ['::1', '::', 'fd00::1', 'fd00:0::1', 'FD00::2', '::ffff:10.1.2.3', '::ffff:7f00:1', '::10.1.2.3'];
const port = fc.constantFrom('', ':443', ':80', ':6443', ':06443', ':', ':https');

const server = fc
  .tuple(
    fc.constantFrom('https', 'http'),
    fc.constantFrom(...names, ...addresses, ...addresses6.map((address) => `[${address}]`)),
    fc.constantFrom('', ':443', ':80', ':6443'),
  )
  .map(([scheme, host, ending]) => readServer(`${scheme}://${host}${ending}`))
  .filter((read) => 'url' in read)
  .map(({ url }) => url);

const any = fc.constantFrom(...names, ...addresses, ...addresses6);
const entry = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '.', '*.', '*', ' ', '..'), any, port, fc.constantFrom('', ' ', '.'))
    .map((parts) => parts.join('')),
  fc.tuple(any, port).map(([host, ending]) => `[${host}]${ending}`),
  fc.tuple(any, fc.integer({ min: 0, max: 130 })).map(([host, bits]) => `${host}/${bits}`),
  fc.constantFrom(
    '',
    '*',
    '*.',
    '.',
    ':',
    ':6443',
    '*:6443',
    '10.1/16',
    '10.1.2.3/',
    '10.1.2.3/8x',
    '10.1.2.3/08',
    'fe80::1%eth0',
    '[::1',
    ']',
    '[]',
    '[]:6443',
    '/8',
    'bücher.test',
  ),
);
const cases = fc.array(
  fc.record({ Server: server, NoProxy: fc.array(entry, { maxLength: 3 }).map((list) => list.join(',')) }),
  { minLength: 5000, maxLength: 5000 },
);

test(
  "NO_PROXY excepts what Go's own client excepts, in 5,000 generated cases",
  { timeout: 120_000 },
  async ({ skip }) => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'cases.json');
    const [generated = []] = fc.sample(cases, 1);
    await writeFile(file, JSON.stringify(generated));
    const program = fileURLToPath(new URL('httpproxy', import.meta.url));
    let output: string;
    try {
      output = await runGo(['run', '.', file], { directory: program, env: process.env });
    } catch (error) {
      if (error instanceof GoMissingError) skip('there is no Go on this machine (https://go.dev/dl/)');
      throw error;
    }
    const proxied = JSON.parse(output) as boolean[];
    const env = { HTTPS_PROXY: 'http://proxy.test', HTTP_PROXY: 'http://proxy.test' };
    const differing = generated.filter(
      ({ NoProxy, Server }, index) =>
        (proxyVariable(Server, { ...env, NO_PROXY: NoProxy }) !== undefined) !== proxied[index],
    );
    expect(differing).toEqual([]);
    // neither answer is rare
    expect(proxied.filter(Boolean).length / proxied.length).toBeGreaterThan(0.1);
    expect(proxied.filter(Boolean).length / proxied.length).toBeLessThan(0.9);
  },
);
