/** Cutting texts and bytes into pieces. */

/** A filter as the pipeline knows it. */
export interface ByteFilter {
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void;
  end(emit: (bytes: Buffer) => void): void;
}

/** What a filter makes of the chunks, as one buffer. */
export function run(filter: ByteFilter, chunks: readonly Buffer[]): Buffer {
  const out: Buffer[] = [];
  for (const chunk of chunks) filter.push(chunk, (bytes) => out.push(Buffer.from(bytes)));
  filter.end((bytes) => out.push(Buffer.from(bytes)));
  return Buffer.concat(out);
}

/** Pieces of at most `max` characters each, at random. */
export function cutText(whole: string, max: number, random: () => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < whole.length; at += pieces.at(-1)?.length ?? 1) pieces.push(whole.slice(at, at + 1 + Math.floor(random() * max)));
  return pieces;
}

/** Pieces of `size` characters each, the last one perhaps shorter. */
export function cutEvery(whole: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < whole.length; at += size) pieces.push(whole.slice(at, at + size));
  return pieces;
}

/** Chunks of at most `max` bytes each, at random. */
export function cutBytes(bytes: Buffer, max: number, random: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunks.at(-1)?.length ?? 1) chunks.push(bytes.subarray(at, at + 1 + Math.floor(random() * max)));
  return chunks;
}

/** One chunk for every byte. */
export function singleBytes(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1));
}
