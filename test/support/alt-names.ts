import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  Certificate,
  Extension,
  GeneralName,
  id_ce_subjectAltName,
  type Name,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { testAuthority } from './scripted-server.ts';

/** `DNS:localhost`, `IP:127.0.0.1`, `URI:…`, `email:…`, `RID:1.2.3`, and `dirName:…` for a common name. */
export type WrittenAltName = `${'DNS' | 'IP' | 'URI' | 'email' | 'RID' | 'dirName'}:${string}`;

/** A serving certificate of the test authority for any names, also such as nobody should issue; for none without names. */
export function certificateFor(
  names: readonly WrittenAltName[],
  { commonName = 'kube-apiserver' }: { commonName?: string } = {},
): CertificateAndKey {
  const issued = testAuthority.issue({ commonName, usage: 'server' });
  if (names.length === 0) return issued;
  const certificate = AsnConvert.parse(new X509Certificate(issued.certPem).raw, Certificate);
  const altNames = AsnConvert.serialize(new SubjectAlternativeName(names.map(generalName)));
  certificate.tbsCertificate.extensions?.push(
    new Extension({ extnID: id_ce_subjectAltName, critical: false, extnValue: new OctetString(altNames) }),
  );
  const tbs = AsnConvert.serialize(certificate.tbsCertificate);
  certificate.tbsCertificateRaw = tbs;
  certificate.signatureValue = new Uint8Array(
    sign('sha256', Buffer.from(tbs), createPrivateKey(testAuthority.keyPem)),
  ).buffer;
  return { ...issued, certPem: new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString() };
}

function generalName(written: WrittenAltName): GeneralName {
  const [, kind = '', name = ''] = /^(\w+):(.*)$/su.exec(written) ?? [];
  switch (kind) {
    case 'DNS':
      return new GeneralName({ dNSName: name });
    case 'URI':
      return new GeneralName({ uniformResourceIdentifier: name });
    case 'email':
      return new GeneralName({ rfc822Name: name });
    case 'RID':
      return new GeneralName({ registeredID: name });
    case 'dirName':
      return new GeneralName({ directoryName: commonNameOf(name) });
    default:
      return new GeneralName({ iPAddress: name });
  }
}

function commonNameOf(commonName: string): Name {
  const { certPem } = testAuthority.issue({ commonName, usage: 'server' });
  return AsnConvert.parse(new X509Certificate(certPem).raw, Certificate).tbsCertificate.subject;
}
