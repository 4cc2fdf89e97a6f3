/** Chunks that may leave together: fewer and larger writes, without a copy where there is nothing to gain by one. */

/** Chunks of this size on the average are not worth a copy. */
const LARGE_CHUNK_BYTES = 8_192;
const NONE: readonly Buffer[] = [];

/** All bytes in one piece. */
export function join(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

/** Small chunks as one piece, large ones as they are. */
export function joinSmall(chunks: readonly Buffer[]): readonly Buffer[] {
  if (chunks.length < 2) return chunks;
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.length;
  return bytes < LARGE_CHUNK_BYTES * chunks.length ? [Buffer.concat(chunks, bytes)] : chunks;
}

/** Gathers what is emitted; pieces that lie side by side in the same memory become one again. */
export class Joiner {
  #pieces: Buffer[] = [];
  /** The bytes that the last piece ends with, where they may still grow. */
  #last: Buffer | undefined;

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const last = this.#last;
    if (last !== undefined && bytes.buffer === last.buffer && bytes.byteOffset === last.byteOffset + last.length) {
      this.#last = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length);
      return;
    }
    if (last !== undefined) this.#pieces.push(last);
    this.#last = bytes;
  }

  /** What was added since the last time, in order. */
  take(): readonly Buffer[] {
    const last = this.#last;
    if (last === undefined) return NONE;
    const pieces = this.#pieces;
    pieces.push(last);
    this.#last = undefined;
    this.#pieces = [];
    return joinSmall(pieces);
  }
}
