import { bearerIdentity } from '../../../auth/bearer.ts';
import { renderError } from '../../../cli/render-error.ts';
import { connect } from '../../../connection/connect.ts';
import { KubeSaTokenError, RefusedError } from '../../../model/errors.ts';
import { BearerToken } from '../../../model/secret-text.ts';
import { startImpostor } from '../../../sandbox/impostor.ts';
import { jitterOf } from '../../../system/jitter.ts';
import type { Trust } from '../../../transport/trust.ts';
import { call, type Called, verifiedTrust } from '../as-service-account.ts';
import type { Tour } from '../tour.ts';

const standIn = 'stand-in-for-the-token';

/**
 * What `--insecure` gives away, shown with a stand-in: the token itself is sent to nobody but the API server.
 *
 * @param pause Until it is over, the impostor can be called.
 */
export async function impostorStep(tour: Tour, pause: () => Promise<void>): Promise<void> {
  const { commandLine, runtime, stage } = tour;
  await using impostor = await startImpostor(runtime);
  const { server, stolen } = impostor;
  const words = ['/api', '--token-file', 'stand-in', '--server', server];
  await stage.play(
    {
      id: 'impostor',
      title: 'Why --insecure is wrong',
      about:
        'Somebody on the way can answer in place of the API server. The tour has started such an impostor: what it answers is right, and so is the address in its certificate, but an authority of its own has signed that. It is called twice, with a stand-in for the token: as every command here calls, and as curl --insecure does.',
      commands: [
        `echo ${standIn} > stand-in`,
        commandLine('call-api', ...words),
        commandLine('call-api', ...words, '--insecure-skip-tls-verify'),
      ],
      insteadOf: ['curl -X GET $APISERVER/api \\', '  --header "Authorization: Bearer $TOKEN" --insecure'],
    },
    async () => {
      const refusal = await refusalOf(() =>
        callImpostor(tour, { server, trust: verifiedTrust(tour), how: 'verified' }),
      );
      const requests = stolen.length;
      const answer = await callImpostor(tour, { server, trust: unverified, how: 'unverified' });
      return [
        'Verified against the CA of the cluster:',
        ...refusal.map((line) => `  ${line}`),
        `  Requests that reached the impostor: ${requests}`,
        'Not verified:',
        `  ${answer.status} ${answer.text.trim()}`,
        `  The impostor has read: Authorization: ${stolen.at(-1) ?? 'nothing'}`,
        'With --insecure the token would be with the impostor now. Whoever holds it is its ServiceAccount, until it is revoked.',
      ];
    },
  );
  await pause();
}

const unverified: Trust = {
  source: 'insecure-skip-tls-verify',
  caPem: undefined,
  certificateAuthoritySha256: undefined,
  roots: undefined,
};

async function callImpostor(
  tour: Tour,
  { server, trust, how }: { server: string; trust: Trust; how: string },
): Promise<Called> {
  const { connection, runtime, stage } = tour;
  const { cluster } = connection.access;
  const connected = await connect(
    { ...connection.access, cluster: { ...cluster, server, tlsServerName: undefined, proxyUrl: undefined } },
    {
      env: runtime.env,
      identity: bearerIdentity(new BearerToken(standIn), `a stand-in to the impostor, ${how}`),
      trust,
      now: runtime.now,
      random: jitterOf(runtime),
      onExchange: stage.tap,
    },
  );
  try {
    return await call(connected, '/api', tour);
  } finally {
    connected.close();
  }
}

/** What a command says that fails so. */
async function refusalOf(work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof KubeSaTokenError)) throw error;
    return renderError(error).trimEnd().split('\n');
  }
  throw new RefusedError('Cannot show why --insecure is wrong: the impostor was trusted', {
    reason: 'ImpostorTrusted',
    hint: 'Which CA does the kubeconfig name?',
  });
}
