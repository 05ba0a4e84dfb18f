import { describe, expect } from 'vitest';
import { sameTranscript, type Script } from './behaviour.ts';
import { type Target, transcriptOf } from './server.ts';
import { test } from './targets.ts';
import type { WireAnswer } from './wire.ts';

const refusal: Script = async ({ send, path }) => {
  await send('GET', path('secrets', 'missing'));
  await send('POST', path('secrets'), { metadata: { name: 'x', color: 'red' } });
};

/** The sandbox as it would be with one thing changed. */
const drifting = (target: Target, change: (answer: WireAnswer) => WireAnswer): Target => ({
  ...target,
  through: (wire) => ({ ...wire, send: async (asked) => change(await wire.send(asked)) }),
});

describe('the contract, put to a sandbox that drifts by one thing,', () => {
  test('holds without the drift', async ({ controlPlane, sandbox }) => {
    await sameTranscript(
      drifting(sandbox, (answer) => answer),
      refusal,
      transcriptOf(controlPlane ?? sandbox, refusal),
    );
  });

  test.for<[drift: string, change: (answer: WireAnswer) => WireAnswer]>([
    ['one word of a message', (answer) => ({ ...answer, text: answer.text.replace('not found', 'not there') })],
    ['a status', (answer) => ({ ...answer, status: answer.status === 404 ? 410 : answer.status })],
    ['a warning that is missing', (answer) => ({ ...answer, headers: { ...answer.headers, warning: undefined } })],
    ['a field too many', (answer) => ({ ...answer, text: answer.text.replace('{', '{"more":1,') })],
    ['a field too few', (answer) => ({ ...answer, text: answer.text.replace(/"type":"Opaque",?/u, '') })],
    [
      'another type of a number',
      (answer) => ({ ...answer, text: answer.text.replace(/"code":(\d+)/u, '"code":"$1"') }),
    ],
  ])('fails: %s', async ([, change], { controlPlane, sandbox }) => {
    const expected = transcriptOf(controlPlane ?? sandbox, refusal);
    await expect(sameTranscript(drifting(sandbox, change), refusal, expected)).rejects.toThrow('to deeply equal');
  });

  test('fails: a uid that changes, an event that is missing', async ({ controlPlane, sandbox }) => {
    const script: Script = async ({ create, send, path, watch }) => {
      const { metadata } = await create(path('secrets'), { metadata: { name: 'x' } });
      await send('GET', path('secrets', 'x'));
      const changes = await watch(`${path('secrets')}?watch=true&resourceVersion=0&timeoutSeconds=1`);
      await changes.rest();
      expect(metadata.uid).toBeDefined();
      await send('GET', path('secrets', 'x'));
    };
    const expected = transcriptOf(controlPlane ?? sandbox, script);
    let count = 0;
    const otherUid = drifting(sandbox, (answer) => ({
      ...answer,
      text: answer.text.replace(/"uid":"[^"]{8}/u, () => `"uid":"${String((count += 1)).padStart(8, '0')}`),
    }));
    await expect(sameTranscript(otherUid, script, expected)).rejects.toThrow('to deeply equal');
    const silent: Target = {
      ...sandbox,
      through: (wire) => ({
        ...wire,
        stream: async (asked) => ({ ...(await wire.stream(asked)), next: () => Promise.resolve(undefined) }),
      }),
    };
    await expect(sameTranscript(silent, script, expected)).rejects.toThrow('to deeply equal');
  });
});
