/** Turns the raw bytes of object keys into text. The same few keys come again and again in one body. */
/** Bytes of a key that are remembered; a longer one is nobody's field name. */
export const KEY_MAX_BYTES = 256;
/** Names kept for one body, each under a slot that later ones may take. */
const SLOTS = 256;
export function createKeyNames() {
    const kept = [];
    return {
        of(bytes, start, end) {
            const length = end - start;
            if (length > KEY_MAX_BYTES)
                return undefined;
            if (length === 0)
                return '';
            // In bounds: there is at least one byte.
            const slot = (bytes[start] * 7 + bytes[start + (length >> 1)] * 5 + bytes[end - 1] * 3 + length) % SLOTS;
            const known = kept[slot];
            if (known !== undefined && stands(known, bytes, start, length))
                return known;
            const raw = bytes.toString('latin1', start, end);
            if (/[\\\x80-\xff]/.test(raw))
                return decoded(bytes.toString('utf8', start, end));
            while (kept.length <= slot)
                kept.push('');
            kept[slot] = raw;
            return raw;
        },
    };
}
function stands(name, bytes, start, length) {
    if (name.length !== length)
        return false;
    for (let i = 0; i < length; i++)
        if (name.charCodeAt(i) !== bytes[start + i])
            return false;
    return true;
}
function decoded(raw) {
    try {
        return JSON.parse(`"${raw}"`);
    }
    catch {
        return undefined;
    }
}
