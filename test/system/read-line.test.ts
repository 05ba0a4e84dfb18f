import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLine } from '../../lib/system/read-line.ts';

function streamOf(...chunks: (string | Buffer)[]): PassThrough {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return stream;
}

test('readLine() gives line after line, then undefined', async () => {
  const stream = streamOf('fir', 'st\r\nsec', 'ond\n\nlast');
  const lines = [];
  for (let line = await readLine(stream); line !== undefined; line = await readLine(stream)) lines.push(line);
  expect(lines).toEqual(['first', 'second', '', 'last']);
  expect(await readLine(stream)).toBeUndefined();
});

test('readLine() gives the same lines however the bytes are cut', async () => {
  const property = fc.asyncProperty(
    fc.stringMatching(/^[a-z\nü€😀]{1,40}$/u),
    fc.array(fc.nat(60)),
    async (text, cuts) => {
      const bytes = Buffer.from(text);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const stream = streamOf(...places.slice(1).map((end, index) => bytes.subarray(places[index], end)));
      const lines = [];
      for (let line = await readLine(stream); line !== undefined; line = await readLine(stream)) lines.push(line);
      expect(lines.join('\n')).toBe(text.replace(/\n$/u, ''));
    },
  );
  await fc.assert(property, { numRuns: 50 });
});

test('readLine() rejects with the reason of its signal, and leaves the stream usable', async () => {
  const stream = new PassThrough();
  const controller = new AbortController();
  const line = readLine(stream, controller.signal);
  controller.abort(new Error('enough'));
  await expect(line).rejects.toThrow('enough');
  await expect(readLine(stream, controller.signal)).rejects.toThrow('enough');
  stream.end('later\n');
  expect(await readLine(stream)).toBe('later');
});

test('readLine() rejects when the stream breaks', async () => {
  const stream = new PassThrough();
  const line = readLine(stream);
  stream.destroy(new Error('EIO'));
  await expect(line).rejects.toThrow('EIO');
});
