/** What of a rule can be told from raw bytes: which literals to look for in a keyword's stead, and what must follow it. */
import { lowerAscii } from './prefilter.js';
/** Bytes behind a keyword that are looked at before anything is decoded. */
const MAX_HEAD_BYTES = 24;
/**
 * Reads off a pattern that begins with the keyword and goes on with a class of characters, repeated: `pat[0-9a-z]{14}`.
 * Most keywords that stand in ordinary text are told apart by that alone, without decoding anything.
 */
export function headAfter(keyword, rule) {
    if ((rule.before ?? 0) > 0 || 'find' in rule)
        return undefined;
    const source = rule.pattern.source.replace(/^(?:\(\?<secret>|\(\?:)/, '');
    const literal = /^(?:[A-Za-z0-9_:-]|\\[./=-])+(?![A-Za-z0-9_:.\/=-]|\\[./=-]|[?*{])/.exec(source)?.[0];
    if (literal === undefined)
        return undefined;
    const plain = literal.replaceAll('\\', '');
    if (!keyword.startsWith(rule.caseless === true ? lowerAscii(plain) : plain))
        return undefined;
    const body = source.slice(literal.length).replace(/^(?:\(\?<secret>|\(\?:|\()/, '');
    const match = /^(\[(?:\\.|[^\]\\])+\])\{([0-9]+)/.exec(body);
    const characters = match?.[1];
    if (match === null || characters === undefined || characters.startsWith('[^'))
        return undefined;
    const rest = body.slice(match[0].length);
    // A group that may be left out, or that has other branches, asks for nothing.
    if (/[|]|\)[?*]|\)\{0/.test(rest))
        return undefined;
    const test = new RegExp(characters, rule.pattern.flags.replace(/[yd]/g, ''));
    const table = new Uint8Array(256).fill(1, 128);
    for (let byte = 0; byte < 128; byte += 1)
        table[byte] = test.test(String.fromCharCode(byte)) ? 1 : 0;
    return { table, skip: plain.length, count: Math.min(Number(match[2]), MAX_HEAD_BYTES) };
}
/** The longest stretch of a keyword that JSON writes as it is, in every string and at every depth. */
export function unescapedPart(text) {
    return text.split(/["'\\/\n\r\t]/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}
/** How `://` and its like begin in the raw text, with their first slash escaped or not. */
export function slashForms(text) {
    const slash = text.indexOf('/');
    return [text, `${text.slice(0, slash)}\\/`, `${text.slice(0, slash)}\\\\`];
}
