import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, GeneralName, id_ce_subjectAltName, type Name, SubjectAlternativeName } from '@peculiar/asn1-x509';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { alteredCertificate } from './altered-certificate.ts';
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
  const altNames = new SubjectAlternativeName(names.map(generalName));
  return alteredCertificate(issued, { extensions: { [id_ce_subjectAltName]: altNames } });
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
