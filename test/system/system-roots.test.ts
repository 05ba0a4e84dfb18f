import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, rootCertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemRoots } from '../../lib/system/system-roots.ts';
import { otherAuthority, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const [one, two] = [testAuthority.certPem.trim(), otherAuthority.certPem.trim()];
const nowhere = { files: [], directories: [] };

async function directoryOfTest() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const at = (name: string) => join(directory.path, name);
  return { at, write: (name: string, text: string) => writeFile(at(name), text) };
}

/** What there is besides Node's own. */
const added = (...args: Parameters<typeof systemRoots>) => {
  const own = new Set(rootCertificates);
  return systemRoots(...args).filter((pem) => !own.has(pem));
};

describe('systemRoots()', () => {
  test("has Node's roots where the system has none", async () => {
    const roots = systemRoots({}, nowhere);
    expect(roots).toEqual(expect.arrayContaining([...rootCertificates]));
  });

  test.skipIf(process.platform !== 'linux')(
    'takes the first file that is there, and all of the directories',
    async () => {
      const { at, write } = await directoryOfTest();
      await mkdir(at('certs'));
      await Promise.all([write('first', one), write('second', two), write('certs/a.pem', `# comment\n${two}\n`)]);
      const files = [at('missing'), at('first'), at('second')];
      expect(added({}, { files, directories: [] })).toEqual([one]);
      expect(added({}, { files, directories: [at('missing'), at('certs')] })).toEqual([one, two]);
    },
  );

  test('takes SSL_CERT_FILE and the list SSL_CERT_DIR in place of the usual ones', async () => {
    const { at, write } = await directoryOfTest();
    await Promise.all([mkdir(at('usual')), mkdir(at('a')), mkdir(at('b'))]);
    await Promise.all([write('bundle', one), write('usual/x', two), write('b/x', one)]);
    const usual = { files: [at('usual/x')], directories: [at('usual')] };
    expect(added({ SSL_CERT_FILE: at('bundle'), SSL_CERT_DIR: at('a') }, usual)).toEqual([one]);
    expect(added({ SSL_CERT_FILE: at('missing'), SSL_CERT_DIR: `${at('a')}:${at('b')}` }, usual)).toEqual([one]);
    expect(added({ SSL_CERT_FILE: at('missing') }, { ...nowhere, files: [at('usual/x')] })).toEqual([]);
  });

  test('adds NODE_EXTRA_CA_CERTS, on a Node too that does not do so itself', async () => {
    const { at, write } = await directoryOfTest();
    await write('extra', one);
    expect(added({ NODE_EXTRA_CA_CERTS: at('extra') }, nowhere)).toEqual([one]);
  });

  test('follows links out of a directory, and no links within it', async () => {
    const { at, write } = await directoryOfTest();
    await mkdir(at('certs'));
    await Promise.all([write('target', one), write('certs/b.pem', 'no certificate')]);
    await symlink(at('target'), at('certs/a.pem'));
    await symlink('b.pem', at('certs/12345678.0'));
    await symlink(at('missing'), at('certs/gone.pem'));
    expect(added({ SSL_CERT_DIR: at('certs') }, nowhere)).toEqual([one]);
  });

  test('passes over what is no certificate, also before one, and TLS takes the rest', async () => {
    const { at, write } = await directoryOfTest();
    const [, body = ''] = two.split('\n');
    const broken = `-----BEGIN CERTIFICATE-----\n${body.slice(0, 40)}\n-----END CERTIFICATE-----\n`;
    const cut = `-----BEGIN CERTIFICATE-----\n${body}\n`;
    await write('bundle', `${testAuthority.keyPem}${broken}${cut}${one}\r\n${cut}`);
    const roots = added({ SSL_CERT_FILE: at('bundle') }, nowhere);
    expect(roots).toHaveLength(2);
    expect(roots).toContain(one);
    expect(() => createSecureContext({ ca: roots })).not.toThrow();
  });

  test('has no certificate twice, however its lines are broken', async () => {
    const { at, write } = await directoryOfTest();
    const oneLine = one.replaceAll(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/gu, '');
    await write('bundle', `${one}\n${oneLine}\n${rootCertificates.join('\n\n')}`);
    expect(systemRoots({ SSL_CERT_FILE: at('bundle') }, nowhere)).toHaveLength(rootCertificates.length + 1);
  });
});
