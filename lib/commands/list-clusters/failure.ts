import { probeHint } from '../../connection/socket-error.ts';
import { KubeSaTokenError } from '../../model/errors.ts';
import type { ServingCertificate } from '../../transport/serving-certificate.ts';
import type { NamedProbe } from './probe.ts';

/**
 * What failed when a cluster was asked, as it stands among the failures of others: its name first.
 *
 * @param noun `cluster`, or `context`.
 */
export function probeFailure(
  noun: string,
  { name, probe: { certificate, error } }: NamedProbe,
): KubeSaTokenError | undefined {
  if (error === undefined) return undefined;
  const why = error.message.replace(/^C(?=annot )/u, 'c');
  const hint = error.hint === probeHint ? certificate && presented(certificate) : error.hint;
  return new KubeSaTokenError(`Cannot probe ${noun} "${name}": ${why}`, { reason: error.reason, hint });
}

function presented({ issuer, notAfter, notBefore, subjectAltNames }: ServingCertificate): string {
  const names = subjectAltNames.length === 0 ? 'no name' : subjectAltNames.join(', ');
  return `It presents a certificate for ${names}, issued by ${issuer}, valid from ${notBefore} to ${notAfter}`;
}
