import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { readDocument } from './document.ts';
import { normalizeText } from './source-text.ts';

/**
 * The text of a kubeconfig file with other values in a user's `auth-provider.config`; all else stays byte for byte. The
 * new text is read again, as kubectl reads it: it says the same as before but for these values.
 *
 * @param values New ones by name. One that is not there yet is left out, and one that an alias leads to.
 * @returns Undefined where that cannot be: the file has no such user any more, or not as plain text, or another place of
 *   it would change as well.
 */
export async function replaceProviderConfig(
  file: string,
  user: string,
  values: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const text = await readText(file);
  const meant = await read(text);
  const node = configNode(text, user);
  const places = Object.entries(values).flatMap(([name, value]) => {
    const scalar = node && lastOf(node, name);
    return isScalar(scalar) && scalar.range ? [{ name, value, scalar, from: scalar.range[0] }] : [];
  });
  if (meant === undefined || places.length === 0) return undefined;
  const replaced = places
    .toSorted((a, b) => b.from - a.from)
    .reduce((before, { scalar, value }) => withValue(before, scalar, value), text);
  for (const { name, value } of places) Object.assign(configOf(meant, user) ?? {}, { [name]: value });
  return isDeepStrictEqual(await read(replaced), meant) ? replaced : undefined;
}

/**
 * A value of a user's `auth-provider.config` as the file has it now.
 *
 * @returns Undefined where it has none.
 */
export async function readProviderConfig(file: string, user: string, name: string): Promise<string | undefined> {
  const value = configOf(await read(await readText(file)), user)?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Empty where it is not UTF-8, or no file: what a pipe had in it is gone. */
async function readText(file: string): Promise<string> {
  if (!(await stat(file)).isFile()) return '';
  const bytes = await readFile(file);
  return isUtf8(bytes) ? bytes.toString('utf8') : '';
}

/** What `parseKubeconfig()` decodes; undefined for what it cannot read. */
async function read(text: string): Promise<unknown> {
  const refuse = () => {
    throw new SyntaxError('no YAML');
  };
  try {
    return await readDocument(normalizeText(text, refuse), refuse);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function configOf(document: unknown, user: string): Readonly<Record<string, unknown>> | undefined {
  const users = recordOf(document)?.['users'];
  const entry: unknown = Array.isArray(users) ? users.find((item) => recordOf(item)?.['name'] === user) : undefined;
  const provider = recordOf(recordOf(recordOf(entry)?.['user'])?.['auth-provider']);
  return recordOf(provider?.['config']);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function configNode(text: string, user: string): YAMLMap | undefined {
  const { contents } = parseDocument(text, { version: '1.1', schema: 'failsafe', uniqueKeys: false });
  const users = lastOf(contents, 'users');
  const isMeant = (item: unknown) => {
    const name = lastOf(item, 'name');
    return isScalar(name) && name.value === user;
  };
  const entry = isSeq(users) ? users.items.find(isMeant) : undefined;
  const config = ['user', 'auth-provider', 'config'].reduce<unknown>(lastOf, entry);
  return isMap(config) ? config : undefined;
}

/** Of two equal keys the last one counts. */
function lastOf(node: unknown, name: string): Node | undefined {
  const found = isMap(node) ? node.items.findLast(({ key }) => isScalar(key) && key.value === name) : undefined;
  return found?.value as Node | undefined;
}

/** A block scalar ends with its newline and the empty lines below it, and may have a comment in its first line. */
function withValue(text: string, { range, type }: Scalar, value: string): string {
  const [from, to] = range ?? [0, 0];
  const old = text.slice(from, to);
  const [, comment = ''] = /^[|>][-+\d]*([ \t]+#.*)?/u.exec(old) ?? [];
  const end = type?.startsWith('BLOCK') === true ? `${comment}${/\s*$/u.exec(old)?.[0] ?? ''}` : '';
  return `${text.slice(0, from)}${quoted(value)}${end}${text.slice(to)}`;
}

/** For YAML and JSON alike; some letters beyond ASCII are line breaks to YAML. */
function quoted(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007F-\uD7FF\uE000-\uFFFF]/gu,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
