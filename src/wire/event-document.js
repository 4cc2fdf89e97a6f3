import { ROOT_PATH } from './path-node.js';
/** Deeper nesting than this is not read. */
const MAX_LEVELS = 512;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NO_INDICES = [];
const TYPE = ROOT_PATH.member('type');
/** An open object or array. */
class Level {
    isArray;
    place;
    #above;
    #index = -1;
    /** The indices of what stands in it now. */
    current;
    constructor(isArray, place, above) {
        this.isArray = isArray;
        this.place = place;
        this.#above = above;
        this.current = above;
    }
    /** The indices of the next element. */
    next() {
        this.#index++;
        this.current = [...this.#above, this.#index];
        return this.current;
    }
}
export class EventDocument {
    bytes;
    leaves = [];
    /** The value of the top level's `type`, '' without one. */
    type = '';
    constructor(bytes) {
        this.bytes = bytes;
    }
    /** The raw text of a leaf: still escaped, which identifiers and numbers never are. */
    text(leaf) {
        return this.bytes.toString('latin1', leaf.start, leaf.end);
    }
    /** The leaf at `path` that lies in the same array elements as `near`, as far as the two paths share arrays. */
    beside(near, path) {
        for (const leaf of this.leaves) {
            if (leaf.place.path !== path || leaf.kind === 'key')
                continue;
            let same = true;
            for (let index = 0; index < leaf.indices.length && index < near.indices.length; index++) {
                if (leaf.indices[index] !== near.indices[index])
                    same = false;
            }
            if (same)
                return leaf;
        }
        return undefined;
    }
    /** The first leaf at `path`. */
    first(path) {
        return this.leaves.find((leaf) => leaf.place.path === path && leaf.kind !== 'key');
    }
}
/**
 * Reads the JSON in the given ranges of `bytes` (the data lines of an event, joined by a line end as the standard
 * has it). Undefined when they do not begin like an object, an array or a string.
 */
export function readEvent(bytes, ranges) {
    const document = new EventDocument(bytes);
    const { leaves } = document;
    const levels = [];
    let level;
    /** Where the next value stands. */
    let place = ROOT_PATH;
    let indices = NO_INDICES;
    let expectKey = false;
    for (const range of ranges) {
        const limit = range.end;
        let at = range.start;
        while (at < limit) {
            const byte = bytes[at] ?? 0;
            if (byte === QUOTE) {
                const end = stringEnd(bytes, at + 1, limit);
                if (expectKey && level !== undefined) {
                    leaves.push({ place: level.place, indices, kind: 'key', start: at + 1, end });
                    place = level.place.member(bytes.toString('latin1', at + 1, end));
                    expectKey = false;
                }
                else {
                    leaves.push({ place, indices, kind: 'string', start: at + 1, end });
                    if (place === TYPE)
                        document.type = bytes.toString('latin1', at + 1, end);
                }
                at = end + 1;
            }
            else if (byte === COMMA) {
                if (level?.isArray === true)
                    indices = level.next();
                else
                    expectKey = true;
                at++;
            }
            else if (byte === 0x3a || byte <= 0x20) {
                at++;
            }
            else if (byte === 0x7b || byte === 0x5b) {
                if (levels.length === MAX_LEVELS)
                    return document;
                level = new Level(byte === 0x5b, place, indices);
                levels.push(level);
                expectKey = !level.isArray;
                if (level.isArray) {
                    place = place.element();
                    indices = level.next();
                }
                at++;
            }
            else if (byte === 0x7d || byte === 0x5d) {
                levels.pop();
                level = levels[levels.length - 1];
                if (level === undefined)
                    return document;
                expectKey = false;
                place = level.isArray ? level.place.element() : level.place;
                indices = level.current;
                at++;
            }
            else {
                if (level === undefined)
                    return undefined;
                let end = at + 1;
                while (end < limit && isLiteral(bytes[end] ?? 0))
                    end++;
                // Numbers in arrays name nothing, and there may be very many of them.
                if (!level.isArray)
                    leaves.push({ place, indices, kind: 'other', start: at, end });
                at = end;
            }
        }
    }
    return leaves.length === 0 && level === undefined ? undefined : document;
}
/** The offset of the quote that closes the string whose content begins at `start`; `limit` when none does. */
function stringEnd(bytes, start, limit) {
    let at = start;
    while (at < limit) {
        const byte = bytes[at];
        if (byte === QUOTE)
            return at;
        at += byte === BACKSLASH ? 2 : 1;
    }
    return limit;
}
/** Bytes of numbers and of true, false and null. */
function isLiteral(byte) {
    return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x45 || byte === 0x2e || byte === 0x2d || byte === 0x2b;
}
