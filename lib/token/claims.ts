import { type ServiceAccountRef, subjectOf } from '../model/service-account.ts';
import type { DecodedToken } from './decode.ts';

/**
 * The first claim of a decoded token that is not what was asked for, in words (`its claim sub is "…", not "…"`);
 * undefined if all of them are.
 *
 * @param expected.uid Uid of the ServiceAccount; undefined where the caller may not read it: then it is not compared.
 */
export function claimsMismatch(
  decoded: DecodedToken,
  expected: { account: ServiceAccountRef; uid: string | undefined; secretName: string },
): string | undefined {
  const { account, uid, secretName } = expected;
  const rows: [claim: string, is: string | null | undefined, shouldBe: string | undefined][] = [
    ['sub', decoded.subject, subjectOf(account)],
    ['namespace', decoded.serviceAccount?.namespace, account.namespace],
    ['service-account.name', decoded.serviceAccount?.name, account.name],
    ['service-account.uid', decoded.serviceAccount?.uid, uid],
    ['secret.name', decoded.secret?.name, secretName],
  ];
  const wrong = rows.find(([, is, shouldBe]) => shouldBe !== undefined && is !== shouldBe);
  if (wrong === undefined) return undefined;
  const [claim, is, shouldBe] = wrong;
  const found = is === null || is === undefined ? 'missing' : JSON.stringify(is);
  return `its claim ${claim} is ${found}, not "${shouldBe}"`;
}
