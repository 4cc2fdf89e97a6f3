/**
 * Gathers the start of a body until it is known to be small (then it goes with its length, can be refused before a
 * byte has left, and can be sent again) or large (then what was gathered goes first and the rest streams).
 */
export class Hold {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param limitBytes how much may be gathered. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** What was gathered, until it is let go. */
  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get overflowed(): boolean {
    return this.#bytes > this.#limitBytes;
  }

  /** Takes a chunk; false when it no longer fits: it is gathered all the same. */
  add(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return !this.overflowed;
  }

  /** Lets go of the chunks: for the garbage collector, and because nothing may be sent again from here. */
  release(): readonly Buffer[] {
    const released = this.#chunks;
    this.#chunks = [];
    return released;
  }
}
