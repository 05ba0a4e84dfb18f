import { accountDeleted } from './account-deleted.ts';
import { splitChunks, truncated } from './bodies.ts';
import { expiredCertificate, otherCa, wrongName } from './certificates.ts';
import { clampedExpiry } from './clamped-expiry.ts';
import type { Fault } from './fault.ts';
import { errorPage, loginPage, redirect } from './gateways.ts';
import { largeLists } from './large-lists.ts';
import type { FaultName } from './names.ts';
import { flapping401, tooManyRequests } from './refusals.ts';
import { terminalEscapes } from './terminal-escapes.ts';
import { bogusToken, controllerOff, foreignToken, noCa, slowController } from './token-controller.ts';
import { expiredWatch, goneWatch, heldWatch, idleWatch, resetWatch } from './watches.ts';

export const faults: Readonly<Record<FaultName, Fault>> = {
  'controller-off': controllerOff,
  'slow-controller': slowController,
  'account-deleted': accountDeleted,
  'no-ca': noCa,
  'bogus-token': bogusToken,
  'foreign-token': foreignToken,
  'clamped-expiry': clampedExpiry,
  'flapping-401': flapping401,
  'too-many-requests': tooManyRequests,
  'error-page': errorPage,
  'login-page': loginPage,
  redirect,
  truncated,
  'split-chunks': splitChunks,
  'reset-watch': resetWatch,
  'expired-watch': expiredWatch,
  'gone-watch': goneWatch,
  'held-watch': heldWatch,
  'idle-watch': idleWatch,
  'expired-certificate': expiredCertificate,
  'other-ca': otherCa,
  'wrong-name': wrongName,
  'terminal-escapes': terminalEscapes,
  'large-lists': largeLists,
};
