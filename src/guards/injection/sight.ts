/**
 * A first look at a text as it came, in one pass over its characters: whether anything in it may be in disguise, and where
 * it has long runs that may be another writing. It cuts nothing out, so that a text that has none of it costs little.
 */
import { codesOf } from './codes.ts';
import { LATIN_OF, LEET, TELLING_WORDS } from './fold-tables.ts';

export interface Sight {
  /** Nothing but ASCII that is seen. */
  ascii: boolean;
  entities: boolean;
  backslashes: boolean;
  /** Letters, each on its own: `i g n o r e`. */
  spaced: boolean;
  /** Ideographs, each on its own. */
  spacedIdeographs: boolean;
  /** A telling word with digits or signs for letters, with a dash within, or with its letters mixed up. */
  leet: boolean;
  dashed: boolean;
  scrambled: boolean;
  /** A Latin letter beside one of another script that looks like one. */
  mixed: boolean;
  /** A telling word in reverse, or turned by thirteen letters. */
  reversed: boolean;
  turned: boolean;
  spacedHex: boolean;
  /** Runs of letters of base64, with their ends: pairs. */
  readonly runs: number[];
}

export const SHORTEST_RUN = 24;
const FEWEST_SPACED = 4;
const FEWEST_IDEOGRAPHS = 5;
const FEWEST_HEX = 10;
/** So many words with mixed letters make no slip of the fingers. */
const FEWEST_SCRAMBLED = 2;
const SHORTEST_SCRAMBLED = 5;

/** What a character is. */
const LETTER = 1;
const DIGIT = 2;
const LEET_SIGN = 4;
/** A letter of base64 or of its form for addresses (RFC 4648). */
const RUN = 8;
const HEX = 16;
const KINDS = new Uint8Array(128);
/** The lower-case letter of a character with its kind above it, and the letter a sign stands for. */
const LOWER = new Uint8Array(128);
const KIND_BITS = 8;
const LETTERS = new Uint16Array(128);
const READ = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  let kind = 0;
  if (/[A-Za-z]/.test(character)) kind |= LETTER;
  if (/[0-9]/.test(character)) kind |= DIGIT;
  if (/[@$!|]/.test(character)) kind |= LEET_SIGN;
  if (/[A-Za-z0-9+/_-]/.test(character)) kind |= RUN;
  if (/[0-9a-fA-F]/.test(character)) kind |= HEX;
  KINDS[code] = kind;
  LOWER[code] = character.toLowerCase().charCodeAt(0);
  LETTERS[code] = (kind << KIND_BITS) | character.toLowerCase().charCodeAt(0);
  READ[code] = (LEET[character] ?? character.toLowerCase()).charCodeAt(0);
}

const SUM_SLOTS = 4096;
const sumOf = (word: string): number => {
  let sum = 0;
  for (let i = 0; i < word.length; i += 1) sum = (Math.imul(sum, 31) + word.charCodeAt(i)) | 0;
  return sum;
};
const slotOf = (sum: number): number => (Math.imul(sum, 0x9e3779b1) >>> 20) & (SUM_SLOTS - 1);
const TELLING = 1;
const REVERSED = 2;
const TURNED = 4;
const SCRAMBLED = 8;
/** What a word of a sum is, and by slots of sums whether to look there at all. */
const BY_SUM = new Map<number, number>();
const MAY_BE = new Uint8Array(SUM_SLOTS);
function note(sum: number, bit: number): void {
  BY_SUM.set(sum, (BY_SUM.get(sum) ?? 0) | bit);
  MAY_BE[slotOf(sum)] = 1;
}
function kindsOf(sum: number): number {
  return MAY_BE[slotOf(sum)] === 0 ? 0 : (BY_SUM.get(sum) ?? 0);
}
/** Its first and last letter and all of its letters in whatever order. */
const mixedSum = (first: number, last: number, squares: number, length: number): number => (Math.imul(squares, 131) + first * 7 + last * 3 + length) | 0;
const turn = (word: string): string => word.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
for (const word of TELLING_WORDS) {
  for (const [form, bit] of [[word, TELLING], [[...word].reverse().join(''), REVERSED], [turn(word), TURNED]] as const) {
    note(sumOf(form), bit);
  }
  let squares = 0;
  for (let i = 0; i < word.length; i += 1) squares += word.charCodeAt(i) ** 2;
  if (word.length >= SHORTEST_SCRAMBLED) note(mixedSum(word.charCodeAt(0), word.charCodeAt(word.length - 1), squares, word.length), SCRAMBLED);
}
const LOOKALIKES = new Uint8Array(65_536);
for (const letter of LATIN_OF.keys()) LOOKALIKES[letter.charCodeAt(0)] = 1;

const TELLING_SET = new Set(TELLING_WORDS);
/** Small words that go with them. */
const SLIPS: ReadonlyMap<string, string> = new Map([['teh', 'the'], ['adn', 'and'], ['yuor', 'your'], ['yoru', 'your'], ['lal', 'all'], ['aer', 'are'], ['wiht', 'with']]);
const sorted = (word: string): string => word.charAt(0) + [...word.slice(1, -1)].sort().join('') + word.charAt(word.length - 1);
const BY_LETTERS = new Map(TELLING_WORDS.map((word) => [sorted(word), word]));

/** The telling word whose inner letters are mixed up in another; undefined for one that is spelt right or is none. */
export function unscrambled(word: string): string | undefined {
  return TELLING_SET.has(word) ? undefined : (SLIPS.get(word) ?? BY_LETTERS.get(sorted(word)));
}

const isIdeograph = (code: number): boolean => code >= 0x3400 && code <= 0x9fff;

/** Whether a word is a telling one when digits and signs are read as letters; a mark at its end is only a mark. */
function isLeet(text: string, start: number, end: number): boolean {
  let sum = 0;
  let before = 0;
  for (let i = start; i < end; i += 1) {
    before = sum;
    sum = (Math.imul(sum, 31) + (READ[text.charCodeAt(i)] as number)) | 0;
  }
  return (kindsOf(sum) & TELLING) !== 0 || (text.charCodeAt(end - 1) === 0x21 && (kindsOf(before) & TELLING) !== 0);
}

/** Looks once at every character. */
export function lookAt(text: string): Sight {
  const sight: Sight = {
    ascii: true, entities: false, backslashes: false, spaced: false, spacedIdeographs: false, leet: false, dashed: false, scrambled: false, mixed: false, reversed: false, turned: false,
    spacedHex: false, runs: [],
  };
  const length = text.length;
  const codes = codesOf(text);
  let runStart = 0;
  let spaced = 0;
  let spacedSign = 0;
  let hexes = 0;
  let ideographs = 0;
  let scrambled = 0;
  for (let i = 0; i < length; ) {
    let code = (codes[i] as number);
    if (code >= 0x80) {
      if (i - runStart >= SHORTEST_RUN) sight.runs.push(runStart, i);
      runStart = i + 1;
      sight.ascii = false;
      spaced = 0;
      if (LOOKALIKES[code] === 1 && !sight.mixed) {
        const before = i > 0 ? (codes[i - 1] as number) : 0;
        const after = i + 1 < length ? (codes[i + 1] as number) : 0;
        sight.mixed = (before < 0x80 && ((KINDS[before] as number) & LETTER) !== 0) || (after < 0x80 && ((KINDS[after] as number) & LETTER) !== 0);
      } else if (isIdeograph(code)) {
        ideographs = i > 1 && (codes[i - 1] as number) === 0x20 && (codes[i - 2] as number) > 0x2fff ? ideographs + 1 : 0;
        if (ideographs >= FEWEST_IDEOGRAPHS) sight.spacedIdeographs = true;
      }
      i += 1;
      continue;
    }
    const kind = KINDS[code] as number;
    if ((kind & (LETTER | DIGIT)) === 0) {
      if (code === 0x26) {
        if ((codes[i + 1] as number) === 0x23) sight.entities = true;
      } else if (code === 0x25) {
        if ((codes[i + 1] as number) === 0x32 && (codes[i + 2] as number) === 0x30) sight.entities = true;
      } else if (code === 0x5c) sight.backslashes = true;
      else if (code < 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) sight.ascii = false;
      else if (code === 0x7f) sight.ascii = false;
      if ((kind & (RUN | LEET_SIGN)) === 0) {
        if (i - runStart >= SHORTEST_RUN) sight.runs.push(runStart, i);
        runStart = i + 1;
        i += 1;
        continue;
      }
      if ((kind & RUN) === 0) {
        if (i - runStart >= SHORTEST_RUN) sight.runs.push(runStart, i);
        runStart = i + 1;
        // A word may begin with a sign that stands for a letter.
        const next = i + 1 < length ? (codes[i + 1] as number) : 0;
        if (next >= 0x80 || ((KINDS[next] as number) & LETTER) === 0) {
          i += 1;
          continue;
        }
      } else {
        i += 1;
        continue;
      }
    }
    // A word: letters, digits and signs that stand for letters.
    const start = i;
    let sum = 0;
    let squares = 0;
    let kinds = 0;
    let both = LETTERS[code] as number;
    do {
      const lower = both & 0xff;
      sum = (Math.imul(sum, 31) + lower) | 0;
      squares += lower * lower;
      kinds |= both;
      if ((both & (RUN << KIND_BITS)) === 0) {
        if (i - runStart >= SHORTEST_RUN) sight.runs.push(runStart, i);
        runStart = i + 1;
      }
      i += 1;
      code = i < length ? (codes[i] as number) : 0x20;
      both = code < 0x80 ? (LETTERS[code] as number) : 0;
    } while ((both & ((LETTER | DIGIT | LEET_SIGN) << KIND_BITS)) !== 0);
    kinds >>= KIND_BITS;
    const size = i - start;
    if (size === 1) {
      const sign = start > 0 ? (codes[start - 1] as number) : 0;
      spaced = (kinds & LETTER) !== 0 && start > 1 && sign === spacedSign ? spaced + 1 : 1;
      spacedSign = code;
      if (spaced >= FEWEST_SPACED) sight.spaced = true;
      hexes = 0;
    } else {
      spaced = 0;
      spacedSign = 0;
      hexes = size === 2 && (kinds & ~(HEX | LETTER | DIGIT | RUN)) === 0 && (codes[start - 1] as number) === 0x20 ? hexes + 1 : 0;
      if (hexes >= FEWEST_HEX) sight.spacedHex = true;
      if (size >= 4 && size <= 16) {
        if ((kinds & (DIGIT | LEET_SIGN)) !== 0) {
          if ((kinds & LETTER) !== 0 && !sight.leet) sight.leet = isLeet(text, start, i);
        } else {
          const may = kindsOf(sum);
          if ((may & REVERSED) !== 0) sight.reversed = true;
          if ((may & TURNED) !== 0) sight.turned = true;
          const mixed = mixedSum(LOWER[(codes[start] as number)] as number, LOWER[(codes[i - 1] as number)] as number, squares, size);
          if ((may & TELLING) === 0 && (kindsOf(mixed) & SCRAMBLED) !== 0) {
            scrambled += 1;
            if (scrambled >= FEWEST_SCRAMBLED) sight.scrambled = true;
          }
        }
      }
      if (code === 0x2d && size <= 8 && i + 1 < length && !sight.dashed) {
        let joined = sum;
        let end = i + 1;
        for (; end < length && end - i <= 12; end += 1) {
          const next = (codes[end] as number);
          if (next >= 0x80 || ((KINDS[next] as number) & LETTER) === 0) break;
          joined = (Math.imul(joined, 31) + (LOWER[next] as number)) | 0;
        }
        if (end > i + 1 && (kindsOf(joined) & TELLING) !== 0) sight.dashed = true;
      }
    }
  }
  if (length - runStart >= SHORTEST_RUN) sight.runs.push(runStart, length);
  return sight;
}
