const BACKSLASH = 0x5c;
/** 1 for what tokens are made of: `[A-Za-z0-9_.:~+/=-]`. */
const TOKEN = new Uint8Array(256);
for (let code = 0; code < 128; code += 1) {
    if (/[A-Za-z0-9_.:~+/=-]/.test(String.fromCharCode(code)))
        TOKEN[code] = 1;
}
const WORD = /[A-Za-z0-9_]/;
/**
 * The same rule, tried only where at least `least` characters of a token stand, keyword included. An escape among
 * them counts as all of them. The whole match is what is found: a group named `secret` is not looked for.
 */
export function glanced(rule, least) {
    const { pattern } = rule;
    return {
        ...rule,
        glance(bytes, at, _length, _start, end) {
            if (at + least > end)
                return hasEscape(bytes, at, end);
            for (let i = at; i < at + least; i += 1) {
                const byte = bytes[i] ?? 0;
                if (TOKEN[byte] !== 1)
                    return byte === BACKSLASH;
            }
            return true;
        },
        find({ text }, at) {
            if (at > 0 && WORD.test(text.charAt(at - 1)))
                return undefined;
            pattern.lastIndex = at;
            const match = pattern.exec(text);
            return match === null ? undefined : { start: at, end: at + match[0].length };
        },
    };
}
function hasEscape(bytes, from, to) {
    for (let i = from; i < to; i += 1) {
        if (bytes[i] === BACKSLASH)
            return true;
    }
    return false;
}
