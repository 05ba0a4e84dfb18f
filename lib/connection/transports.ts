import type { Identity } from '../auth/identity.ts';
import type { ClientCertificate } from '../transport/tls.ts';
import type { Transport } from '../transport/transport.ts';

/** The transport of a connection, made when it is wanted and anew when the client certificate is another one. */
export interface Transports {
  current(signal?: AbortSignal): Promise<Transport>;
  close(): void;
}

/** @param make Makes one that connects with this certificate. */
export function transportsOf(
  identity: Identity,
  make: (clientCertificate: ClientCertificate | undefined) => Promise<Transport>,
): Transports {
  const all = new Set<Promise<Transport>>();
  let latest: { transport: Promise<Transport>; certificate: ClientCertificate | undefined } | undefined;
  const whenMade = (transport: Promise<Transport>, then: (made: Transport) => void) => {
    transport.then(then).catch(() => undefined); // its failure was told to who asked for it
  };
  return {
    async current(signal) {
      const certificate = await identity.clientCertificate(signal);
      if (latest === undefined || !isSame(latest.certificate, certificate)) {
        if (latest !== undefined) whenMade(latest.transport, (old) => old.retire());
        latest = { transport: make(certificate), certificate };
        all.add(latest.transport);
      }
      return latest.transport;
    },
    close() {
      for (const transport of all) whenMade(transport, (made) => made.close());
    },
  };
}

function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  return a === b || (a?.certPem === b?.certPem && a?.keyPem.sha256() === b?.keyPem.sha256());
}
