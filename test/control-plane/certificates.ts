import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

export function createAuthority(name: string): KeyPair {
  return openssl((run, d) => {
    run([
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '3650',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      join(d, 'key'),
      '-out',
      join(d, 'cert'),
    ]);
  });
}
export function issueServing(ca: KeyPair, names: readonly string[]): KeyPair {
  return issue(
    ca,
    '/CN=kube-apiserver',
    `extendedKeyUsage=serverAuth\nsubjectAltName=${names.map((n) => `${isIP(n) ? 'IP' : 'DNS'}:${n}`).join(',')}\n`,
  );
}
export function issueClient(ca: KeyPair, { user, groups = [] }: { user: string; groups?: readonly string[] }): KeyPair {
  return issue(ca, `${groups.map((g) => `/O=${g}`).join('')}/CN=${user}`, 'extendedKeyUsage=clientAuth\n');
}
function issue(ca: KeyPair, subject: string, ext: string): KeyPair {
  return openssl((run, d) => {
    writeFileSync(join(d, 'ca'), ca.certPem);
    writeFileSync(join(d, 'cakey'), ca.keyPem);
    writeFileSync(join(d, 'ext'), ext);
    run([
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      subject,
      '-keyout',
      join(d, 'key'),
      '-out',
      join(d, 'csr'),
    ]);
    run([
      'x509',
      '-req',
      '-in',
      join(d, 'csr'),
      '-CA',
      join(d, 'ca'),
      '-CAkey',
      join(d, 'cakey'),
      '-CAcreateserial',
      '-days',
      '3650',
      '-extfile',
      join(d, 'ext'),
      '-out',
      join(d, 'cert'),
    ]);
  });
}
function openssl(work: (run: (args: string[]) => void, d: string) => void): KeyPair {
  const d = mkdtempSync(join(tmpdir(), 'c-'));
  try {
    work((args) => execFileSync('openssl', args, { stdio: 'ignore' }), d);
    return { certPem: readFileSync(join(d, 'cert'), 'utf8'), keyPem: readFileSync(join(d, 'key'), 'utf8') };
  } finally {
    rmSync(d, { recursive: true });
  }
}
