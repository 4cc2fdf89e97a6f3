/**
 * The hot loop of reading JSON: how far string content goes on without a quote, a backslash or a control character
 * (RFC 8259 section 7). Four bytes are looked at at once where the chunk is large enough for that to pay.
 */
/** Bytes that need a look. */
const SPECIAL = new Uint8Array(256).fill(1, 0, 0x20);
SPECIAL[0x22] = 1;
SPECIAL[0x5c] = 1;
/** Below it a view of the chunk as words costs more than it saves. */
const LEAST_VIEW_BYTES = 1024;
export function createPlainRun() {
    let viewed;
    let words = new Int32Array(0);
    /** Where in the bytes the words begin. */
    let shift = 0;
    function view(bytes) {
        viewed = bytes;
        shift = (4 - (bytes.byteOffset & 3)) & 3;
        words = new Int32Array(bytes.buffer, bytes.byteOffset + shift, (bytes.length - shift) >> 2);
    }
    return {
        end(bytes, at) {
            const { length } = bytes;
            let i = at;
            if (length >= LEAST_VIEW_BYTES) {
                if (viewed !== bytes)
                    view(bytes);
                while (i < length && ((i - shift) & 3) !== 0) {
                    if (SPECIAL[bytes[i]] === 1)
                        return i;
                    i++;
                }
                if (i === length)
                    return i;
                const count = words.length;
                let at4 = (i - shift) >> 2;
                while (at4 < count) {
                    // The known test for a zero byte in a word, for the quote and the backslash, and that for a byte below 0x20.
                    // Borrows may raise a false alarm, which the loop below settles; none can be missed.
                    const word = words[at4];
                    const quote = word ^ 0x22222222;
                    const backslash = word ^ 0x5c5c5c5c;
                    if (((((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word)) & 0x80808080) !== 0)
                        break;
                    at4++;
                }
                i = shift + (at4 << 2);
            }
            while (i < length && SPECIAL[bytes[i]] === 0)
                i++;
            return i;
        },
    };
}
