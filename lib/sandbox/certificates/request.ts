/** What an authority is asked to sign. */
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
