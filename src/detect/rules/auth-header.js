/** Credentials in the Authorization header's schemes (RFC 7617, RFC 6750), with the header's name or without it. */
import { distinctCharacters, entropyBits, hasDigit } from '../checks.js';
import { alnum } from './samples.js';
const BEARER_BITS = 2.8;
/** The base64 text of a user name, a colon and a password, all printable. */
function isUserAndPassword(encoded) {
    const text = Buffer.from(encoded, 'base64').toString('latin1');
    if (Buffer.from(text, 'latin1').toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, ''))
        return false;
    return /^[\x20-\x7e\x80-\xff]{0,200}:[\x20-\x7e\x80-\xff]{1,400}$/.test(text);
}
/** Long and varied, and neither a word nor a path of code (`request.headers.authorization2`). */
function isToken(text) {
    if (!hasDigit(text) || distinctCharacters(text) < 8 || entropyBits(text) < BEARER_BITS)
        return false;
    return !/^[A-Za-z_$]+(?:\.[A-Za-z_$]+)+[0-9]?$/.test(text) && !/^[a-z]+(?:[-_][a-z]+)*[-_]?[0-9]{0,4}$/i.test(text);
}
export const AUTH_HEADER_RULES = [
    {
        id: 'basic-auth',
        kind: 'basic-auth',
        class: 'credential',
        keywords: ['basic '],
        caseless: true,
        pattern: /basic {1,4}(?<secret>[A-Za-z0-9+/]{6,600}={0,2})(?![A-Za-z0-9+/=])/iy,
        check: isUserAndPassword,
        page: 'https://www.rfc-editor.org/rfc/rfc7617',
        matches: ['Authorization: Basic ZGVwbG95OmgzbGwwLXRoZXJl', 'curl -H "authorization: basic YWRtaW46czNjcmV0IQ=="'],
        ignores: ['a basic understanding of authentication', 'Basic realm="x"', 'Basic YWJjZGVm', 'Visual Basic programming'],
    },
    {
        id: 'bearer-token',
        kind: 'bearer-token',
        class: 'credential',
        keywords: ['bearer ', 'bearer%20', 'bearer='],
        caseless: true,
        pattern: /bearer(?: {1,4}|%20|=)(?<secret>[A-Za-z0-9_~+/.-]{16,4096}={0,2})(?![A-Za-z0-9_~+/=-])/iy,
        check: isToken,
        page: 'https://www.rfc-editor.org/rfc/rfc6750',
        window: 4200,
        matches: [`Authorization: Bearer ${alnum(40)}`, `authorization: bearer ${alnum(12)}.${alnum(12, 2)}`],
        ignores: ['Bearer authentication-scheme-parameters', 'Bearer ${token}', 'Bearer aegis-bearer-token-k7q2m9xd4t2p', 'the bearer of this_letter_number_2024', 'Bearer <token>', 'Bearer short1'],
    },
    {
        id: 'auth-scheme-token',
        kind: 'auth-token',
        class: 'credential',
        keywords: ['authorization'],
        caseless: true,
        left: 'none',
        pattern: /authorization["'`\]]{0,2}[ \t]{0,4}[:=,] {0,4}["'`]{0,1}(?:token|apikey|api-key|key|ghp|splunk|genie-?key|sso-key|sharedaccesssignature|oauth|zoho-oauthtoken|discogs token=|deepgram|klaviyo-api-key|ssws|client-id|bot|pluginkey|credential)[ =]{1,3}["']?(?<secret>[A-Za-z0-9_~+/.:-]{16,600}={0,2})(?![A-Za-z0-9_~+/=-])/iy,
        check: isToken,
        page: 'https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2',
        window: 800,
        matches: [`Authorization: token ${alnum(40)}`, `"Authorization": "SSWS 00${alnum(40)}"`],
        ignores: ['Authorization: token your-token-goes-here', 'authorization: token expired'],
    },
    {
        id: 'curl-user',
        kind: 'password',
        class: 'credential',
        keywords: ['-u ', '--user ', '-u"', '--user=', "-u'", '-u='],
        left: 'token',
        pattern: /(?:-u|--user)[ =]{0,2}["']?[^\s:"'$@/\\]{1,80}:(?<secret>[^\s"'`:\\]{4,128})(?=["'\s\\]|$)/y,
        check: (secret) => !/^[0-9]+$/.test(secret) && !/^[a-z]+$/.test(secret) && !/[${}()<>]/.test(secret) && !secret.startsWith('/'),
        page: 'https://curl.se/docs/manpage.html#-u',
        matches: ['curl -u admin:Sup3rS3cret https://example.org', "curl --user 'ci:tr0ub4dor&3' https://example.org"],
        ignores: ['docker run -u 1000:1000 image', 'curl -u "$USER:$PASS" https://example.org', 'curl -u user:password https://example.org', 'docker run -u root:/bin/sh'],
    },
];
