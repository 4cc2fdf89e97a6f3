/**
 * Finds placeholders in a logical text that arrives in pieces of raw, still escaped JSON string content, and knows
 * at any moment from where on the text may still become one.
 *
 * A placeholder is `aegis-<kind>-<id>`: kind 1 to 40 of `[a-z2-7-]`, id 12 of `[a-z2-7]`, in any case of letters.
 * That grammar alone does not say where one ends: a kind may hold hyphens and runs of twelve letters, and text may
 * follow without a gap. So the first id that is known ends it, and the last `aegis-` before that id begins it.
 */
const BACKSLASH = 0x5c;
const PREFIX = [0x61, 0x65, 0x67, 0x69, 0x73, 0x2d]; // aegis-
const HYPHEN = 0x2d;
const KIND_MAX_CHARS = 40;
const ID_CHARS = 12;
const BODY_MAX_CHARS = KIND_MAX_CHARS + 1 + ID_CHARS;
/** The lower-case character a placeholder may hold, 0 for any other byte. */
const BODY = new Uint8Array(256);
/** The value of a hexadecimal digit, 255 for any other byte. */
const HEX = new Uint8Array(256).fill(255);
/** Bytes at which a placeholder or an escape may begin: everything else is skipped while nothing is open. */
const OPENS = new Uint8Array(256);
for (const char of 'abcdefghijklmnopqrstuvwxyz234567-') {
    BODY[char.charCodeAt(0)] = char.charCodeAt(0);
    BODY[char.toUpperCase().charCodeAt(0)] = char.charCodeAt(0);
}
for (let digit = 0; digit < 16; digit++) {
    HEX[digit.toString(16).charCodeAt(0)] = digit;
    HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
for (const char of 'aA\\')
    OPENS[char.charCodeAt(0)] = 1;
/** One level of JSON string escapes, resumable between any two bytes. */
class Unescaper {
    /** 0: none open; 1: after the backslash; 2 to 5: before the first to the fourth hexadecimal digit. */
    step = 0;
    at = 0;
    code = 0;
}
/** Offsets are those of the logical text: the raw contents of its pieces one after the other. */
export class TextMatcher {
    #options;
    #levels;
    /** How much of `aegis-` is matched; 6 while the body is being read. */
    #matched = 0;
    #start = 0;
    #body = '';
    #lastHyphen = -1;
    /** The same for an `aegis-` that begins inside the body. */
    #innerMatched = 0;
    #innerStart = 0;
    constructor(options) {
        this.#options = options;
        this.#levels = Array.from({ length: options.depth }, () => new Unescaper());
    }
    /** Reads `bytes[start, end)`, whose first byte stands at `offset` of the logical text. */
    feed(bytes, start, end, offset) {
        const levels = this.#levels;
        const outer = levels[0];
        const shift = offset - start;
        let at = start;
        while (at < end) {
            if (this.#matched === 0 && this.#noneOpen()) {
                at = this.#skip(bytes, at, end);
                if (at >= end)
                    return;
            }
            const byte = bytes[at] ?? 0;
            const from = at + shift;
            if (outer === undefined)
                this.#character(byte, from, from + 1);
            else
                this.#unescape(0, outer, byte, from, from + 1);
            at++;
        }
    }
    /** The next place from `at` on where a placeholder or an escape that matters may begin, while nothing is open. */
    #skip(bytes, start, end) {
        const escapes = this.#levels.length;
        let at = start;
        for (;;) {
            while (at < end && OPENS[bytes[at] ?? 0] === 0)
                at++;
            if (at + 1 >= end)
                return at;
            const next = bytes[at + 1];
            if (bytes[at] !== BACKSLASH) {
                // An `a` with anything but an `e` after it, which may be escaped.
                if (next === 0x65 || next === 0x45 || next === BACKSLASH)
                    return at;
                at++;
            }
            else if (escapes === 1 && next !== 0x75) {
                at += 2;
            }
            else if (escapes === 0) {
                at++;
            }
            else {
                return at;
            }
        }
    }
    /** From where on the text may still become a placeholder, -1 when it may not. */
    get pendingFrom() {
        let from = this.#matched > 0 ? this.#start : -1;
        for (const level of this.#levels) {
            if (level.step > 0 && mayMatter(level) && (from < 0 || level.at < from))
                from = level.at;
        }
        return from;
    }
    /** Forgets what is open: the text has ended here. */
    reset() {
        this.#matched = 0;
        this.#innerMatched = 0;
        for (const level of this.#levels)
            level.step = 0;
    }
    #noneOpen() {
        for (const level of this.#levels)
            if (level.step !== 0)
                return false;
        return true;
    }
    /** Takes one character of level `index`, raw `[from, to)`, and hands on what it stands for. */
    #unescape(index, level, byte, from, to) {
        if (level.step === 0) {
            if (byte === BACKSLASH) {
                level.step = 1;
                level.at = from;
                level.code = 0;
            }
            else {
                this.#hand(index, byte, from, to);
            }
            return;
        }
        if (level.step === 1) {
            if (byte === 0x75) {
                level.step = 2;
            }
            else {
                level.step = 0;
                // Of the short escapes only the backslash's own is of interest, for it may open one of the next level.
                this.#hand(index, byte === BACKSLASH ? BACKSLASH : 0, level.at, to);
            }
            return;
        }
        const digit = HEX[byte] ?? 255;
        if (digit === 255) {
            level.step = 0;
            this.#hand(index, 0, level.at, from);
            this.#unescape(index, level, byte, from, to);
            return;
        }
        level.code = level.code * 16 + digit;
        if (level.step < 5) {
            level.step++;
        }
        else {
            level.step = 0;
            this.#hand(index, level.code < 0x80 ? level.code : 0, level.at, to);
        }
    }
    #hand(index, code, from, to) {
        const next = this.#levels[index + 1];
        if (next === undefined)
            this.#character(code, from, to);
        else
            this.#unescape(index + 1, next, code, from, to);
    }
    #character(code, from, to) {
        const char = BODY[code] ?? 0;
        if (this.#matched < PREFIX.length) {
            if (char !== 0 && char === PREFIX[this.#matched]) {
                if (this.#matched === 0)
                    this.#start = from;
                this.#matched++;
                if (this.#matched === PREFIX.length)
                    this.#openBody();
            }
            else if (char === PREFIX[0]) {
                this.#matched = 1;
                this.#start = from;
            }
            else {
                this.#matched = 0;
            }
            return;
        }
        if (char === 0) {
            this.#matched = 0;
            this.#innerMatched = 0;
            return;
        }
        if (char === PREFIX[this.#innerMatched]) {
            if (this.#innerMatched === 0)
                this.#innerStart = from;
            this.#innerMatched++;
        }
        else if (char === PREFIX[0]) {
            this.#innerMatched = 1;
            this.#innerStart = from;
        }
        else {
            this.#innerMatched = 0;
        }
        if (this.#innerMatched === PREFIX.length) {
            this.#start = this.#innerStart;
            this.#openBody();
            return;
        }
        if (char === HYPHEN)
            this.#lastHyphen = this.#body.length;
        this.#body += String.fromCharCode(char);
        const length = this.#body.length;
        if (this.#lastHyphen > 0 && length - this.#lastHyphen - 1 === ID_CHARS) {
            const id = this.#body.slice(-ID_CHARS);
            const value = this.#options.lookup(id);
            if (value !== undefined) {
                this.#options.found(this.#start, to, id, value);
                this.#matched = 0;
                this.#innerMatched = 0;
                return;
            }
        }
        if (length === BODY_MAX_CHARS) {
            this.#matched = this.#innerMatched;
            this.#start = this.#innerStart;
            this.#innerMatched = 0;
        }
    }
    #openBody() {
        this.#matched = PREFIX.length;
        this.#body = '';
        this.#lastHyphen = -1;
        this.#innerMatched = 0;
    }
}
/** Whether an open escape may still stand for a letter or a hyphen of a placeholder's beginning. */
function mayMatter(level) {
    if (level.step <= 4)
        return level.code === 0;
    return level.code === 2 || (level.code >= 4 && level.code <= 7);
}
