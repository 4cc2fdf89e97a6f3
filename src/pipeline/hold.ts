/**
 * Gathers the start of a request until it is known to be small (then it goes with its length, can be refused before
 * a byte has left, and can be sent again) or large (then what was gathered goes first and the rest streams).
 */
export interface Hold {
  /** What was gathered, until it is let go. */
  readonly chunks: readonly Buffer[];
  readonly bytes: number;
  /** Takes a chunk; false when it no longer fits, which is told once: the chunk is gathered all the same. */
  add(chunk: Buffer): boolean;
  readonly overflowed: boolean;
  /** Lets go of the chunks: for the garbage collector, and because nothing may be sent again from here. */
  release(): readonly Buffer[];
}

/** @param limitBytes how much may be gathered. */
export function createHold(limitBytes: number): Hold {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let overflowed = false;
  return {
    get chunks() {
      return chunks;
    },
    get bytes() {
      return bytes;
    },
    get overflowed() {
      return overflowed;
    },
    add(chunk) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > limitBytes) overflowed = true;
      return !overflowed;
    },
    release() {
      const released = chunks;
      chunks = [];
      return released;
    },
  };
}
