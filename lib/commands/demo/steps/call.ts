import { bodyLines, call, readToken, withToken } from '../as-service-account.ts';
import type { Tour } from '../tour.ts';

/** The first direct call. */
export async function callStep(tour: Tour): Promise<void> {
  const { commandLine, names, stage } = tour;
  const { name, namespace } = names.secret;
  await stage.play(
    {
      id: 'call',
      title: 'Call the API with it, directly',
      about:
        'No kubectl and no proxy: one HTTPS request with the token in its Authorization header. With curl, the token is in the list of processes for everybody on the machine to read; here it is in no argument. Every ServiceAccount may GET /api.',
      commands: [commandLine('call-api', '/api', '-o', 'json', '--secret', name, '-n', namespace)],
      insteadOf: ['curl -X GET $APISERVER/api \\', '  --header "Authorization: Bearer $TOKEN" --insecure'],
    },
    async () => {
      const called = await withToken(tour, await readToken(tour), (bearer) => call(bearer, '/api', tour));
      if (called.failure !== undefined) throw called.failure;
      return bodyLines(called);
    },
  );
}
