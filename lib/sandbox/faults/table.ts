import { accountDeleted } from './account-deleted.ts';
import type { Fault } from './fault.ts';
import type { FaultName } from './names.ts';
import { controllerOff, noCa, slowController } from './token-controller.ts';

export const faults: Readonly<Record<FaultName, Fault>> = {
  'controller-off': controllerOff,
  'slow-controller': slowController,
  'account-deleted': accountDeleted,
  'no-ca': noCa,
};
