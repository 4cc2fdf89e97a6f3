/**
 * Private keys in textual encoding (RFC 7468, RFC 1421 for headers inside, RFC 9580 section 6.2 for PGP): the whole
 * block from BEGIN to END, on lines of its own, quoted in code, as one escaped line, numbered or cited line by line; what
 * there is of a block whose end is cut off; the same in base64; SSH2's form (RFC 4716 names the public one), OpenVPN's
 * shared keys, and PuTTY's own file format.
 */
import type { DecodedText, Rule, ScannedRule, Span } from '../rule.ts';
import { base64, hex } from './samples.ts';

const PAGE = 'https://www.rfc-editor.org/rfc/rfc7468';
/** The largest block looked for, in characters: an RSA key of 8192 bits has under seven thousand. */
const WINDOW_CHARS = 16_000;
/** Base64 digits that make a body; a header alone is only a header. */
const LEAST_BODY_CHARS = 24;
/** Share of a complete block's characters that must be base64 digits: quotes, numbers and plus signs may lie between. */
const LEAST_BODY_SHARE = 0.5;

const BEGIN = /-----BEGIN[ _](?:(?:[A-Z0-9]{1,12}[ _]){0,4}PRIVATE[ _]KEY(?:[ _]BLOCK)?|OpenVPN Static key V[0-9])-----|---- BEGIN SSH2 (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY ----/y;
const END = /-----END[ _](?:(?:[A-Z0-9]{1,12}[ _]){0,4}PRIVATE[ _]KEY(?:[ _]BLOCK)?|OpenVPN Static key V[0-9])-----|---- END SSH2 (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY ----/;
/** What may stand before the body: encapsulated headers, blank lines, the rest of the line of BEGIN. */
const HEAD_LINE = /[ \t>|#*+"'`0-9:.,→-]{0,24}?(?:[A-Z][A-Za-z-]{2,20}: [^\n]{0,200})?["'`,+ \t\\]{0,12}\r?\n/y;
/** A line of a body: decoration before it (citation, diff, line numbers, quotes), digits, decoration after. */
const BODY_LINE = /[ \t>|#*+"'`0-9:.,→-]{0,24}?(?:[A-Za-z0-9+/]{16,16000}={0,2}|[A-Za-z0-9+/]{1,15}={1,2})[ \t"'`+,;)\\]{0,12}(?:\r?\n|$)/y;
/** What is left of a body after its last whole line, or the body itself when its line breaks became spaces. */
const LAST_RUN = /[ \t\r\n>|#*+"'`0-9:.,→-]{0,24}?[A-Za-z0-9+/]{16,16000}={0,2}(?: [A-Za-z0-9+/]{16,100}={0,2}){0,200}/y;

function bodyCharacters(text: string, from: number, to: number): number {
  let count = 0;
  for (const run of text.slice(from, to).match(/[A-Za-z0-9+/=]{12,}/g) ?? []) count += run.length;
  return count;
}

/** The offset after as many lines of a sort as there are, the last of which may go past `limit`. */
function skipLines(line: RegExp, text: string, from: number, limit: number): number {
  let stop = from;
  while (stop < limit) {
    line.lastIndex = stop;
    if (!line.test(text) || line.lastIndex === stop) break;
    stop = line.lastIndex;
  }
  return stop;
}

/** The block that begins at `at`, or as much of it as there is. */
function findBlock({ text }: DecodedText, at: number): Span | undefined {
  BEGIN.lastIndex = at;
  const begin = BEGIN.exec(text);
  if (begin === null) return undefined;
  const body = at + begin[0].length;
  const nextBegin = text.indexOf('-----BEGIN', body);
  const limit = Math.min(nextBegin < 0 ? text.length : nextBegin, body + WINDOW_CHARS);
  const end = END.exec(text.slice(body, limit));
  if (end !== null) {
    const digits = bodyCharacters(text, body, body + end.index);
    if (digits >= LEAST_BODY_CHARS && digits >= end.index * LEAST_BODY_SHARE) return { start: at, end: body + end.index + end[0].length };
  }
  // No end, or too much between: the lines that look like a body.
  let stop = skipLines(HEAD_LINE, text, body, limit);
  stop = skipLines(BODY_LINE, text, stop, limit);
  LAST_RUN.lastIndex = stop;
  if (LAST_RUN.test(text)) stop = LAST_RUN.lastIndex;
  if (bodyCharacters(text, body, stop) < LEAST_BODY_CHARS) return undefined;
  while (stop > body && /[\s"'`,;+\\]/.test(text.charAt(stop - 1))) stop -= 1;
  return { start: at, end: stop };
}

const lines = (salt: number): string => Array.from({ length: 6 }, (_, i) => base64(64, salt + i)).join('\n');
const RSA = `-----BEGIN RSA PRIVATE KEY-----\n${lines(1)}\n${base64(30)}==\n-----END RSA PRIVATE KEY-----`;
const PGP = `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n${lines(9)}\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----`;

const PEM: ScannedRule = {
  id: 'private-key',
  kind: 'private-key',
  class: 'credential',
  keywords: ['-----BEGIN', '---- BEGIN SSH2 '],
  left: 'none',
  window: WINDOW_CHARS,
  pattern: BEGIN,
  find: findBlock,
  page: PAGE,
  matches: [RSA, PGP, `"${RSA.replaceAll('\n', '\\n')}\\n"`, RSA.slice(0, 32 + 65 * 3 + 40), RSA.replaceAll('\n', ' '), RSA.split('\n').map((line, i) => `${String(i + 1).padStart(6)}→${line}`).join('\n'),
    `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "rsa-key"\n${lines(3)}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`, `-----BEGIN OpenVPN Static key V1-----\n${Array.from({ length: 16 }, (_, i) => hex(32, i)).join('\n')}\n-----END OpenVPN Static key V1-----`,
  ],
  ignores: [
    '-----BEGIN RSA PRIVATE KEY-----', 'const header = "-----BEGIN PRIVATE KEY-----";\nconst footer = "-----END PRIVATE KEY-----";', RSA.replaceAll('PRIVATE', 'PUBLIC'),
    `-----BEGIN CERTIFICATE-----\n${lines(4)}\n-----END CERTIFICATE-----`, `---- BEGIN SSH2 PUBLIC KEY ----\n${lines(4)}\n---- END SSH2 PUBLIC KEY ----`, '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----', 'if (pem.startsWith("-----BEGIN EC PRIVATE KEY-----")) return decodeTheKeyInsideOfIt(pem);',
  ],
};

export const PEM_RULES: readonly Rule[] = [
  PEM,
  {
    id: 'private-key-base64',
    kind: 'private-key',
    class: 'credential',
    keywords: ['LS0tLS1CRUdJTi', 'LS0tLSBCRUdJTi'],
    window: 16_384,
    pattern: /LS0tL(?:S1|SB)CRUdJTi(?:[A-Za-z0-9+/_-]{1,4}(?:\r?\n[ \t]{0,16})?){20,4000}={0,2}/y,
    check: (encoded) => {
      const text = Buffer.from(encoded.replace(/\s/g, ''), 'base64').toString('latin1');
      return /^(?:-----|---- )BEGIN (?:(?:[A-Z0-9]+ ){0,4}PRIVATE KEY|OpenVPN Static key)/.test(text) && bodyCharacters(text, 0, text.length) >= LEAST_BODY_CHARS;
    },
    page: PAGE,
    matches: [Buffer.from(RSA).toString('base64')],
    ignores: [Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines(4)}\n-----END CERTIFICATE-----`).toString('base64')],
  },
  {
    id: 'putty-private-key',
    kind: 'private-key',
    class: 'credential',
    keywords: ['Private-Lines:'],
    window: WINDOW_CHARS,
    // Between the lines what code, a diff or a numbered listing puts there.
    pattern: /Private-Lines: [0-9]{1,3}[^\nA-Za-z]{0,24}n?[^\nA-Za-z]{0,24}\r?\n[ \t>|#*+"'`0-9:.,→-]{0,24}?(?<secret>[A-Za-z0-9+/=]{16,76}(?:[\\n"'` +,]{0,12}\r?\n[ \t>|#*+"'`0-9:.,→-]{0,24}?[A-Za-z0-9+/=]{16,76}(?![A-Za-z0-9+/=-])){0,120}(?:\r?\n[A-Za-z0-9+/=]{1,15}(?![A-Za-z0-9+/=:-]))?)/y,
    page: 'https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html',
    matches: [`Private-Lines: 3\n${base64(64)}\n${base64(64, 2)}\n${base64(40, 3)}==\nPrivate-MAC: 0`, `Private-Lines: 1\n     9\t${base64(47)}=\n    10\tPrivate-MAC: 0`],
    ignores: ['Private-Lines: 14', 'Private-Lines: none'],
  },
];
