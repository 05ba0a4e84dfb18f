/** A line of a body, without its end. */
export interface BodyLine {
  readonly text: string;
  /** The body ended before the line did. */
  readonly cutOff: boolean;
}

/** The lines of a body in UTF-8, whatever its chunks are. */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncIterable<BodyLine> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const text of parts) yield { text, cutOff: false };
  }
  rest += decoder.decode();
  if (rest !== '') yield { text: rest, cutOff: true };
}
