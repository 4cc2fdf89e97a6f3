/**
 * A text that comes in pieces, each in an event of its own: placeholders are found across the pieces, and an event
 * waits only while the text from some place in it on may still become one.
 *
 * Events wait whole and leave with their own bytes, in their own order. So nothing has to be made up when the text
 * goes on differently, and a stream in which nothing is found leaves byte for byte, deltas, sequence numbers and all.
 */
import { escapeValue } from './splice.js';
import { TextMatcher } from './text-matcher.js';
const NOTHING = Buffer.alloc(0);
export class OpenText {
    #matcher;
    #pieces = [];
    #length = 0;
    constructor(depth, options) {
        this.#matcher = new TextMatcher({
            depth,
            lookup: options.lookup,
            found: (start, end, id, value) => {
                this.#replace(start, end, value, depth);
                options.onRestored?.(id);
            },
        });
    }
    /** The next piece of the text is `bytes[start, end)`, which stands at `at` in its carrier. */
    add(carrier, bytes, start, end, at) {
        if (start === end)
            return;
        const offset = this.#length;
        this.#pieces.push({ carrier, start: at, offset, length: end - start });
        this.#length += end - start;
        carrier.holds++;
        this.#matcher.feed(bytes, start, end, offset);
        const pending = this.#matcher.pendingFrom;
        this.#release(pending < 0 ? this.#length : pending);
    }
    /** Where in its carrier the first undecided byte stands; -1 when nothing waits. */
    get waitsFrom() {
        const [first] = this.#pieces;
        return first === undefined ? -1 : first.start + Math.max(0, this.#matcher.pendingFrom - first.offset);
    }
    /** Whether anything waits for what comes next. */
    get waits() {
        return this.#pieces.length > 0;
    }
    /** The text has ended: what waited was no placeholder. */
    close() {
        this.#matcher.reset();
        this.#release(this.#length);
    }
    /** Lets go of the pieces that end at or before `offset`. */
    #release(offset) {
        let count = 0;
        for (const piece of this.#pieces) {
            if (piece.offset + piece.length > offset)
                break;
            piece.carrier.holds--;
            count++;
        }
        if (count > 0)
            this.#pieces = this.#pieces.slice(count);
    }
    /** The value goes where the placeholder began; its other pieces go. */
    #replace(start, end, value, depth) {
        let bytes = escapeValue(value, depth);
        for (const piece of this.#pieces) {
            const from = Math.max(start, piece.offset);
            const to = Math.min(end, piece.offset + piece.length);
            if (from >= to)
                continue;
            const shift = piece.start - piece.offset;
            piece.carrier.splices.push({ start: from + shift, end: to + shift, bytes });
            bytes = NOTHING;
        }
    }
}
