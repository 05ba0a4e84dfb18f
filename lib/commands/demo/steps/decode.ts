import { decodeToken } from '../../../token/decode.ts';
import { renderInspection } from '../../inspect-token/render.ts';
import { readToken } from '../as-service-account.ts';
import type { Tour } from '../tour.ts';
import { linesOf } from './list.ts';

/** What the token says of itself. */
export async function decodeStep(tour: Tour): Promise<void> {
  const { commandLine, names, plainKubectl, runtime, stage } = tour;
  const { name, namespace } = names.secret;
  await stage.play(
    {
      id: 'decode',
      title: 'Decode it, and look inside',
      about:
        'Data of a Secret is base64: encoded, not encrypted. The token is a JSON Web Token, whose claims anybody can read. They say whose it is, and that it does not expire.',
      commands: [commandLine('inspect-token', '--secret', name, '-n', namespace)],
      insteadOf: [
        `TOKEN=$(${plainKubectl('get', 'secret', 'default-token')} -o jsonpath='{.data.token}' | base64 --decode)`,
      ],
    },
    async () => linesOf(renderInspection(decodeToken(await readToken(tour)), runtime.now())),
  );
}
