import type { ExecEntry } from './types.ts';

/**
 * What a plugin is given that by its name or its look is a secret: names of variables and of flags, `argument 3` for
 * what has none. Most plugins are told a region and a cluster.
 */
export function secretsGiven({ args, env }: Pick<ExecEntry, 'args' | 'env'>): string[] {
  const variables = (env ?? []).filter(({ name, value }) => isSecret(name, value));
  return [...variables.map(({ name }) => name), ...secretArguments(args ?? [])];
}

/** Whether a value is a secret, as its name says or as it looks. */
export function isSecret(name: string, value: string): boolean {
  return value !== '' && (secretName.test(name) || secretLook.test(value) || isRandom(value));
}

function secretArguments(args: readonly string[]): string[] {
  const found = args.flatMap((text, index) => {
    const [, flag = '', value] = /^(-[^=]*)(?:=(.*))?$/su.exec(text) ?? [];
    if (flag !== '' && !flag.startsWith('-----')) return value !== undefined && isSecret(flag, value) ? [flag] : [];
    const before = args[index - 1] ?? '';
    const isOfFlag = /^-[^=]*$/u.test(before);
    return isSecret(isOfFlag ? before : '', text) ? [isOfFlag ? before : `argument ${index + 1}`] : [];
  });
  return [...new Set(found)];
}

/** `AWS_SECRET_ACCESS_KEY`, `--oidc-client-secret`; but not `--token-cache-dir` or `AWS_ACCESS_KEY_ID`. */
const secretName = /(?:secret|token|passw(?:or)?d|passphrase|(?:api|access|private)[-_]?key)$/iu;
/** A JWT, a private key, a URL with a password. */
const secretLook = /^eyJ[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY|^[a-z][a-z\d+.-]*:\/\/[^/?#]*:[^/?#]+@/iu;

/**
 * Letters of both cases and digits without an order, as generators make them: `glpat-8sQz3…`. A uuid, a name of a cluster
 * or a region and a path are none; a key of hexadecimal digits cannot be told from an id.
 */
function isRandom(text: string): boolean {
  if (!/^[\w.~+/=-]{24,}$/u.test(text)) return false;
  return text
    .split(/[^A-Za-z\d+]/u)
    .some((part) => part.length >= 16 && /[a-z]/u.test(part) && /[A-Z]/u.test(part) && /\d\D+\d/u.test(part));
}
