/** From 0 to 1, of one random byte: enough to spread what would otherwise happen at once. */
export function jitterOf({ random }: { random(size: number): Uint8Array }): () => number {
  return () => (random(1)[0] ?? 0) / 256;
}
