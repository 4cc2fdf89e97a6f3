/**
 * A text that comes in pieces, each in an event of its own: placeholders are found across the pieces, and an event
 * waits only while the text from some place in it on may still become one.
 *
 * Events wait whole and leave with their own bytes, in their own order. So nothing has to be made up when the text
 * goes on differently, and a stream in which nothing is found leaves byte for byte, deltas, sequence numbers and all.
 */
import type { WireField } from '../wire/index.ts';
import type { OpenChannel, EventWire } from '../wire/wire.ts';
import { escapeValue, type Splice } from './splice.ts';
import { TextMatcher, type Depth } from './text-matcher.ts';
import type { RestorerOptions } from './restorer.ts';

/** An event on its way through. */
export interface HeldFrame {
  readonly bytes: Buffer;
  readonly splices: Splice[];
  /** How many open texts have a piece in it that is not decided. */
  holds: number;
}

interface Piece {
  readonly frame: HeldFrame;
  /** Where the piece stands in the frame's bytes. */
  readonly start: number;
  /** Where it stands in the text. */
  readonly offset: number;
  readonly length: number;
}

const NOTHING = Buffer.alloc(0);

export class OpenText implements OpenChannel {
  readonly wire: EventWire;
  readonly field: OpenChannel['field'];
  readonly ids: readonly string[];
  readonly #matcher: TextMatcher;
  #pieces: Piece[] = [];
  #length = 0;

  constructor(entry: WireField, ids: readonly string[], options: RestorerOptions) {
    this.wire = entry.wire;
    this.field = entry.field;
    this.ids = ids;
    const { depth } = entry.field;
    this.#matcher = new TextMatcher({
      depth,
      lookup: options.lookup,
      found: (start, end, id, value) => {
        this.#replace(start, end, value, depth);
        options.onRestored?.(id);
      },
    });
  }

  /** The next piece of the text is `frame.bytes[start, end)`. */
  add(frame: HeldFrame, start: number, end: number): void {
    if (start === end) return;
    const offset = this.#length;
    this.#pieces.push({ frame, start, offset, length: end - start });
    this.#length += end - start;
    frame.holds++;
    this.#matcher.feed(frame.bytes, start, end, offset);
    const pending = this.#matcher.pendingFrom;
    this.#release(pending < 0 ? this.#length : pending);
  }

  /** Whether anything waits for what comes next. */
  get waits(): boolean {
    return this.#pieces.length > 0;
  }

  /** The text has ended: what waited was no placeholder. */
  close(): void {
    this.#release(this.#length);
  }

  /** Lets go of the pieces that end at or before `offset`. */
  #release(offset: number): void {
    let count = 0;
    for (const piece of this.#pieces) {
      if (piece.offset + piece.length > offset) break;
      piece.frame.holds--;
      count++;
    }
    if (count > 0) this.#pieces = this.#pieces.slice(count);
  }

  /** The value goes where the placeholder began; its other pieces go. */
  #replace(start: number, end: number, value: string, depth: Depth): void {
    let bytes = escapeValue(value, depth);
    for (const piece of this.#pieces) {
      const from = Math.max(start, piece.offset);
      const to = Math.min(end, piece.offset + piece.length);
      if (from >= to) continue;
      const shift = piece.start - piece.offset;
      piece.frame.splices.push({ start: from + shift, end: to + shift, bytes });
      bytes = NOTHING;
    }
  }
}
