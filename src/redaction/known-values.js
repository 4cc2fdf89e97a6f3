/**
 * A growing set of exact values, looked for in the raw content of JSON strings in every escaping they may stand in.
 *
 * The search is Wu and Manber's (A fast algorithm for multi-pattern searching, 1994): of each value some bytes are
 * its anchor, a table tells by the last four bytes of a window how far the next anchor is away at least, and so most
 * bytes are never looked at. Thousands of values cost hardly more than one.
 */
import { escapedForms } from '../json/escapes.js';
/** Shorter values stand in ordinary text by chance. */
export const SHORTEST_KNOWABLE_CHARS = 8;
/** JSON in a string in JSON in a string. */
const DEPTH = 3;
/** Anchors are as long as the shortest value allows: the longer they are, the more is skipped. */
const LEAST_ANCHOR_BYTES = 8;
const MOST_ANCHOR_BYTES = 16;
const BLOCK_BYTES = 4;
/** The table grows with the values, so that few of its entries are taken by chance, but fits into a cache. */
const LEAST_TABLE_BITS = 12;
const MOST_TABLE_BITS = 20;
const ENTRIES_PER_FORM = 16;
/** Whether a value can be told from ordinary text by itself: long enough, and not a plain word or number. */
export function isKnowable(value) {
    if (value.length < SHORTEST_KNOWABLE_CHARS)
        return false;
    // A single word, a number, a repetition: they stand in text that has nothing to do with them.
    if (/^[a-z]{1,15}$|^[A-Z][a-z]{1,14}$|^[A-Z]{1,15}$|^\d{1,11}$/.test(value))
        return false;
    return new Set(value).size >= 4;
}
export function createKnownValues() {
    const values = new Map();
    /** By a hash of the anchor. */
    const chains = new Map();
    /** By a hash of four bytes, how far behind them an anchor may end at the earliest. */
    let table;
    let bits = LEAST_TABLE_BITS;
    let anchorBytes = MOST_ANCHOR_BYTES;
    let longestBytes = 0;
    let forms = 0;
    /** Forms deleted since the table was made: their marks in it cost a look, not a hit. */
    let stale = 0;
    function makeTable() {
        stale = 0;
        forms = 0;
        longestBytes = 0;
        chains.clear();
        let count = 0;
        anchorBytes = MOST_ANCHOR_BYTES;
        for (const written of values.values()) {
            count += written.length;
            for (const { bytes } of written)
                anchorBytes = Math.max(LEAST_ANCHOR_BYTES, Math.min(anchorBytes, bytes.length));
        }
        bits = LEAST_TABLE_BITS;
        while (bits < MOST_TABLE_BITS && 1 << bits < count * ENTRIES_PER_FORM * 2)
            bits++;
        const made = new Uint8Array(1 << bits).fill(anchorBytes - BLOCK_BYTES + 1);
        for (const written of values.values())
            for (const form of written)
                place(made, form);
        return made;
    }
    function place(entries, form) {
        const { bytes } = form;
        form.anchorAt = bestAnchor(bytes);
        form.low = bytes.readInt32LE(form.anchorAt + anchorBytes - 8);
        form.high = bytes.readInt32LE(form.anchorAt + anchorBytes - 4);
        const hash = anchorHash(form.low, form.high);
        const chain = chains.get(hash);
        if (chain === undefined)
            chains.set(hash, [form]);
        else
            chain.push(form);
        for (let at = 0; at + BLOCK_BYTES <= anchorBytes; at++) {
            const entry = entryOf(bytes.readInt32LE(form.anchorAt + at), bits);
            entries[entry] = Math.min(entries[entry] ?? 0, anchorBytes - BLOCK_BYTES - at);
        }
        forms++;
        longestBytes = Math.max(longestBytes, bytes.length);
    }
    /** The middle of a value is nobody's prefix; where others have the same there, another place is better. */
    function bestAnchor(bytes) {
        let best = 0;
        let fewest = Infinity;
        for (const at of [(bytes.length - anchorBytes) >> 1, bytes.length - anchorBytes, 0]) {
            const hash = anchorHash(bytes.readInt32LE(at + anchorBytes - 8), bytes.readInt32LE(at + anchorBytes - 4));
            const company = chains.get(hash)?.length ?? 0;
            if (company >= fewest)
                continue;
            best = at;
            fewest = company;
        }
        return best;
    }
    return {
        get size() {
            return values.size;
        },
        get longestBytes() {
            return longestBytes;
        },
        add(value, kind) {
            if (values.has(value))
                return true;
            if (!isKnowable(value))
                return false;
            const written = escapedForms(value, DEPTH).map((text) => ({ bytes: Buffer.from(text), value, kind, anchorAt: 0, low: 0, high: 0 }));
            values.set(value, written);
            const crowded = (forms + written.length) * ENTRIES_PER_FORM > (table?.length ?? 0) && bits < MOST_TABLE_BITS;
            if (table === undefined || crowded || written.some(({ bytes }) => bytes.length < anchorBytes))
                table = makeTable();
            else
                for (const form of written)
                    place(table, form);
            return true;
        },
        delete(value) {
            const gone = values.get(value);
            if (gone === undefined)
                return;
            values.delete(value);
            for (const form of gone) {
                const hash = anchorHash(form.low, form.high);
                const left = (chains.get(hash) ?? []).filter((other) => other !== form);
                if (left.length === 0)
                    chains.delete(hash);
                else
                    chains.set(hash, left);
            }
            forms -= gone.length;
            stale += gone.length;
            if (values.size === 0)
                table = undefined;
            else if (stale > forms + ENTRIES_PER_FORM)
                table = makeTable();
        },
        find(bytes, start, end, found) {
            if (table === undefined)
                return;
            const shifts = table;
            const right = 32 - bits;
            const blockAt = anchorBytes - BLOCK_BYTES;
            const last = end - BLOCK_BYTES;
            let matches;
            let at = start + blockAt;
            while (at <= last) {
                // In bounds: `last` leaves room for a whole block.
                const block = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
                const shift = shifts[Math.imul(block, HASH_FACTOR) >>> right];
                if (shift !== 0) {
                    at += shift;
                    continue;
                }
                const low = bytes.readInt32LE(at - 4);
                const chain = chains.get(anchorHash(low, block));
                if (chain !== undefined) {
                    for (const form of chain) {
                        const from = at - blockAt - form.anchorAt;
                        if (form.low === low && form.high === block && stands(form.bytes, bytes, from, start, end))
                            (matches ??= []).push({ start: from, end: from + form.bytes.length, kind: form.kind });
                    }
                }
                at++;
            }
            if (matches !== undefined)
                report(matches, found);
        },
    };
}
/** 2^32 divided by the golden ratio: spreads neighbouring numbers (Knuth, volume 3, section 6.4). */
const HASH_FACTOR = 0x9e3779b1;
function entryOf(block, bits) {
    return Math.imul(block, HASH_FACTOR) >>> (32 - bits);
}
function anchorHash(low, high) {
    return (Math.imul(low, HASH_FACTOR) ^ high) >>> 2;
}
function stands(form, bytes, from, start, end) {
    return from >= start && from + form.length <= end && form.compare(bytes, from, from + form.length) === 0;
}
function report(matches, found) {
    if (matches.length > 1)
        matches.sort((one, other) => one.start - other.start || other.end - one.end);
    let end = -1;
    for (const match of matches) {
        if (match.end <= end)
            continue;
        end = match.end;
        found(match.start, match.end, match.kind);
    }
}
