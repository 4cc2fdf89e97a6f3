/**
 * Text that is there and isn't seen: tag characters (Unicode, section 23.9), which spell hidden words; bidirectional
 * overrides and isolates (UAX #9), which make code look like other code (https://trojansource.codes); and long runs of
 * characters without width, or such characters strewn between letters, which hide data or words (UTS #39, section 3).
 * Emoji sequences (UTS #51), joiners of the scripts that need them, and right-to-left text as it is ordinarily marked
 * are left alone.
 */
import type { Literal } from '../detect/prefilter.ts';

export interface HiddenRun {
  readonly kind: 'tag-characters' | 'bidi-override' | 'zero-width-run';
  /** UTF-16 offsets of the hidden characters alone, so that they can be cut out. */
  readonly start: number;
  readonly end: number;
}

const ANY = /[\u00ad\u034f\u061c\u180e\u200b-\u200d\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]|\udb40[\udc00-\uddef]/;

/** So many in a row no script and no emoji needs. */
const LONG_RUN = 4;
const LONG_SELECTORS = 3;
/** Between letters so many within so many characters hide something. */
const STREWN = 4;
const STREWN_CHARS = 240;

const BLACK_FLAG = 0x1f3f4;
const CANCEL_TAG = 0xe007f;
/** Letters and digits of a region's subdivision, e.g. `gbeng` (UTS #51, annex C). */
const LONGEST_SUBDIVISION = 7;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b][\udc00-\udfff]/;
const LEFT_TO_RIGHT_LETTER = /[A-Za-z]/;

const isSelector = (code: number): boolean => (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef);
function isZeroWidth(code: number): boolean {
  return (code >= 0x200b && code <= 0x200d) || (code >= 0x2060 && code <= 0x2064) || code === 0xfeff || code === 0x180e || code === 0xad || code === 0x34f;
}
const isTag = (code: number): boolean => code >= 0xe0000 && code <= 0xe007f;
const isBidi = (code: number): boolean => (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
const units = (code: number): number => (code > 0xffff ? 2 : 1);

/** The end of a flag's tag sequence that begins at `at`, behind its black flag; `at` itself where there is none. */
function flagEnd(text: string, at: number): number {
  if (at < 2 || text.codePointAt(at - 2) !== BLACK_FLAG) return at;
  let i = at;
  for (let length = 0; length <= LONGEST_SUBDIVISION; length += 1) {
    const code = text.codePointAt(i) ?? 0;
    if (code === CANCEL_TAG) return length >= 3 ? i + 2 : at;
    const letter = code - 0xe0000;
    if (!((letter >= 0x30 && letter <= 0x39) || (letter >= 0x61 && letter <= 0x7a))) return at;
    i += 2;
  }
  return at;
}

/** Runs of tags, and long runs of what has no width. */
function findRuns(text: string, found: HiddenRun[], strewn: number[]): void {
  let i = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (i < text.length) {
    const code = text.codePointAt(i) ?? 0;
    if (isTag(code)) {
      const start = Math.max(i, flagEnd(text, i));
      i = start;
      while (isTag(text.codePointAt(i) ?? 0)) i += 2;
      if (i > start) found.push({ kind: 'tag-characters', start, end: i });
    } else if (isZeroWidth(code) || isSelector(code)) {
      const start = i;
      let length = 0;
      let selectors = 0;
      for (let next = code; isZeroWidth(next) || isSelector(next); next = text.codePointAt(i) ?? 0) {
        length += 1;
        if (isSelector(next)) selectors += 1;
        i += units(next);
      }
      if (length >= LONG_RUN || selectors >= LONG_SELECTORS) found.push({ kind: 'zero-width-run', start, end: i });
      else if (selectors === 0 && isStrewn(text, start, i)) strewn.push(start, i);
    } else {
      i += units(code);
    }
  }
}

/** Whether what has no width stands between two letters, where neither a hyphenation nor a break in a long name would. */
function isStrewn(text: string, start: number, end: number): boolean {
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  if (!LEFT_TO_RIGHT_LETTER.test(before) || !LEFT_TO_RIGHT_LETTER.test(after)) return false;
  if (/[a-z]/.test(before) && /[A-Z]/.test(after)) return false;
  if (text.charCodeAt(start) !== 0xad) return true;
  // A hyphenation leaves two letters at least on both sides.
  return !/[A-Za-z]{2}$/.test(text.slice(Math.max(0, start - 2), start)) || !/^[A-Za-z]{2}/.test(text.slice(end, end + 2));
}

/** Of the places between letters, those that stand close to enough others. */
function findStrewn(strewn: readonly number[], found: HiddenRun[]): void {
  const count = strewn.length / 2;
  let marked = -1;
  for (let first = 0; first + STREWN - 1 < count; first += 1) {
    const last = first + STREWN - 1;
    if ((strewn[2 * last] ?? 0) - (strewn[2 * first] ?? 0) > STREWN_CHARS) continue;
    for (let k = Math.max(first, marked + 1); k <= last; k += 1) {
      found.push({ kind: 'zero-width-run', start: strewn[2 * k] ?? 0, end: strewn[2 * k + 1] ?? 0 });
    }
    marked = last;
  }
}

const POP_EMBEDDING = 0x202c;
const LEFT_OVERRIDE = 0x202d;
const RIGHT_OVERRIDE = 0x202e;
const FIRST_ISOLATE = 0x2066;
const FIRST_STRONG = 0x2068;
const POP_ISOLATE = 0x2069;

/** Whether a balanced pair changes nothing that a reader of right-to-left text would not expect. */
function isOrdinary(opener: number, inside: string, line: boolean): boolean {
  if (opener === LEFT_OVERRIDE) return false;
  if (opener === RIGHT_OVERRIDE) return RIGHT_TO_LEFT.test(inside) && !LEFT_TO_RIGHT_LETTER.test(inside);
  // Message formatters isolate every value they fill in (https://projectfluent.org, "FSI and PDI").
  return line || opener === FIRST_STRONG;
}

/** Overrides, embeddings and isolates of one line; a line's end closes all (UAX #9, rule X8). */
function findInLine(text: string, start: number, end: number, found: HiddenRun[]): void {
  const places: number[] = [];
  for (let i = start; i < end; i += 1) if (isBidi(text.charCodeAt(i))) places.push(i);
  if (places.length === 0) return;
  const rightToLeft = RIGHT_TO_LEFT.test(text.slice(start, end));
  const open: number[] = [];
  let ordinary = true;
  for (const at of places) {
    const code = text.charCodeAt(at);
    if (code !== POP_EMBEDDING && code !== POP_ISOLATE) {
      open.push(at);
      continue;
    }
    const opener = open.pop();
    const opening = opener === undefined ? 0 : text.charCodeAt(opener);
    const matches = opening !== 0 && (code === POP_ISOLATE) === (opening >= FIRST_ISOLATE);
    if (!matches || !isOrdinary(opening, text.slice((opener ?? 0) + 1, at), rightToLeft)) ordinary = false;
  }
  if (ordinary && open.length === 0) return;
  for (const at of places) {
    const last = found[found.length - 1];
    if (last !== undefined && last.kind === 'bidi-override' && last.end === at) found[found.length - 1] = { ...last, end: at + 1 };
    else found.push({ kind: 'bidi-override', start: at, end: at + 1 });
  }
}

/** Hidden characters of a text, in order, not overlapping; none in an ordinary text. Linear, and it never throws. */
export function findHidden(text: string): readonly HiddenRun[] {
  if (!ANY.test(text)) return [];
  const found: HiddenRun[] = [];
  const strewn: number[] = [];
  findRuns(text, found, strewn);
  findStrewn(strewn, found);
  if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) {
    for (let start = 0; start <= text.length; ) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      findInLine(text, start, end, found);
      start = end + 1;
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i));
}

/** Joiners, the byte order mark and the soft hyphen are common alone; two of them side by side aren't. */
const COMMON = ['\u200c', '\u200d', '\ufeff', '\u00ad', '\u034f'];
const PRESENTATION = ['\ufe0e', '\ufe0f'];
const RARE = [
  ...range(0x202a, 0x202e), ...range(0x2066, 0x2069), ...range(0x2060, 0x2064), '\u200b', '\u180e',
  ...range(0xfe00, 0xfe0d),
  ...[...COMMON, ...PRESENTATION].flatMap((one) => [...COMMON, ...PRESENTATION].map((other) => one + other)).filter((pair) => pair !== '\ufe0f\u200d'),
  // Between letters: the letters that most words have.
  ...COMMON.flatMap((one) => [...'eiaotnrsl'].map((letter) => one + letter)),
];

/** As JSON writes what is not ASCII (RFC 8259 section 7). */
function escapedForm(text: string): string {
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Literals of raw bytes, plain and as JSON's escapes, of which one stands in every text in which something is found. */
export const HIDDEN_WAKERS: readonly Literal[] = [
  ...range(0xe0000, 0xe007f).map((text): Literal => ({ text, caseless: false })),
  ...range(0xe0100, 0xe01ef).map((text): Literal => ({ text, caseless: false })),
  ...RARE.map((text): Literal => ({ text, caseless: false })),
  { text: '\\udb40\\udc', caseless: true },
  { text: '\\udb40\\udd', caseless: true },
  ...RARE.map((text): Literal => ({ text: escapedForm(text), caseless: true })),
];
