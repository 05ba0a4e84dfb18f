import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import { renderViewYaml } from '../../lib/kubeconfig/render-yaml.ts';
import { viewKubeconfig } from '../../lib/kubeconfig/view.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { edit, kubeconfigDocument, kubeconfigText, writers } from '../support/kubeconfig-arbitrary.ts';

const file = '/home/jane/.kube/config';
const parse = (text: string) => parseKubeconfig(text, file);

describe('parseKubeconfig()', () => {
  test('lets each entry know its file', async () => {
    const { clusters, contexts, files, users } = await parse('clusters: [{}]\nusers: [{}]\ncontexts: [{}]\n');
    expect([clusters, users, contexts].map((entries) => entries.get('')?.file)).toEqual([file, file, file]);
    expect(files).toEqual([file]);
  });

  test('names file, line and column of what is no YAML, and what kind of thing is wrong', async () => {
    await expect(parse('users:\n- name: u\n  user:\n    token: "s3cr3t\n')).rejects.toMatchObject({
      name: 'UsageError',
      reason: 'KubeconfigInvalid',
      message: `Cannot read kubeconfig "${file}": a missing quote, bracket, comma, colon or space in line 5, column 1`,
    });
  });

  test('counts lines as an editor does, whatever ends them', async () => {
    await expect(parse('a: b\r\nc: d\r\ne: *f\r\n')).rejects.toThrow(
      'an alias of an unknown anchor in line 3, column 4',
    );
  });

  test('shows the place of a value of the wrong kind, and not the value', async () => {
    await expect(parse('users: [{}, {name: a}, {name: b}, {name: c, user: {token: 123456}}]\n')).rejects.toThrow(
      `Cannot read kubeconfig "${file}": users[3].user.token is a number, not a string: it needs quotes`,
    );
  });

  test('reads again what renderViewYaml() wrote down', async () => {
    const roundTrip = async (document: unknown, write: (document: unknown) => string) => {
      const read = await parse(write(document)).catch(skipRefused);
      if (read === undefined) return;
      const again = await parse(renderViewYaml(viewKubeconfig(read)));
      expect(viewKubeconfig(again)).toEqual(viewKubeconfig(read));
    };
    const writer = fc.constantFrom(...Object.values(writers));
    await fc.assert(fc.asyncProperty(kubeconfigDocument, writer, roundTrip), { numRuns: 300 });
  });

  test('reads a file or refuses it with an error of ours, and never shows a piece of it', async () => {
    const secret = 's3cr3tT0ken';
    const withSecrets = fc
      .tuple(kubeconfigText, fc.array(edit(), { maxLength: 3 }))
      .map(([text, edits]) => `${edits.reduce((before, apply) => apply(before), text)}\n`)
      .map((text) => text.replaceAll(/(?<=: )["']?(?:dev|prod|kind-dev)["']?$|(?<=[\s"'])[ab](?=[\s"'])/gmu, secret));
    const holds = async (text: string) => {
      const error = await parse(text).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) return;
      expect(error).toBeInstanceOf(UsageError);
      const { cause, hint, message } = error as UsageError;
      expect(`${message} ${hint}`).not.toContain(secret.slice(0, 6));
      expect(cause).toBeUndefined();
    };
    await fc.assert(fc.asyncProperty(withSecrets, holds), { numRuns: 700 });
  });

  test('survives any text', async () => {
    const holds = async (text: string) => {
      await parse(text).catch(skipRefused);
    };
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), holds), { numRuns: 1000 });
    await fc.assert(fc.asyncProperty(fc.string({ unit: yamlPiece, maxLength: 40 }), holds), { numRuns: 1000 });
  });

  test.each([
    ['brackets', '['.repeat(20_000)],
    ['braces', '{a: '.repeat(20_000)],
    ['lists', '- '.repeat(20_000)],
    ['indents', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
    ['JSON', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('refuses or reads %s nested without end, and does not overflow', async (_, text) => {
    await parse(text).catch(skipRefused);
  });
});

const yamlPiece = fc.constantFrom(
  ...[
    ['a', 'b', ': ', ':', ' ', '  ', '\n', '- ', '-', '#', '"', "'", '{', '}', '[', ']', ',', '&x ', '*x', '!'],
    ['!!int ', '|', '>', '%', '@', '?', '? ', '\t', '<<: ', '---\n', '...\n', '\\', '1', '.', 'no', 'users', '\u2028'],
  ].flat(),
);

function skipRefused(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
}
