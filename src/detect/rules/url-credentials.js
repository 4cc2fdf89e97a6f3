/** Passwords and tokens in the user part of a URL, whatever its scheme (RFC 3986 section 3.2.1). */
import { distinctCharacters, entropyBits, hasDigit } from '../checks.js';
import { alnum, hex } from './samples.js';
const PAGE = 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1';
/** Formatting directives, and the words that stand for a password in a manual. */
const NOT_A_PASSWORD = /^(?:%[sdv@]|\$[0-9]|\+.*\+|:.*|[*x]+|\{.*\}?|\[.*|<.*|.*\$\{?[A-Za-z_]\w*\}?|.*#\{.*|.*\{\{.*|.*\{[A-Za-z_][\w.]*\}.*|%[A-Z_]+%)$/;
/** Bytes of user name and password within which the sign that ends them must stand. */
const GLANCE_BYTES = 400;
/** The letters and signs of escapes that end a URL's authority: n r t " / '. */
const ESCAPED_ENDS = new Set([0x6e, 0x72, 0x74, 0x22, 0x2f, 0x27]);
/** Whether an @ follows before the authority part can have ended. */
function glanceAt(bytes, at, length, _start, end) {
    const limit = Math.min(end, at + length + GLANCE_BYTES);
    for (let i = at + length; i < limit; i += 1) {
        const byte = bytes[i] ?? 0;
        if (byte === 0x40)
            return true;
        if (byte === 0x5c) {
            // An escaped end of the authority, or of the text; anything else is looked at properly.
            while (i < limit && bytes[i] === 0x5c)
                i += 1;
            return !ESCAPED_ENDS.has(bytes[i] ?? 0);
        }
        if (byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x2f || byte === 0x3c || byte === 0x3e || byte === 0x60)
            return false;
    }
    return true;
}
/** Bits per character of a user name that is a token. */
const TOKEN_BITS = 3;
export const URL_CREDENTIAL_RULES = [
    {
        id: 'url-password',
        kind: 'url-password',
        class: 'credential',
        keywords: ['://'],
        left: 'none',
        glance: glanceAt,
        // A host of a manual (example.com, HOST) with a password of a manual is an example of the syntax.
        pattern: /:\/\/[^\s:/?#@"'`<>\\]{0,128}:(?![A-Za-z0-9]{1,7}@(?:[\w-]{1,32}\.){0,3}example\.)(?!(?:pass(?:w(?:or)?d)?|pwd|pw|p|secret|mypass(?:word)?|my_password|your[-_]?password|user[-_]?pass(?:word)?)@(?:[\w-]{1,32}\.){0,3}(?:example|host|hostname|server|localhost|domain|site|ip|address|your[-_.]?\w{0,20}|my[-_]?host|foo|bar|db|h|x|test|cluster[0-9]?)(?:\.\w{2,8})?(?:[:/?#"'`)\s,\]}\\]|$))(?<secret>[^\s"'`<>@/\\,;]{1,256}(?:@[^\s"'`<>@/\\,;.:]{1,64}){0,2})@(?=[A-Za-z0-9[{$%_*-])/iy,
        check: (secret) => !NOT_A_PASSWORD.test(secret),
        page: PAGE,
        matches: [
            'postgres://app:hunter2@db.internal:5432/app', `https://deploy:${alnum(20)}@git.example.org/a.git`, 'redis://:s3cr3t-cache@10.0.0.5:6379/0',
            'mongodb+srv://root:Zx9%21kLq@cluster7.mongodb.net/?retryWrites=true', 'mysql://u:p@ssw0rd@10.1.2.3/db', 'amqp://guest:guest@rabbit:5672', 'https://username:password@shop.test-site.io',
        ],
        ignores: [
            'postgres://user:${DB_PASSWORD}@db/app', 'https://user:pass@example.com/', 'http://localhost:3000/@scope/name', 'https://example.com:8443/a@b', 'ssh://git@github.com:22/a/b',
            'postgres://user:<password>@host/db', 'https://user:{password}@host', 'http://%s:%s@%s/', 'postgresql://USER:PASSWORD@HOST:PORT/DB', 'https://url:8000";@something else',
        ],
    },
    {
        id: 'url-token',
        kind: 'url-token',
        class: 'credential',
        keywords: ['://'],
        left: 'none',
        glance: glanceAt,
        pattern: /:\/\/(?<secret>[A-Za-z0-9_.-]{20,256})(?::(?:x-oauth-basic|x-access-token)?)?@(?=[A-Za-z0-9[])/y,
        check: (secret) => hasDigit(secret) && !/^[0-9.]+$/.test(secret) && entropyBits(secret) >= TOKEN_BITS && distinctCharacters(secret) >= 10 && !/\.[a-z]{2,6}$/.test(secret),
        page: PAGE,
        matches: [`https://${hex(40)}@git.example.org/a/b.git`, `https://${alnum(32)}:x-oauth-basic@example.org/a`],
        ignores: ['https://some-long-user-name-here@example.org/', 'git+ssh://git@github.com/a/b'],
    },
];
