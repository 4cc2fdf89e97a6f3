/** Bytes that wait for their end, in the pieces they came in: few of them, however small they came. */

/** As many pieces stay apart; most frames come in one or two. */
const PIECES_MAX = 64;

export class Gathered {
  #pieces: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#pieces.length <= PIECES_MAX) return;
    // Only with neighbours of about their size, so that no byte is copied more often than the length doubles.
    for (;;) {
      const last = this.#pieces.pop();
      const before = this.#pieces.pop();
      if (last === undefined || before === undefined || before.length > 2 * last.length) {
        for (const kept of [before, last]) if (kept !== undefined) this.#pieces.push(kept);
        return;
      }
      this.#pieces.push(Buffer.concat([before, last]));
    }
  }

  /** The pieces, which are forgotten. */
  take(): Buffer[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#length = 0;
    return pieces;
  }
}
