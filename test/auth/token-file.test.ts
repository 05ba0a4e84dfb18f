import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identityOf } from '../../lib/auth/kubeconfig-user.ts';
import type { Identity } from '../../lib/auth/identity.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const headerOf = async (identity: Identity) => (await identity.headers())['authorization'];

test('a token file is read for each request, without the white space around the token', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'token');
  await writeFile(file, '\n first-token \r\n');
  const identity = identityOf({ name: 'jane', tokenFile: file });
  expect(await headerOf(identity)).toBe('Bearer first-token');
  await writeFile(`${file}.new`, 'second-token');
  await rename(`${file}.new`, file);
  expect(await headerOf(identity)).toBe('Bearer second-token');
});

test('a token file wins over a token', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'token');
  await writeFile(file, 'of-the-file');
  const identity = identityOf({ name: 'jane', tokenFile: file, token: new BearerToken('inline') });
  expect(await headerOf(identity)).toBe('Bearer of-the-file');
});

test('a token file that is gone or empty leaves the token that was read last, as client-go does', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'token');
  await writeFile(file, 'first-token');
  const identity = identityOf({ name: 'jane', tokenFile: file });
  await headerOf(identity);
  await writeFile(file, '');
  expect(await headerOf(identity)).toBe('Bearer first-token');
  await rm(file);
  expect(await headerOf(identity)).toBe('Bearer first-token');
});

test('a token file that cannot be read leaves the token beside it', async () => {
  const identity = identityOf({ name: 'jane', tokenFile: '/nonexistent/token', token: new BearerToken('inline') });
  expect(await headerOf(identity)).toBe('Bearer inline');
});

test.each([
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['two\nlines', 'there is an end of line in it'],
])('a token file with %j is refused by name, without its contents', async (contents, why) => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'token');
  await writeFile(file, contents);
  const error = await identityOf({ name: 'jane', tokenFile: file })
    .headers()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ message: `Cannot use tokenFile "${file}" of user "jane": ${why}` });
});

test('a token file that does not exist is refused by name', async () => {
  await expect(identityOf({ name: 'jane', tokenFile: '/nonexistent/token' }).headers()).rejects.toThrow(
    'Cannot read tokenFile "/nonexistent/token" of user "jane": there is no such file',
  );
});
