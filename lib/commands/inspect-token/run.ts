import type { BearerToken } from '../../model/secret-text.ts';
import type { Runtime } from '../../system/runtime.ts';
import { renderYaml } from '../../system/yaml.ts';
import { type DecodedToken, decodeToken } from '../../token/decode.ts';
import { readTokenSecret } from '../../token/read.ts';
import type { ClusterFlags } from '../shared/cluster-options.ts';
import { onCluster } from '../shared/clusters.ts';
import { writeStdout } from '../shared/deliver.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { progressOf } from '../shared/progress.ts';
import { readToken } from '../shared/read-token.ts';
import { inspectionDocument, renderInspection } from './render.ts';

export interface InspectTokenInput {
  readonly flags: ClusterFlags;
  readonly output: 'summary' | 'json' | 'yaml';
  readonly token: { readonly file: string } | { readonly secret: string };
}

/** Decodes a token and prints what it says, and that nothing was verified. */
export async function runInspectToken({ flags, output, token }: InspectTokenInput, runtime: Runtime): Promise<number> {
  const progress = progressOf(flags, runtime);
  const fromSecret = (name: string): Promise<BearerToken> =>
    onSandbox(flags, runtime, (given) =>
      onCluster(given, { runtime, progress }, (connection) => {
        const { namespace } = connection.access;
        return readTokenSecret(connection, { namespace, name }, runtime.interruption.signal);
      }),
    );
  try {
    const decoded = decodeToken(
      'file' in token ? await readToken(token.file, runtime) : await fromSecret(token.secret),
    );
    await progress.end();
    await writeStdout(runtime, await render(decoded, output, runtime.now()));
    progress.note(
      'Decoding proves nothing: the signature was not checked, and nobody was asked whether the token is accepted',
    );
    return 0;
  } finally {
    await progress.end();
  }
}

async function render(decoded: DecodedToken, output: InspectTokenInput['output'], now: number): Promise<string> {
  if (output === 'summary') return renderInspection(decoded, now);
  const document = inspectionDocument(decoded, now);
  return output === 'yaml' ? renderYaml(document) : `${JSON.stringify(document, undefined, 2)}\n`;
}
