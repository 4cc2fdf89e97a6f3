const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const LOWER_M = 0x6d;
const LOWER_U = 0x75;
/** 1 for `[A-Za-z0-9_]`, with bit 1 set for digits. */
const WORD = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
    if (/[A-Za-z0-9_]/.test(String.fromCharCode(code)))
        WORD[code] = 1;
    if (code >= 0x30 && code <= 0x39)
        WORD[code] = 3;
}
function forbidden(code, left) {
    if (left === 'none' || code > 127)
        return false;
    return ((WORD[code] ?? 0) & (left === 'digit' ? 2 : 1)) !== 0;
}
/**
 * A first look at raw bytes, which spares the decoding: true when the byte before `at` surely rules a match out.
 * Where it might be the last of an escape, of a percent-encoded byte or of a terminal's colour code, nothing is sure.
 */
export function surelyInside(bytes, at, start, left) {
    if (at <= start || !forbidden(bytes[at - 1] ?? 0, left))
        return false;
    return (bytes[at - 2] !== BACKSLASH && bytes[at - 3] !== PERCENT && bytes[at - 5] !== LOWER_U && bytes[at - 1] !== LOWER_M);
}
/** Whether a match may begin at a character of decoded text. */
export function mayBegin(decoder, index, left) {
    const before = decoder.codeAt(index - 1);
    if (index === 0 || !forbidden(before, left))
        return true;
    // %3D and its kin: a character of a form or a query, percent-encoded (RFC 3986 section 2.1).
    if (decoder.codeAt(index - 3) === PERCENT) {
        const encoded = Number.parseInt(String.fromCharCode(decoder.codeAt(index - 2), before), 16);
        if (!Number.isNaN(encoded) && !forbidden(encoded, left))
            return true;
    }
    // The end of a terminal's colour code (ECMA-48 SGR): ESC [ 1 ; 3 2 m.
    if (before === LOWER_M) {
        let i = index - 2;
        for (let back = 0; back < 12 && ((WORD[decoder.codeAt(i)] ?? 0) === 3 || decoder.codeAt(i) === 0x3b); back += 1)
            i -= 1;
        return decoder.codeAt(i) === 0x5b && decoder.codeAt(i - 1) === 0x1b;
    }
    return false;
}
