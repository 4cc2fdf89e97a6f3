/**
 * A secret by its context: a name that says what it is, an assignment in whatever syntax, and a value that may be one.
 * Entropy alone never decides; the name must stand before it.
 */
import { judgeName } from './context-name.ts';
import type { NameVerdict, SecretSort } from './context-name.ts';
import { MAX_VALUE_CHARS, mayBeSecret } from './context-value.ts';
import type { DecodedText, Span } from './rule.ts';

/** Characters of a name on each side of the keyword. */
const NAME_CHARS = 48;
/** Raw bytes between a name and its value, escapes included. */
const GLANCE_GAP_BYTES = 48;
const GLANCE_VALUE_BYTES = 96;
/** The same after a word such as `is`, or after a flag: the value follows at once. */
const GLANCE_WORD_BYTES = 32;

// Classes of bytes for the first look.
const NAME = 1;
const GAP = 2;
const OPERATOR = 4;
const VALUE = 8;
const TELLING = 16;
const LETTER = 32;

const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 128; byte += 1) {
  const character = String.fromCharCode(byte);
  let sorts = 0;
  if (/[A-Za-z0-9_.-]/.test(character)) sorts |= NAME;
  if (/[\s"'`\\\])*?!{}]/.test(character)) sorts |= GAP;
  if (/[=:>,|(.+]/.test(character)) sorts |= OPERATOR;
  if (/[!-~]/.test(character) && !/["'`<>\\\s()[\]{},;]/.test(character)) sorts |= VALUE;
  if (/[0-9!@#$%^*+=?~&]/.test(character)) sorts |= TELLING;
  if (/[A-Za-z]/.test(character)) sorts |= LETTER;
  CLASS[byte] = sorts;
}
/** The first letters of what may go on from a keyword in the same word: password, passphrase, authorization, keys. */
const CONTINUES = new Uint8Array(256);
for (const letter of 'wpcoestkWPCOESTK') CONTINUES[letter.charCodeAt(0)] = 1;
const LOWER_S = 0x73;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const BACKSLASH = 0x5c;
const DASH = 0x2d;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const DOT = 0x2e;
const DOLLAR = 0x24;
const LOWER_U = 0x75;
/** Letters that a backslash makes another character of. */
const ESCAPE_LETTER = new Uint8Array(256);
for (const letter of 'bfnrt') ESCAPE_LETTER[letter.charCodeAt(0)] = 1;
/** The word before a name. */
const LEAST_WORD_CHARS = 2;
const MOST_WORD_CHARS = 20;
/** A run of letters alone is random only when it is so long. */
const GLANCE_LETTERS = 20;
const GLANCE_RUN = 6;

/** Whether the name goes on from the keyword as no secret's name does: keyboard, author, passed. */
function isOtherWord(bytes: Uint8Array, after: number, length: number): boolean {
  const last = bytes[after - 1] ?? 0;
  const next = bytes[after] ?? 0;
  if (((CLASS[next] ?? 0) & LETTER) === 0 || ((last ^ next) & 0x20) !== 0) return false;
  if (length === 3) return (next | 0x20) !== LOWER_S;
  return CONTINUES[next] === 0;
}

/** Whether a flag's name begins before `at`: two dashes and then only characters of a name. */
function isFlag(bytes: Uint8Array, at: number, start: number): boolean {
  const limit = Math.max(start, at - NAME_CHARS);
  for (let i = at - 1; i > limit; i -= 1) {
    if (((CLASS[bytes[i] ?? 0] ?? 0) & NAME) === 0) return false;
    if (bytes[i] === DASH && bytes[i - 1] === DASH) return true;
  }
  return false;
}

/**
 * Whether a value that could be a secret follows soon: an operator, or what may stand for one, after the name, and then
 * on the same line a run of characters with a digit or a sign among them, or a long run of letters.
 */
export function glanceAssigned(bytes: Uint8Array, at: number, length: number, start: number, end: number, sort: SecretSort): boolean {
  if ((bytes[at] ?? 0) >= 0x80) return asciiFollows(bytes, at + length, end);
  for (let i = at + 1; i < at + length; i += 1) if ((bytes[i] ?? 0) >= 0x80) return asciiFollows(bytes, wordEnd(bytes, at + length, end), end);
  return valueFollows(bytes, at, length, start, end) && mayBeNamed(bytes, at, length, start, end, sort);
}

/** The end of the word that goes on at `at`; a keyword's bytes may be more than its characters. */
function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && i - at < NAME_CHARS && ((bytes[i] ?? 0) >= 0x80 || ((CLASS[bytes[i] ?? 0] ?? 0) & LETTER) !== 0)) i += 1;
  return i;
}

/** Whether ASCII that may be a value follows a word of another script, on the same line and soon. */
function asciiFollows(bytes: Uint8Array, after: number, end: number): boolean {
  const limit = Math.min(end, after + GLANCE_GAP_BYTES);
  let i = after;
  while (i < limit && ((bytes[i] ?? 0) >= 0x80 || ((CLASS[bytes[i] ?? 0] ?? 0) & (GAP | OPERATOR)) !== 0)) {
    if (bytes[i] === BACKSLASH && bytes[i + 1] !== BACKSLASH) return true;
    i += 1;
  }
  const value = i;
  while (i < end && i - value < GLANCE_RUN && ((CLASS[bytes[i] ?? 0] ?? 0) & VALUE) !== 0) i += 1;
  return i - value === GLANCE_RUN || bytes[i] === BACKSLASH;
}

function valueFollows(bytes: Uint8Array, at: number, length: number, start: number, end: number): boolean {
  let i = at + length;
  if (isOtherWord(bytes, i, length)) return false;
  const nameEnd = Math.min(end, at + NAME_CHARS);
  while (i < nameEnd && ((CLASS[bytes[i] ?? 0] ?? 0) & NAME) !== 0) i += 1;
  if (i - at >= NAME_CHARS) return false;
  const limit = Math.min(end, i + GLANCE_GAP_BYTES);
  const gapStart = i;
  let operator = false;
  for (; i < limit; i += 1) {
    const byte = bytes[i] ?? 0;
    const sorts = CLASS[byte] ?? 0;
    if (byte >= 0x80) return true;
    if ((sorts & OPERATOR) !== 0) {
      operator = true;
      i += 1;
      break;
    }
    if ((sorts & GAP) === 0) {
      // The n, r and t of an escape are no letters.
      if (bytes[i - 1] === BACKSLASH && i > gapStart) continue;
      break;
    }
  }
  if (i >= end) return false;
  if (!operator && !standsForOperator(bytes, i, gapStart, end) && !isFlag(bytes, at, start)) return false;

  const stop = Math.min(end, i + (operator ? GLANCE_VALUE_BYTES : GLANCE_WORD_BYTES));
  let run = 0;
  let telling = false;
  let seen = false;
  for (; i < stop; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === BACKSLASH) {
      const next = bytes[i + 1] ?? 0;
      if (next === LOWER_U) return true;
      if (seen && (next === LOWER_N || next === LOWER_R)) return false;
      if (next !== BACKSLASH) i += 1;
      run = 0;
      telling = false;
      continue;
    }
    if (byte === LINE_FEED && seen) return false;
    const sorts = CLASS[byte] ?? 0;
    if ((sorts & VALUE) === 0) {
      run = 0;
      telling = false;
      continue;
    }
    run += 1;
    if ((sorts & LETTER) !== 0) seen = true;
    if ((sorts & TELLING) !== 0) telling = true;
    if ((telling && run >= GLANCE_RUN) || run >= GLANCE_LETTERS) return true;
  }
  return run >= GLANCE_RUN && (telling || run >= GLANCE_LETTERS / 2);
}

/** Whether a byte may belong to a name; a dollar sign is looked at only here. */
function isNameByte(byte: number): boolean {
  return ((CLASS[byte] ?? 0) & NAME) !== 0 || byte === DOLLAR;
}

/** Whether the name around the keyword may be a secret's, as {@link findAssigned} will see it. True where escapes leave it open. */
function mayBeNamed(bytes: Uint8Array, at: number, length: number, start: number, end: number, sort: SecretSort): boolean {
  let nameStart = at;
  while (nameStart > start && at - nameStart < NAME_CHARS && isNameByte(bytes[nameStart - 1] ?? 0)) nameStart -= 1;
  let nameEnd = at + length;
  while (nameEnd < end && nameEnd - at < NAME_CHARS && isNameByte(bytes[nameEnd] ?? 0)) nameEnd += 1;
  if (at - nameStart === NAME_CHARS || nameEnd - at >= NAME_CHARS || bytes[nameEnd] === BACKSLASH) return true;
  if (bytes[nameStart - 1] === BACKSLASH) {
    if (nameStart === at) return true;
    // The letter of an escape is no part of the name; what \uXXXX stands for may be.
    const letter = bytes[nameStart] ?? 0;
    if (letter === LOWER_U) return true;
    if (ESCAPE_LETTER[letter] === 1) nameStart += 1;
  }
  while (nameEnd > at + length && (bytes[nameEnd - 1] === DOT || bytes[nameEnd - 1] === DASH)) nameEnd -= 1;
  const previous = bytes[nameStart - 1];
  const before = nameStart > start && (previous === SPACE || previous === TAB) ? lettersBefore(bytes, nameStart - 1, start) : '';
  return judgeName(latin(bytes, nameStart, nameEnd), before)?.sort === sort;
}

/** The word that ends before `end`, as {@link wordBefore} sees it; an escape before it makes no difference to a verdict. */
function lettersBefore(bytes: Uint8Array, end: number, start: number): string {
  let from = end;
  while (from > start && end - from < MOST_WORD_CHARS && ((CLASS[bytes[from - 1] ?? 0] ?? 0) & LETTER) !== 0) from -= 1;
  if (from > start && bytes[from - 1] === BACKSLASH) from += 1;
  return end - from < LEAST_WORD_CHARS ? '' : latin(bytes, from, end);
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i += 1) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

/** A quote after white space, or one of the few words that stand between a name and its value. */
function standsForOperator(bytes: Uint8Array, at: number, gapStart: number, end: number): boolean {
  if (at === gapStart) return false;
  if (bytes[at - 1] === 0x27 || bytes[at - 1] === 0x22) return true;
  const word = String.fromCharCode(bytes[at] ?? 0, at + 1 < end ? (bytes[at + 1] ?? 0) : 0).toLowerCase();
  if (((CLASS[bytes[at] ?? 0] ?? 0) & VALUE) !== 0 && bytes[at - 1] === SPACE) return true;
  return word === 'is' || word === 'wa' || word === 'be' || word === 'or' || word === 'va' || word === 'de' || word === 'co';
}

const NAME_CHARACTER = /[A-Za-z0-9_.$-]/;
/** Between a name and its value; the alternatives go from the longest syntax to the shortest. */
const ASSIGNMENTS: readonly { readonly pattern: RegExp; readonly quotedOnly: boolean; readonly line: boolean; readonly element?: true }[] = [
  // const password: string = "…", String? = "…"
  { pattern: /[ \t]{0,4}\??:[ \t]{0,4}[A-Za-z_&*][\w<>[\]|., ?&*]{0,48}?[ \t]{0,4}=[ \t]{0,4}/y, quotedOnly: true, line: false },
  // name="password" value="…", "name": "DB_PASSWORD", "value": "…", - name: X\n  value: …
  { pattern: /["'`]{0,2}(?:[ \t]{0,8}[,{]|\s)\s{0,24}["']?(?:value|default|defaultValue|content)["']?[ \t]{0,4}[:=][ \t]{0,4}/y, quotedOnly: false, line: true },
  // getenv("API_KEY") or "…", env.API_KEY ?? '…'
  { pattern: /["'`]?[\])]{0,2}[ \t]{0,4}(?:\|\||\?\?|or|\?:)[ \t]{1,4}/y, quotedOnly: true, line: false },
  // token: |\n  …
  { pattern: /["']?[ \t]{0,4}:[ \t]{0,4}[|>][+-]?\r?\n[ \t]{1,24}/y, quotedOnly: false, line: true },
  // var token string = "…", api_key varchar := '…'
  { pattern: /[ \t]{1,4}\*?[A-Za-z]\w{1,20}[ \t]{1,4}:?=[ \t]{1,4}/y, quotedOnly: true, line: false },
  // =, :=, ?=, ||=, +=, =>, ==, :, ：, ->, →, |
  { pattern: /["'`\])*_?!]{0,4}[ \t]{0,12}(?:[:?|.+]{0,3}={1,3}>?|:{1,2}|->|→|：|＝|\|)[ \t]{0,12}(?:\*{2}[ \t]{0,2})?/y, quotedOnly: false, line: true },
  // a row of a table: name,value,
  { pattern: /,(?=[^\s,]{8,256}(?:,|\r?\n|$))/y, quotedOnly: false, line: true },
  { pattern: /["'`*]{0,3}(?:[ \t](?:for|of|to|on)[ \t][\w. -]{1,24})?[ \t]{1,3}(?:is|was|be|should be|will be|must be)[ \t]{0,2}[:=]?[ \t]{1,2}/y, quotedOnly: true, line: true },
  { pattern: /[ \t](?:for|of|to|on)[ \t][\w. -]{1,24}[:=][ \t]{0,2}/y, quotedOnly: false, line: true },
  { pattern: /["'`*]{0,3}[ \t]{0,2}(?:是|为|為|即)[ \t]{0,2}[:：=]?[ \t]{0,2}/y, quotedOnly: false, line: true },
  // ("API_KEY", "…"), .password("…")
  { pattern: /["'`][ \t]{0,4},\s{0,8}/y, quotedOnly: true, line: false },
  { pattern: /\([ \t]{0,2}/y, quotedOnly: true, line: false },
  // <password>…</password>
  { pattern: /(?:[ \t][^<>\n]{0,64})?>\s{0,24}(?:<!\[CDATA\[)?/y, quotedOnly: false, line: true, element: true },
  // <string name="api_key">…</string>
  { pattern: /["'](?:[ \t][^<>\n]{0,64})?>\s{0,24}/y, quotedOnly: false, line: true, element: true },
  // the access token …: in prose, when what follows can be nothing else
  { pattern: /[ \t](?=[A-Za-z0-9+/_-]{0,40}[0-9])(?=[A-Za-z0-9+/_-]{0,40}[A-Z])(?=[A-Za-z0-9+/_-]{0,40}[a-z])(?=[A-Za-z0-9+/_-]{20,200}={0,2}(?:[\s.,;)]|$))/y, quotedOnly: false, line: false },
  // PASSWORD '…'
  { pattern: /[ \t]{1,4}(?=["'])/y, quotedOnly: true, line: false },
];
const FLAG_SPACE = /[ \t]{1,4}/y;
/** What makes the name a setting to which the next word is given: ENV of a Dockerfile, setenv, fish's set, `aws configure set`. */
const SETTING_BEFORE = /(?:(?:^|[\n;"'`])[ \t]{0,8}(?:ENV|ARG|setenv|set -[a-z]{1,3}|SetEnv)|configure set)[ \t]{1,4}$/;
/** After a Chinese, Japanese or Korean word no operator is needed. */
const IDEOGRAPHIC_GAP = /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{0,4}["'`*]{0,2}(?:[（(][\u4e00-\u9fff]{1,8}[）)])?[（(]?[ \t]{0,2}(?:[:：=＝|][ \t]{0,2}(?:\*{2}[ \t]{0,2})?)?/y;
/** What may stand before the value itself: an opening bracket, a string's prefix, the scheme of a header. */
const LEAD = /[([]?[ \t]{0,2}(?:(?:Bearer|Basic|Token|ApiKey)[ \t]{1,2})?(?:[rbfuLR@$]{1,2}(?=["'`]))?/y;
const BARE_LINE = /[!#-&(-;=?-_a-~]{1,512}/y;
const BARE = /[!#-&*-:=?-_a-z|~]{1,512}/y;
/** Inside a bare value, what ends it: the next field of a form or a query, a statement's end. */
const FIELD_END = /[&;,](?=[A-Za-z_][\w .-]{0,40}=)|;$|,$|[)}\]]{1,3}[;,.]?$|[.。:]$/;
const QUOTES = '"\'`“「『';
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”', '「': '」', '『': '』' };

interface Value extends Span {
  readonly quoted: boolean;
}

/** The length of a character in the raw input, which tells an escaped quote from a deeper one. */
function rawLength(text: DecodedText, index: number): number {
  return text.rawOffset(index + 1) - text.rawOffset(index);
}

function quotedValue(decoded: DecodedText, open: number): Value | undefined {
  const { text } = decoded;
  const close = CLOSING[text.charAt(open)] ?? '"';
  const length = rawLength(decoded, open);
  const limit = Math.min(text.length, open + 2 + MAX_VALUE_CHARS);
  let first = -1;
  for (let i = open + 1; i < limit; i += 1) {
    const character = text.charAt(i);
    if (character === '\n') break;
    if (character !== close) continue;
    if (rawLength(decoded, i) === length) return { start: open + 1, end: i, quoted: true };
    if (first < 0) first = i;
  }
  return first < 0 ? undefined : { start: open + 1, end: first, quoted: true };
}

function bareValue(decoded: DecodedText, from: number, line: boolean): Value | undefined {
  const { text } = decoded;
  const pattern = line ? BARE_LINE : BARE;
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  if (match === null || match[0].length >= MAX_VALUE_CHARS) return undefined;
  let value = match[0];
  const field = FIELD_END.exec(value);
  if (field !== null && field.index > 0) value = value.slice(0, field.index).replace(/[;,]$/, '');
  return { start: from, end: from + value.length, quoted: false };
}

function valueAfter(decoded: DecodedText, from: number, quotedOnly: boolean, line: boolean): Value | undefined {
  LEAD.lastIndex = from;
  let start = LEAD.test(decoded.text) ? LEAD.lastIndex : from;
  if (QUOTES.includes(decoded.text.charAt(start)) && start < decoded.text.length) {
    const value = quotedValue(decoded, start);
    if (value === undefined) return bareValue(decoded, start + 1, line);
    // "Bearer …" within the quotes.
    LEAD.lastIndex = value.start;
    if (LEAD.test(decoded.text)) start = LEAD.lastIndex;
    return start > value.start && start < value.end ? { ...value, start } : value;
  }
  return quotedOnly && !line ? undefined : bareValue(decoded, start, line);
}

/** Whether a bare value is all there is up to the line's end, as in settings files, and not a piece of a statement. */
function endsLine(text: string, end: number): boolean {
  const next = text.charAt(end);
  return next === '' || next === '\n' || next === '\r' || next === '<' || next === '&' || next === '|';
}

/** The secret that is assigned to the name around the keyword at `at`, when both name and value are of that sort. */
export function findAssigned(decoded: DecodedText, at: number, length: number, sort: SecretSort): Span | undefined {
  const { text } = decoded;
  const ideographic = text.charCodeAt(at) > 0x2fff;
  if (ideographic) {
    IDEOGRAPHIC_GAP.lastIndex = at + length;
    if (!IDEOGRAPHIC_GAP.test(text)) return undefined;
    return judged(decoded, valueAfter(decoded, IDEOGRAPHIC_GAP.lastIndex, false, false), { sort, trust: 'strong' as const });
  }
  let nameStart = at;
  while (nameStart > 0 && at - nameStart < NAME_CHARS && NAME_CHARACTER.test(text.charAt(nameStart - 1))) nameStart -= 1;
  let nameEnd = at + length;
  while (nameEnd < text.length && nameEnd - at < NAME_CHARS && NAME_CHARACTER.test(text.charAt(nameEnd))) nameEnd += 1;
  while (nameEnd > at + length && /[.-]/.test(text.charAt(nameEnd - 1))) nameEnd -= 1;
  const name = text.slice(nameStart, nameEnd);
  const foreign = sort === 'password' && /[^\x00-\x7f]/.test(text.slice(at, at + length));
  const verdict: NameVerdict | undefined = foreign ? { sort, trust: 'strong' as const } : judgeName(name, wordBefore(text, nameStart));
  if (verdict === undefined || verdict.sort !== sort) return undefined;
  // The verdict of a test, and the verb: no password.
  if (/^pass$/i.test(name) && (name === 'PASS' ? /^: /y : /^ ["']/y).test(text.slice(nameEnd, nameEnd + 2))) return undefined;

  if (name.startsWith('--') || SETTING_BEFORE.test(text.slice(Math.max(0, nameStart - 32), nameStart))) {
    FLAG_SPACE.lastIndex = nameEnd;
    if (FLAG_SPACE.test(text) && !/[=:|>]/.test(text.charAt(FLAG_SPACE.lastIndex))) {
      return judged(decoded, valueAfter(decoded, FLAG_SPACE.lastIndex, false, true), verdict);
    }
  }
  for (const { pattern, quotedOnly, line, element } of ASSIGNMENTS) {
    pattern.lastIndex = nameEnd;
    if (!pattern.test(text)) continue;
    const value = cellOnly(text, nameEnd, valueAfter(decoded, pattern.lastIndex, quotedOnly, line));
    // The text of an element ends where its end tag begins: `<user>:<password>@host` is none.
    if (element === true && value !== undefined && !/^\s{0,24}(?:<\/|\]\]>)/.test(text.slice(value.end, value.end + 28))) continue;
    const span = judged(decoded, value, verdict);
    if (span !== undefined) return span;
  }
  return undefined;
}

const WORD_BEFORE = new RegExp(`([A-Za-z]{${LEAST_WORD_CHARS},${MOST_WORD_CHARS}})[ \\t]$`);

/**
 * Behind a bar the value is a cell of a table, which ends at the next bar. Without a space beside it a bar parts the
 * branches of a pattern: `pass|w0rd|p4ss` is no assignment.
 */
function cellOnly(text: string, nameEnd: number, value: Value | undefined): Value | undefined {
  if (value === undefined || value.quoted) return value;
  const between = text.slice(nameEnd, value.start);
  if (!between.trimEnd().endsWith('|')) return value;
  if (!/\s/.test(between)) return undefined;
  const bar = text.indexOf('|', value.start);
  return bar < 0 || bar >= value.end ? value : { ...value, end: bar };
}

/** The word before a name of one word, as in `api key: …`. */
function wordBefore(text: string, nameStart: number): string {
  return WORD_BEFORE.exec(text.slice(Math.max(0, nameStart - MOST_WORD_CHARS - 2), nameStart))?.[1] ?? '';
}

function judged(decoded: DecodedText, value: Value | undefined, verdict: NameVerdict): Span | undefined {
  if (value === undefined || value.end <= value.start) return undefined;
  const { text } = decoded;
  // A bare value that goes on with an opening bracket is a call, an index or a type.
  if (!value.quoted && /[([{]/.test(text.charAt(value.end))) return undefined;
  const settled = value.quoted || endsLine(text, value.end);
  return mayBeSecret(text.slice(value.start, value.end), verdict, settled) ? { start: value.start, end: value.end } : undefined;
}
