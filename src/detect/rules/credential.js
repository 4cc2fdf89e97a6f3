import { glanced } from './glance.js';
/** How much of the end of a token is looked at for variety: past any prefix, whatever its length. */
const TAIL_CHARS = 16;
/** Random hex of 16 characters has about ten different ones; fewer than this comes up once in millions. */
const TAIL_DIFFERENT = 6;
/**
 * Whether a value may be a real one: its end is not a few characters over and over. What says of itself that it
 * stands for a secret (`your-api-key`) the engine leaves out for all rules.
 */
export function varied(secret) {
    const from = Math.max(0, secret.length - TAIL_CHARS);
    const seen = new Set();
    for (let i = from; i < secret.length; i++)
        seen.add(secret.charCodeAt(i));
    return seen.size >= Math.min(TAIL_DIFFERENT, (secret.length + 1) >> 1);
}
/** {@link varied}, and with a digit and a letter: for values that would otherwise pass as words or numbers. */
export function mixed(secret) {
    return /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) && varied(secret);
}
/** {@link varied}, of at least two sorts of characters: for short values behind a prefix, in which a digit may be missing. */
export function twoSorts(secret) {
    const sorts = Number(/[0-9]/.test(secret)) + Number(/[A-Z]/.test(secret)) + Number(/[a-z]/.test(secret));
    return sorts >= 2 && varied(secret);
}
/** {@link mixed}, in both cases of letters: for values without any prefix, which hashes and identifiers resemble. */
export function mixedCase(secret) {
    return /[a-z]/.test(secret) && /[A-Z]/.test(secret) && mixed(secret);
}
/** Completes drafts: class `credential`, and the check {@link varied} where none is given. */
export function credentials(drafts) {
    return drafts.map(({ least, ...draft }) => {
        const rule = { check: varied, ...draft, class: 'credential' };
        return least === undefined ? rule : glanced(rule, least);
    });
}
/** The rest of a name after the vendor's word, up to and past what says that a secret follows. */
export const SECRET_NAME = '[\\w .\\u4e00-\\u9fff-]{0,24}?(?:key|token|secret|passw(?:or)?d|pwd|auth|pat|pass|credential|密钥|秘钥|令牌|密码|口令)[\\w .-]{0,16}';
/** Between a name and its value: any assignment, JSON, YAML, XML, headers, a call's next argument, prose. */
const ASSIGNED = '["\'`\\])}]{0,3}\\s{0,6}(?:=>|:=|={1,3}|:{1,2}|：|,|>|\\|{1,2}|是|为|\\bis\\b)\\s{0,6}["\'`(\\[{]{0,3}';
/**
 * A rule for a value which only its name gives away. The name stands first, an assignment of any syntax follows, and
 * the value alone is replaced. The vendor's word may be part of a longer name (`MY_FASTLY_API_KEY`).
 */
export function setting(draft) {
    const { name, value, alphabet = '[0-9A-Za-z]', ...rest } = draft;
    return {
        check: mixed,
        ...rest,
        caseless: true,
        left: 'none',
        pattern: new RegExp(`(?:${name})${ASSIGNED}(?<secret>${value})(?!${alphabet})`, 'iy'),
    };
}
