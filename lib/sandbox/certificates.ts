import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** A certificate and its private key (PKCS #8), as PEM. */
export interface CertificateAndKey {
  readonly certPem: string;
  readonly keyPem: string;
}

/** A certificate authority of our own, as each Kubernetes cluster has one. */
export interface Authority extends CertificateAndKey {
  issue(request: CertificateRequest): CertificateAndKey;
  /** An authority below this one, with a key of its own. */
  issueAuthority(name: string): Authority;
}

export interface CertificateRequest {
  /** For a client: the user name that the API server sees. */
  readonly commonName: string;
  /** For a client: the user's groups. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  /** IPv4 and IPv6 addresses. */
  readonly ipAddresses?: readonly string[];
  readonly usage: 'server' | 'client';
  /** Milliseconds since 1970, whole seconds count. If unset, an hour ago: clocks differ. */
  readonly notBefore?: number;
  /** Milliseconds since 1970. If unset, in a year. */
  readonly notAfter?: number;
}

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

/**
 * Makes a self-signed authority with a new EC P-256 key. What it issues satisfies `openssl verify -x509_strict`.
 *
 * @param name Its common name.
 * @param now Milliseconds since 1970; validity is counted from it.
 */
export function createAuthority({ name, now }: { name: string; now: () => number }): Authority {
  return newAuthority({ name, now, issuer: undefined });
}

/** The authority again that `createAuthority()` made, perhaps in another process. */
export function restoreAuthority({ certPem, keyPem }: CertificateAndKey, { now }: { now: () => number }): Authority {
  const certificate = AsnConvert.parse(new X509Certificate(certPem).raw, Certificate);
  const own = { name: certificate.tbsCertificate.subject, key: keyPairOf(createPrivateKey(keyPem)) };
  return authority({ certPem, own, now });
}

/** Who a certificate is for, and who signs it. */
interface Party {
  readonly name: Name;
  readonly key: KeyPair;
}

function newAuthority({
  name,
  now,
  issuer,
}: {
  name: string;
  now: () => number;
  issuer: Party | undefined;
}): Authority {
  const own = { name: distinguishedName({ commonName: name }), key: keyPair() };
  const validity = { notBefore: now() - hourMs, notAfter: now() + 10 * yearMs };
  const certPem = certificatePem({ subject: own, issuer: issuer ?? own, ...validity }, [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), 'critical'),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), 'critical'),
  ]);
  return authority({ certPem, own, now });
}

function authority({ certPem, now, own }: { certPem: string; now: () => number; own: Party }): Authority {
  return {
    certPem,
    keyPem: own.key.keyPem,
    issue(request) {
      const subject = { name: distinguishedName(request), key: keyPair() };
      const { notBefore = now() - hourMs, notAfter = now() + yearMs } = request;
      const content = { subject, issuer: own, notBefore, notAfter };
      return { certPem: certificatePem(content, leafExtensions(request)), keyPem: subject.key.keyPem };
    },
    issueAuthority: (name) => newAuthority({ name, now, issuer: own }),
  };
}

interface KeyPair {
  readonly keyPem: string;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  readonly identifier: Buffer;
}

function keyPair(): KeyPair {
  return keyPairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

function keyPairOf(privateKey: KeyObject): KeyPair {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const identifier = createHash('sha256').update(spki).digest().subarray(0, 20); // RFC 7093, method 1
  return { keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), spki, identifier };
}

function leafExtensions({ usage, dnsNames = [], ipAddresses = [] }: CertificateRequest): Extension[] {
  const names = [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...ipAddresses.map((iPAddress) => new GeneralName({ iPAddress: requireIp(iPAddress) })),
  ];
  return [
    extension(id_ce_basicConstraints, new BasicConstraints(), 'critical'),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), 'critical'),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([usage === 'server' ? id_kp_serverAuth : id_kp_clientAuth])),
    ...(names.length === 0 ? [] : [extension(id_ce_subjectAltName, new SubjectAlternativeName(names))]),
  ];
}

function requireIp(address: string): string {
  if (isIP(address) === 0) throw new TypeError(`"${address}" is no IP address`);
  return address;
}

interface CertificateContent {
  readonly subject: Party;
  readonly issuer: Party;
  readonly notBefore: number;
  readonly notAfter: number;
}

function certificatePem(content: CertificateContent, extensions: readonly Extension[]): string {
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

function distinguishedName({
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

function extension(extnID: string, value: object, critical?: 'critical'): Extension {
  const extnValue = new OctetString(AsnConvert.serialize(value));
  return new Extension({ extnID, critical: critical !== undefined, extnValue });
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
