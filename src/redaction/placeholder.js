/**
 * Placeholders: what stands upstream in a value's stead. `aegis-<kind>-<id>`, where the id is the start of an
 * HMAC-SHA256 (RFC 2104) of the value under the placeholder key, in RFC 4648's base32 alphabet, lower case. The same
 * value has the same placeholder in every turn, process and replica, so that prompt caches keep hitting.
 */
import { createHmac } from 'node:crypto';
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
/** 12 characters of 5 bits: two of a million values share one with a probability of 4 in ten million. */
const ID_CHARS = 12;
const IDS_REMEMBERED = 4096;
/** A text that is a placeholder and nothing else. */
const PLACEHOLDER = /^aegis-[a-z2-7-]{1,40}-[a-z2-7]{12}$/i;
/** @param key 32 random bytes; whoever has them can test guesses at a value. */
export function createPlaceholders(key) {
    // The same secrets come in every turn: their fingerprints are kept, by value, for as long as they come.
    const known = new Map();
    function idOf(value) {
        const seen = known.get(value);
        if (seen !== undefined)
            return seen;
        const digest = createHmac('sha256', key).update(value, 'utf8').digest();
        let id = '';
        let bits = 0;
        let pool = 0;
        for (const byte of digest) {
            pool = (pool << 8) | byte;
            bits += 8;
            while (bits >= 5 && id.length < ID_CHARS) {
                bits -= 5;
                id += BASE32.charAt((pool >> bits) & 31);
            }
            pool &= (1 << bits) - 1;
        }
        if (known.size >= IDS_REMEMBERED)
            known.clear();
        known.set(value, id);
        return id;
    }
    return { of: (kind, value) => `aegis-${kind}-${idOf(value)}`, idOf };
}
/** Whether a text is itself a placeholder, which is never redacted again. */
export function isPlaceholder(text) {
    return text.length >= 20 && text.length <= 64 && PLACEHOLDER.test(text);
}
