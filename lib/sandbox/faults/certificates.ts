import { createAuthority } from '../certificates/authority.ts';
import { issueServing } from '../foundation.ts';
import type { Fault } from './fault.ts';

const dayMs = 24 * 3_600_000;

export const expiredCertificate: Fault = {
  serving: (authority, now) => issueServing(authority, { notBefore: now() - 366 * dayMs, notAfter: now() - dayMs }),
};

/** Of the same name: only its key tells it from the right one. */
export const otherCa: Fault = { serving: (_, now) => issueServing(createAuthority({ name: 'sandbox', now })) };

export const wrongName: Fault = {
  serving: (authority) => issueServing(authority, { dnsNames: ['kubernetes.example.com'], ipAddresses: [] }),
};
