/**
 * One pass over bytes that finds every place where a keyword may stand. The last three bytes seen, their letters
 * folded to lower case, are hashed into a table, whose entry says which bytes may follow; only where the next byte is one
 * of them is a keyword compared. Four bytes go through a turn of the loop, which is what makes it fast: no byte depends on the one before but for
 * the window they share. Of each keyword the three bytes that ordinary text has least often stand in the table.
 */
import { surelyInside } from './boundary.js';
import { isCommonPair } from './letter-pairs.js';
/** Sets bit 5 in each of three bytes: letters become lower case, and other bytes stay apart well enough. */
const FOLD = 0x202020;
/** The golden ratio times 2^32, shifted so that only the low three bytes of a window count. */
const HASH = Math.imul(0x9e3779b1, 256);
const TABLE_SIZE = 65_536;
/** So much is gone through before what was noted is looked at. */
const STRETCH_BYTES = 16_384;
/** The keyword ends with the three bytes: whatever follows. */
const ANY_NEXT = -1;
const LOWER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1)
    LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
/** Whether the entry's bytes stand at `at`; the first ones are compared again, since the hash folds too much. */
function standsAt(entry, bytes, at, end) {
    const literal = entry.bytes;
    const length = literal.length;
    if (at + length > end)
        return false;
    if (entry.caseless) {
        for (let i = 0; i < length; i += 1) {
            if (LOWER[bytes[at + i] ?? 0] !== literal[i])
                return false;
        }
    }
    else {
        for (let i = 0; i < length; i += 1) {
            if (bytes[at + i] !== literal[i])
                return false;
        }
    }
    return true;
}
/**
 * Makes the table for a list of keywords.
 *
 * @throws RangeError when a keyword is shorter than two bytes
 */
export function createPrefilter(keywords) {
    /** By the hash of three bytes: a bit for each of the bytes that may follow, told apart by their low five bits. */
    const table = new Int32Array(TABLE_SIZE);
    /** The same for the keywords that may stand within a word: runs of digits hold very many of the others. */
    const inner = new Int32Array(TABLE_SIZE);
    /** Keywords by their three bytes where they end with them, else by these and the next. */
    const byTriple = new Map();
    const byQuad = new Map();
    const byPair = new Map();
    function allow(triple, next, initial) {
        const slot = Math.imul(triple, HASH) >>> 16;
        table[slot] = (table[slot] ?? 0) | next;
        if (!initial)
            inner[slot] = (inner[slot] ?? 0) | next;
    }
    keywords.forEach((keyword, index) => {
        const bytes = Buffer.from(keyword.caseless ? lowerAscii(keyword.text) : keyword.text, 'utf8');
        if (bytes.length < 2)
            throw new RangeError(`the keyword ${JSON.stringify(keyword.text)} is shorter than two bytes`);
        const offset = rarest(bytes);
        const entry = { index, offset, bytes, caseless: keyword.caseless };
        // What stands before the three bytes is before the keyword only where they begin it.
        const initial = keyword.initial === true && offset === 0;
        const pair = (((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)) | (FOLD & 0xffff);
        if (bytes.length === 2) {
            addTo(byPair, pair, entry);
            for (let third = 0; third < 256; third += 1)
                allow((pair << 8) | third | FOLD, ANY_NEXT, initial);
        }
        else {
            const triple = (pair << 8) | (bytes[offset + 2] ?? 0) | FOLD;
            if (bytes.length === offset + 3) {
                addTo(byTriple, triple, entry);
                allow(triple, ANY_NEXT, initial);
            }
            else {
                addTo(byQuad, quadKey(triple, bytes[offset + 3] ?? 0), entry);
                allow(triple, 1 << (bytes[offset + 3] ?? 0), initial);
            }
        }
    });
    const pairs = byPair.size > 0;
    function look(triple, bytes, start, at, end, hit) {
        const longer = byQuad.get(quadKey(triple, at + 3 < end ? (bytes[at + 3] ?? 0) : 0));
        if (longer !== undefined)
            compare(longer, bytes, start, at, end, hit);
        const whole = byTriple.get(triple);
        if (whole !== undefined)
            compare(whole, bytes, start, at, end, hit);
        if (pairs) {
            const shorter = byPair.get(triple >>> 8);
            if (shorter !== undefined) {
                for (const entry of shorter)
                    if (standsAt(entry, bytes, at, end))
                        hit(entry.index, at);
            }
        }
    }
    /** A scan is using the notes. */
    let busy = false;
    /** Where some of four windows in a row may begin a keyword's three bytes, and four bits that tell which; filled by `collect`. */
    const spots = new Int32Array(STRETCH_BYTES / 4 + 1);
    /**
     * Notes each fourth position from `from` on, before `to`, at which one of four windows passes the table, and gives how
     * many there are. It calls nothing, so that the loop stays in registers; seven bytes past each position are read.
     */
    function collect(bytes, from, to) {
        let count = 0;
        let b0 = bytes[from] ?? 0;
        let b1 = bytes[from + 1] ?? 0;
        let b2 = bytes[from + 2] ?? 0;
        for (let i = from; i < to; i += 4) {
            const c3 = bytes[i + 3] ?? 0;
            const c4 = bytes[i + 4] ?? 0;
            const c5 = bytes[i + 5] ?? 0;
            const c6 = bytes[i + 6] ?? 0;
            const early = (b0 << 24) | (b1 << 16) | (b2 << 8) | c3;
            const late = (b2 << 24) | (c3 << 16) | (c4 << 8) | c5;
            const h0 = (table[Math.imul((early >>> 8) | FOLD, HASH) >>> 16] ?? 0) >>> c3;
            const h1 = (table[Math.imul(early | FOLD, HASH) >>> 16] ?? 0) >>> c4;
            const h2 = (table[Math.imul((late >>> 8) | FOLD, HASH) >>> 16] ?? 0) >>> c5;
            const h3 = (table[Math.imul(late | FOLD, HASH) >>> 16] ?? 0) >>> c6;
            if (((h0 | h1 | h2 | h3) & 1) !== 0) {
                spots[count] = ((i - from) << 4) | (h0 & 1) | ((h1 & 1) << 1) | ((h2 & 1) << 2) | ((h3 & 1) << 3);
                count += 1;
            }
            b0 = c4;
            b1 = c5;
            b2 = c6;
        }
        return count;
    }
    /** Looks closer at the window that begins at `at`, if the table lets it through. */
    function lookAt(bytes, start, at, end, hit) {
        const triple = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0) | FOLD;
        const next = at + 3 < end ? (bytes[at + 3] ?? 0) : 0;
        const slot = Math.imul(triple, HASH) >>> 16;
        if ((((table[slot] ?? 0) >>> next) & 1) === 0)
            return;
        if ((((inner[slot] ?? 0) >>> next) & 1) === 0 && surelyInside(bytes, at, start, 'token'))
            return;
        look(triple, bytes, start, at, end, hit);
    }
    /** Goes through as much as four windows at a time allow, and gives the position after it. */
    function inStretches(bytes, start, end, hit) {
        let at = start;
        while (at + 7 <= end) {
            const to = Math.min(at + STRETCH_BYTES, at + ((end - at - 3) & ~3));
            const count = collect(bytes, at, to);
            for (let i = 0; i < count; i += 1) {
                const noted = spots[i] ?? 0;
                const spot = at + (noted >>> 4);
                if ((noted & 1) !== 0)
                    lookAt(bytes, start, spot, end, hit);
                if ((noted & 2) !== 0)
                    lookAt(bytes, start, spot + 1, end, hit);
                if ((noted & 4) !== 0)
                    lookAt(bytes, start, spot + 2, end, hit);
                if ((noted & 8) !== 0)
                    lookAt(bytes, start, spot + 3, end, hit);
            }
            at = to;
        }
        return at;
    }
    return {
        scan(bytes, start, end, hit) {
            let at = start;
            // A scan started by `hit` is short, and must leave the notes of the outer one alone.
            if (!busy) {
                busy = true;
                try {
                    at = inStretches(bytes, start, end, hit);
                }
                finally {
                    busy = false;
                }
            }
            for (; at + 3 <= end; at += 1)
                lookAt(bytes, start, at, end, hit);
            // A keyword of two bytes may be the last two.
            if (pairs && end - start >= 2)
                look((((bytes[end - 2] ?? 0) << 16) | ((bytes[end - 1] ?? 0) << 8) | FOLD) & 0xffffff, bytes, start, end - 2, end, hit);
        },
    };
}
/** How often ordinary text has a letter, in thousandths; the letters of English in order of their frequency. */
const FREQUENCY = new Uint8Array(256).fill(4);
[...'etaoinsrhldcumfpgwybvkxjqz'].forEach((letter, rank) => {
    FREQUENCY[letter.charCodeAt(0)] = Math.max(2, 120 - rank * 6);
});
for (const [characters, frequency] of [[' ', 200], ['."/:-_', 30], ['0123456789', 12], ["=,;'()", 20]]) {
    for (const character of characters)
        FREQUENCY[character.charCodeAt(0)] = frequency;
}
/** Two letters that words seldom join count for so much less. */
const SELDOM = 0.1;
/** Where the three bytes stand that ordinary text has least often; those with a byte after them are found cheaper. */
function rarest(bytes) {
    let best = 0;
    let least = Infinity;
    for (let i = 0; i + 3 <= bytes.length; i += 1) {
        let weight = i + 3 < bytes.length ? 1 : 4;
        for (let k = i; k < Math.min(i + 4, bytes.length); k += 1) {
            const byte = LOWER[bytes[k] ?? 0] ?? 0;
            weight *= (FREQUENCY[byte] ?? 4) / 100;
            if (k > i && byte >= 0x61 && byte <= 0x7a && !isCommonPair(LOWER[bytes[k - 1] ?? 0] ?? 0, byte))
                weight *= SELDOM;
        }
        if (weight < least) {
            least = weight;
            best = i;
        }
    }
    return best;
}
/** A key for four bytes, folded; it fits a small integer. Two sets of four may share one. */
function quadKey(triple, next) {
    return (Math.imul(triple, 0x9e3779b1) ^ Math.imul(next | 0x20, 0x85ebca6b)) >>> 2;
}
function compare(entries, bytes, start, at, end, hit) {
    for (let i = 0; i < entries.length; i += 1) {
        const entry = entries[i];
        if (entry === undefined)
            continue;
        const first = at - entry.offset;
        if (first >= start && standsAt(entry, bytes, first, end))
            hit(entry.index, first);
    }
}
function addTo(map, key, entry) {
    const list = map.get(key);
    if (list === undefined)
        map.set(key, [entry]);
    else
        list.push(entry);
}
/** Lower case for ASCII letters alone: other letters keep their bytes. */
export function lowerAscii(text) {
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
