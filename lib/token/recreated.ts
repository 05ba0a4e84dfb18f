import { RefusedError } from '../model/errors.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';

/** The error for a ServiceAccount that was deleted (and perhaps made anew) under a run: its tokens go with it. */
export function accountRecreated(account: ServiceAccountRef, when: string): RefusedError {
  return new RefusedError(
    `Cannot get a token for ServiceAccount "${fullName(account)}": the ServiceAccount was deleted and recreated meanwhile (${when})`,
    { reason: 'ServiceAccountRecreated', hint: 'Run the command again for the new one' },
  );
}
