import { createHash, createPrivateKey, sign } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  Certificate,
  type Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { extension } from './extensions.ts';
import type { KeyPair } from './key-pair.ts';

/** Who a certificate is for, and who signs it. */
export interface Party {
  readonly name: Name;
  readonly key: KeyPair;
}

interface CertificateContent {
  readonly subject: Party;
  readonly issuer: Party;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate, signed by its issuer. */
export function certificatePem(content: CertificateContent, extensions: readonly Extension[]): string {
  const { issuer, notAfter, notBefore, subject } = content;
  const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });
  const serialNumber = Buffer.from(createHash('sha256').update(subject.key.spki).digest().subarray(0, 16));
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x3f) | 0x40; // positive, and its first byte is not padding
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: toArrayBuffer(serialNumber),
    signature: ecdsaWithSha256,
    issuer: issuer.name,
    validity: new Validity({ notBefore: new Date(notBefore), notAfter: new Date(notAfter) }),
    subject: subject.name,
    subjectPublicKeyInfo: AsnConvert.parse(subject.key.spki, SubjectPublicKeyInfo),
    extensions: new Extensions([
      ...extensions,
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(toArrayBuffer(subject.key.identifier))),
      extension(
        id_ce_authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(toArrayBuffer(issuer.key.identifier)) }),
      ),
    ]),
  });
  const tbs = AsnConvert.serialize(tbsCertificate);
  const signatureValue = sign('sha256', Buffer.from(tbs), createPrivateKey(issuer.key.keyPem));
  const certificate = new Certificate({
    tbsCertificate,
    tbsCertificateRaw: tbs,
    signatureAlgorithm: ecdsaWithSha256,
    signatureValue: toArrayBuffer(signatureValue),
  });
  return pem(Buffer.from(AsnConvert.serialize(certificate)));
}

/** As the API server reads it: groups in O, the user in CN. */
export function distinguishedName({
  commonName,
  organizations = [],
}: {
  commonName: string;
  organizations?: readonly string[];
}): Name {
  const attribute = (type: string, utf8String: string) =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String }) })]);
  return new Name([...organizations.map((name) => attribute('2.5.4.10', name)), attribute('2.5.4.3', commonName)]);
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
