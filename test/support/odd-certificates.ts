import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  BasicConstraints,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { alteredCertificate } from './altered-certificate.ts';
import { testAuthority } from './scripted-server.ts';

const serving = { commonName: 'kube-apiserver', usage: 'server', ipAddresses: ['127.0.0.1'] } as const;
const keyUsage = (flags: number) => ({ [id_ce_keyUsage]: new KeyUsage(flags) });
const client = { commonName: 'odd', usage: 'client' } as const;

/** Serving certificates of the test authority that some take and others do not. */
export const oddCertificates = {
  forAnyPurpose: () => altered({ [id_ce_extKeyUsage]: new ExtendedKeyUsage(['2.5.29.37.0']) }),
  forDataEncipherment: () => altered(keyUsage(KeyUsageFlags.dataEncipherment)),
  forCertificates: () => altered(keyUsage(KeyUsageFlags.keyCertSign)),
  withShortKey: () => alteredCertificate(testAuthority.issue(serving), { key: shortKey() }),
  ofShortKey: () => issuedBelow({ key: shortKey() }),
  withPssKey: () => {
    const { privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    return alteredCertificate(testAuthority.issue(serving), { key: privateKey });
  },
} as const;

/** Client certificates of the test authority that some take and others do not. */
export const oddClientCertificates = {
  withShortKey: () => alteredCertificate(testAuthority.issue(client), { key: shortKey() }),
  withBitcoinCurve: () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    return alteredCertificate(testAuthority.issue(client), { key: privateKey });
  },
} as const;

function shortKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
}

function altered(extensions: Readonly<Record<string, object>>): CertificateAndKey {
  return alteredCertificate(testAuthority.issue(serving), { extensions });
}

/** Issued below an authority that was changed, and shown with it. */
export function issuedBelow(changes: Parameters<typeof alteredCertificate>[1]): CertificateAndKey {
  const below = testAuthority.issueAuthority('below');
  const authority = alteredCertificate(below, changes);
  const leaf = below.issue(serving);
  const signed = changes.key === undefined ? leaf : alteredCertificate(leaf, { signer: authority });
  return { ...signed, certPem: `${signed.certPem}${authority.certPem}` };
}

/** Below two authorities, of which the upper one may have none below it. */
export function issuedTooFarBelow(): CertificateAndKey {
  const upper = testAuthority.issueAuthority('upper');
  const lower = upper.issueAuthority('lower');
  const constraints = new BasicConstraints({ cA: true, pathLenConstraint: 0 });
  const { certPem } = alteredCertificate(upper, { extensions: { [id_ce_basicConstraints]: constraints } });
  const leaf = lower.issue(serving);
  return { ...leaf, certPem: `${leaf.certPem}${lower.certPem}${certPem}` };
}
