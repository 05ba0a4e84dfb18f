import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';

/**
 * The text of a kubeconfig file with other values in a user's `auth-provider.config`; all else stays byte for byte.
 *
 * @param values New ones by name. One that is not there yet is left out.
 * @returns Undefined where the file has no such user any more, or not as plain text.
 */
export async function replaceProviderConfig(
  file: string,
  user: string,
  values: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  let text = await readFile(file, 'utf8');
  const config = configIn(text, user);
  if (config === undefined) return undefined;
  const places = Object.entries(values).flatMap(([name, value]) => {
    const node = config.get(name, true);
    return isScalar(node) && node.range ? [{ from: node.range[0], to: node.range[1], value }] : [];
  });
  if (places.length === 0) return undefined;
  for (const { from, to, value } of places.toSorted((a, b) => b.from - a.from)) {
    text = `${text.slice(0, from)}${JSON.stringify(value)}${text.slice(to)}`;
  }
  return text;
}

/**
 * A value of a user's `auth-provider.config` as the file has it now.
 *
 * @returns Undefined where it has none, or not as plain text: then it cannot be replaced either.
 */
export async function readProviderConfig(file: string, user: string, name: string): Promise<string | undefined> {
  const value = configIn(await readFile(file, 'utf8'), user)?.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function configIn(text: string, user: string): YAMLMap | undefined {
  const document = parseDocument(text, { version: '1.1', schema: 'failsafe' });
  const users = document.get('users');
  const entry = isSeq(users) ? users.items.find((item) => isMap(item) && item.get('name') === user) : undefined;
  const config = isMap(entry) ? entry.getIn(['user', 'auth-provider', 'config']) : undefined;
  return isMap(config) ? config : undefined;
}
