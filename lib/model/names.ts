import { UsageError } from './errors.ts';
import { escapeLine } from './escape.ts';

/**
 * ServiceAccounts and Secrets have names of DNS subdomains (apimachinery: util/validation, IsDNS1123Subdomain).
 *
 * @param what What the error calls it: `SERVICEACCOUNT`, `--secret-name-prefix`.
 * @throws {UsageError}
 */
export function requireObjectName(name: unknown, what: string): void {
  const text = requireText(name, what);
  if (text.length > 253) throw invalid(`${what} of ${text.length} characters`, 'a name has 253 at most');
  if (/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/u.test(text)) return;
  throw invalid(
    `${what} ${quote(text)}`,
    'a name has lower-case letters, digits, "-" and ".", and begins and ends with a letter or digit',
  );
}

/** RBAC names are path segments (apimachinery: api/validation/path/name.go). @throws {UsageError} */
export function requireRoleName(name: unknown, what: string): void {
  const text = requireText(name, what);
  if (text !== '' && text !== '.' && text !== '..' && !/[/%]/u.test(text)) return;
  throw invalid(`${what} ${quote(text)}`, 'it cannot be the name of a ClusterRole');
}

/** Namespaces have names of DNS labels (apimachinery: util/validation, IsDNS1123Label). */
export function isNamespaceName(name: string): boolean {
  return /^(?!.{64})[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/u.test(name);
}

export const namespaceRule = 'it must be lower-case letters, digits and dashes, at most 63';

/** @throws {UsageError} */
export function requireNamespaceName(name: unknown): void {
  const text = requireText(name, 'namespace');
  if (isNamespaceName(text)) return;
  throw new UsageError(`Cannot use namespace ${quote(text)}: ${namespaceRule}`, { reason: 'NamespaceInvalid' });
}

/** What calls without TypeScript may leave out. */
function requireText(name: unknown, what: string): string {
  if (typeof name === 'string') return name;
  throw invalid(what, name === undefined ? 'its name is missing' : 'its name is not a text');
}

const quote = (text: string) => `"${escapeLine(text)}"`;

function invalid(what: string, why: string): UsageError {
  return new UsageError(`Cannot use ${what}: ${why}`, { reason: 'InvalidName' });
}
