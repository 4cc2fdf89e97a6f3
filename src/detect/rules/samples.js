/**
 * Invented values for the examples beside rules. They are made from an alphabet and a length instead of being written
 * out, so that both are right by construction and no file of the project holds anything another scanner would take for
 * a key. The same call gives the same value in every run.
 */
const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
/**
 * A value of `length` characters out of `alphabet`.
 *
 * @param salt changes the value, for two different ones of the same shape
 */
export function sample(alphabet, length, salt = 0) {
    let state = (length * 2654435761 + alphabet.length * 40503 + salt * 69069 + 12345) >>> 0;
    let text = '';
    for (let i = 0; i < length; i++) {
        // The recurrence of Numerical Recipes; its low bits are poor, so the high ones are taken.
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        text += alphabet.charAt((state >>> 8) % alphabet.length);
    }
    return text;
}
export const digits = (length, salt) => sample(DIGITS, length, salt);
export const hex = (length, salt) => sample(`${DIGITS}abcdef`, length, salt);
export const upperHex = (length, salt) => sample(`${DIGITS}ABCDEF`, length, salt);
export const lower = (length, salt) => sample(DIGITS + LOWER, length, salt);
export const upper = (length, salt) => sample(DIGITS + UPPER, length, salt);
export const alnum = (length, salt) => sample(DIGITS + UPPER + LOWER, length, salt);
/** Letters only, of both cases. */
export const letters = (length, salt) => sample(UPPER + LOWER, length, salt);
/** Upper-case base32 as in RFC 4648 section 6. */
export const base32 = (length, salt) => sample(`${UPPER}234567`, length, salt);
/** Standard base64 digits, without padding. */
export const base64 = (length, salt) => sample(`${DIGITS + UPPER + LOWER}+/`, length, salt);
/** URL-safe base64 digits; never one of the two signs at an end. */
export function base64url(length, salt = 0) {
    return alnum(1, salt) + sample(`${DIGITS + UPPER + LOWER}-_`, length - 2, salt) + alnum(1, salt + 1);
}
/** Lower-case, in the shape of RFC 9562. */
export function uuid(salt = 0) {
    const text = hex(32, salt);
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
}
/**
 * Every literal of a prefix and so many characters more. Keywords of four characters and more are found much cheaper
 * than shorter ones, so that a short prefix is better given with all that may follow it.
 */
export function prefixEach(prefix, alphabet, more = 1) {
    let literals = [prefix];
    for (let i = 0; i < more; i += 1)
        literals = literals.flatMap((literal) => Array.from(alphabet, (character) => literal + character));
    return literals;
}
