import type { Identity } from '../auth/identity.ts';
import { unlessAborted } from '../system/deadline.ts';
import type { ClientCertificate } from '../transport/tls.ts';
import type { Transport } from '../transport/transport.ts';
import type { LastingTrust, Trust } from '../transport/trust.ts';

/** The transport of a connection, made when it is wanted and anew when client certificate or CA are other ones. */
export interface Transports {
  current(signal?: AbortSignal): Promise<Transport>;
  close(): void;
}

/** What connections are made with. */
interface TlsMaterial {
  readonly clientCertificate: ClientCertificate | undefined;
  readonly trust: Trust;
}

/** @param make Makes one that connects with this. */
export function transportsOf(
  { identity, trust }: { identity: Identity; trust: LastingTrust },
  make: (material: TlsMaterial) => Promise<Transport>,
): Transports {
  const all = new Set<Promise<Transport>>();
  let latest: { transport: Promise<Transport>; material: TlsMaterial } | undefined;
  const whenMade = (transport: Promise<Transport>, then: (made: Transport) => void) => {
    transport.then(then).catch(() => undefined); // its failure was told to who asked for it
  };
  return {
    async current(signal) {
      const [clientCertificate, trusted] = await Promise.all([
        identity.clientCertificate(signal),
        unlessAborted(trust.current(), signal),
      ]);
      const material = { clientCertificate, trust: trusted };
      if (latest === undefined || !isSame(latest.material, material)) {
        if (latest !== undefined) whenMade(latest.transport, (old) => old.retire());
        const transport = make(material);
        latest = { transport, material };
        all.add(transport);
        transport.catch(() => {
          all.delete(transport);
          if (latest?.transport === transport) latest = undefined;
        });
      }
      return latest.transport;
    },
    close() {
      for (const transport of all) whenMade(transport, (made) => made.close());
    },
  };
}

function isSame(before: TlsMaterial, now: TlsMaterial): boolean {
  const [a, b] = [before.clientCertificate, now.clientCertificate];
  const sameCertificate = a === b || (a?.certPem === b?.certPem && a?.keyPem.sha256() === b?.keyPem.sha256());
  return sameCertificate && before.trust === now.trust;
}
