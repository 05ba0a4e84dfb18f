import { createPrivateKey, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { testAuthority } from './scripted-server.ts';

interface Changes {
  /** In the place of those of their kind; null takes one away. */
  readonly extensions?: Readonly<Record<string, object | null>>;
  /** If unset, that of the certificate stays. */
  readonly key?: KeyObject;
  /** If unset, the test authority: EC, or RSA. */
  readonly signer?: CertificateAndKey;
}

/** A certificate that was issued, as nobody should issue it, signed anew. */
export function alteredCertificate(
  issued: CertificateAndKey,
  { extensions = {}, key, signer = testAuthority }: Changes,
): CertificateAndKey {
  const certificate = AsnConvert.parse(new X509Certificate(issued.certPem).raw, Certificate);
  const { tbsCertificate } = certificate;
  const changed = Object.entries(extensions).flatMap(([extnID, value]) => {
    if (value === null) return [];
    return new Extension({ extnID, critical: false, extnValue: new OctetString(AsnConvert.serialize(value)) });
  });
  const kept = [...(tbsCertificate.extensions ?? [])].filter(({ extnID }) => !(extnID in extensions));
  tbsCertificate.extensions?.splice(0, tbsCertificate.extensions.length, ...kept, ...changed);
  if (key !== undefined) {
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    tbsCertificate.subjectPublicKeyInfo = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  }
  const signingKey = createPrivateKey(signer.keyPem);
  const isRsa = signingKey.asymmetricKeyType === 'rsa';
  // sha256WithRSAEncryption, ecdsa-with-SHA256
  const algorithm = isRsa ? '1.2.840.113549.1.1.11' : '1.2.840.10045.4.3.2';
  const parameters = isRsa ? { parameters: new Uint8Array([5, 0]).buffer } : {};
  tbsCertificate.signature = new AlgorithmIdentifier({ algorithm, ...parameters });
  certificate.signatureAlgorithm = tbsCertificate.signature;
  const tbs = AsnConvert.serialize(tbsCertificate);
  certificate.tbsCertificateRaw = tbs;
  certificate.signatureValue = new Uint8Array(sign('sha256', Buffer.from(tbs), signingKey)).buffer;
  return {
    certPem: new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString(),
    keyPem: key?.export({ type: 'pkcs8', format: 'pem' }).toString() ?? issued.keyPem,
  };
}
