/** Judgements on a candidate's text: how random it is, whether it only stands for a secret, and checksums. Pure. */
/** Counts of the characters of one text, by their low seven bits: secrets are ASCII. Emptied after each use. */
const counts = new Uint16Array(128);
function countCharacters(text) {
    let distinct = 0;
    for (let i = 0; i < text.length; i += 1) {
        const slot = text.charCodeAt(i) & 127;
        const count = counts[slot] ?? 0;
        if (count === 0)
            distinct += 1;
        counts[slot] = count + 1;
    }
    return distinct;
}
/** Shannon entropy of ASCII text in bits per character; 0 for the empty text. */
export function entropyBits(text) {
    countCharacters(text);
    let bits = 0;
    for (let i = 0; i < text.length; i += 1) {
        const slot = text.charCodeAt(i) & 127;
        const count = counts[slot] ?? 0;
        if (count === 0)
            continue;
        counts[slot] = 0;
        bits -= (count / text.length) * Math.log2(count / text.length);
    }
    return bits;
}
/** How many different characters an ASCII text has. */
export function distinctCharacters(text) {
    const distinct = countCharacters(text);
    counts.fill(0);
    return distinct;
}
export function hasDigit(text) {
    return /[0-9]/.test(text);
}
/** A check for rules: at least so many bits of entropy per character, and a digit. */
export function random(minBits) {
    return (secret) => hasDigit(secret) && entropyBits(secret) >= minBits;
}
/** A placeholder of this gateway, in any case, or what a model makes of one. */
const PLACEHOLDER = /aegis-[a-z0-9-]{1,40}-[a-z0-9]{12}(?![a-z0-9])/i;
/** A reference to a secret instead of the secret: shell, make, templates, environment look-ups, `<your-key>`. */
const REFERENCE = new RegExp([
    String.raw `^\$\{`, String.raw `^\$\(`, String.raw `^\$[A-Za-z_]\w*-?$`, String.raw `^%[A-Za-z_]\w*%$`, String.raw `^\$env:`, String.raw `^\{\{`, String.raw `^\{[A-Za-z_][\w.]*\}$`,
    String.raw `^<[^<>]*>?$`, String.raw `^\[[^\]]*\]$`, String.raw `^@[A-Za-z_]+[@(]`, String.raw `^!(?:vault|secret|Ref|Sub|GetAtt)\b`, '^`',
    String.raw `\$\{\{?\s*[A-Za-z_]`, String.raw `\{\{\s*[\w.$-]+\s*\}\}`, String.raw `process\.env\b`, String.raw `import\.meta\.env\b`, String.raw `os\.(?:environ|getenv)\b`,
    String.raw `^(?:env|ENV|vars|secrets|var|local|data|config|settings|self|this|op|vault|ssm|arn|file|keyring|pass)(?:\.|:\/\/|\[|:[a-z])`,
].join('|'));
/** Characters written in a secret's place. */
const FILLER = /[xX]{4}|\*{3}|\.{3}|…|•{2}|_{4}|#{4}|(?:^|[^a-z])(?:redacted|placeholder|changeme|change[-_]me|removed|masked)(?:[^a-z]|$)/i;
/** `your-api-key`, `my_secret_here`, `insert token`: an order to the reader. */
const INSTRUCTION = /^(?:your|my|insert|enter|put|add|use|some|the|paste|replace)[-_ ]?[a-z]*[-_ ](?:[a-z]+[-_ ])*(?:key|token|secret|password|passwd|here|value|credential|credentials|id)(?:[-_ ]?here)?[0-9]?$/i;
/** Secrets longer than this are bodies (keys, certificates), in which fillers occur by chance. */
const REFERENCE_CHARS = 256;
/** Whether the text stands for a secret without being one, so that it is never replaced. */
export function isReference(text) {
    if (PLACEHOLDER.test(text))
        return true;
    if (text.length > REFERENCE_CHARS)
        return false;
    return REFERENCE.test(text) || FILLER.test(text) || INSTRUCTION.test(text);
}
/** Shortest value that is looked for outside the context that gave it away. */
const DISTINCTIVE_CHARS = 8;
/**
 * Whether a value is long and odd enough that its next occurrence is surely the same secret. `postgres` and `hunter`
 * are passwords only where they stand.
 */
export function isDistinctive(text) {
    if (text.length < DISTINCTIVE_CHARS)
        return false;
    let classes = 0;
    if (/[a-z]/.test(text))
        classes += 1;
    if (/[A-Z]/.test(text))
        classes += 1;
    if (/[0-9]/.test(text))
        classes += 1;
    if (/[^A-Za-z0-9]/.test(text))
        classes += 1;
    if (distinctCharacters(text) < 5)
        return false;
    if (/^[A-Za-z]?[a-z]+[0-9]{0,4}$/.test(text))
        return text.length >= 16;
    if (/^[0-9]+$/.test(text))
        return text.length >= 10;
    if (/^[a-z]+(?:[-_. ][a-z]+)*$/i.test(text))
        return text.length >= 24;
    return text.length >= 12 || classes >= 3 || (classes === 2 && text.length >= 10);
}
/** Luhn's check (ISO/IEC 7812-1 annex B) over the digits of the text; other characters are skipped. */
export function luhn(text) {
    let sum = 0;
    let count = 0;
    for (let i = text.length - 1; i >= 0; i -= 1) {
        const digit = text.charCodeAt(i) - 48;
        if (digit < 0 || digit > 9)
            continue;
        const doubled = count % 2 === 1 ? digit * 2 : digit;
        sum += doubled > 9 ? doubled - 9 : doubled;
        count += 1;
    }
    return count > 0 && sum % 10 === 0;
}
