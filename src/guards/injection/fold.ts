/**
 * A copy of a text for looking at, in which light disguise is gone: lower case, without accents and zero-width
 * characters, full-width and mathematical letters as plain ones (the compatibility forms of UAX #15), lookalikes in Latin
 * words as Latin (UTS #39), spaced letters joined. Every character of the copy knows where it comes from.
 */
import { LATIN_OF, LEET, SIMPLIFIED, VOCABULARY } from './fold-tables.ts';
import { lookAt, unscrambled } from './sight.ts';
import type { Sight } from './sight.ts';

export interface View {
  readonly text: string;
  /** The place in the original text of a place in the copy. */
  readonly original: (index: number) => number;
  /** Whether something was disguised between two places of the copy. */
  readonly disguised: (start: number, end: number) => boolean;
  /** Whether anything may be disguised at all. */
  readonly plain: boolean;
}

const ENTITY = /&#x?[0-9a-f]{1,6};|%[2-7][0-9a-f]/gi;
const SPACED_RUN = /(?<![a-z0-9])[a-z](?:([ ._*|/-])[a-z](?:\1[a-z]){1,80})(?![a-z0-9])/g;
const MIXED_WORD = /[a-z\u0250-\u03ff\u0400-\u058f\u1d00-\u1d7f]{2,40}/g;
const DASHED_WORD = /[a-z]{2,8}-[a-z]{2,12}/g;
const SCRAMBLED_WORD = /(?<![a-z])[a-z]{3,14}(?![a-z])/g;
const SPACED_IDEOGRAPHS = /[\u3400-\u9fff,.\u3001\u3002](?: {1,2}[\u3400-\u9fff,.\u3001\u3002]){4,200}/g;
const LEET_WORD = /[a-z0-9@$!|]{2,16}/g;
/** Twice or more characters than these make a word look spaced by hand. */
const LONGEST_WORD = 14;

const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/;
const COMPATIBLE = /[\u00c0-\u024f\u1e00-\u1eff\u2070-\u209f\u2100-\u214f\u2460-\u24ff\uff01-\uff5e]/;
/** Letters of these blocks are only used to write a Latin text in disguise. */
const STYLED = /[\u2070-\u209f\u2100-\u214f\u2460-\u24ff]/;
const TAG_FIRST = 0xe0020;
const TAG_LAST = 0xe007e;
const MATH_FIRST = 0x1d400;
const MATH_LAST = 0x1d7ff;

/** What a character becomes in the copy, and whether writing it so was a disguise. */
interface Folded {
  readonly text: string;
  readonly disguise: boolean;
}
/** Of the Basic Multilingual Plane, filled as characters are met; it can't grow past that plane. */
const KNOWN = new Map<number, Folded>();

/** Letters that no form of Unicode takes apart. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { 'ß': 'ss', 'đ': 'd', 'ł': 'l', 'ı': 'i', 'ø': 'o', 'æ': 'ae', 'œ': 'oe', 'ħ': 'h', 'ŧ': 't' };

function foldUnit(code: number): Folded {
  const known = KNOWN.get(code);
  if (known !== undefined) return known;
  const character = String.fromCharCode(code);
  let folded: Folded;
  if (INVISIBLE.test(character)) folded = { text: '', disguise: true };
  else if (code >= 0x300 && code <= 0x36f) folded = { text: '', disguise: false };
  else if (code === 0x2018 || code === 0x2019) folded = { text: "'", disguise: false };
  else if (code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a)) folded = { text: ' ', disguise: false };
  else if (COMPATIBLE.test(character)) {
    const plain = character.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
    folded = { text: PLAIN_LETTERS[plain] ?? plain, disguise: STYLED.test(character) };
  } else {
    const simple = SIMPLIFIED.get(character) ?? character;
    const lower = simple.toLowerCase();
    folded = { text: lower.length === 1 ? lower : simple, disguise: false };
  }
  KNOWN.set(code, folded);
  return folded;
}

function foldPair(point: number): Folded | undefined {
  if (point >= TAG_FIRST && point <= TAG_LAST) return { text: String.fromCharCode(point - 0xe0000).toLowerCase(), disguise: true };
  if ((point >= 0xe0000 && point <= 0xe01ef)) return { text: '', disguise: true };
  if ((point >= MATH_FIRST && point <= MATH_LAST) || (point >= 0x1f110 && point <= 0x1f189)) {
    return { text: String.fromCodePoint(point).normalize('NFKC').toLowerCase(), disguise: true };
  }
  return undefined;
}

/** A view under work: the copy so far, where each of its characters comes from, and which were disguised. */
interface Draft {
  text: string;
  from: Int32Array;
  marks: Uint8Array;
}

function foldCharacters(text: string): Draft {
  const parts: string[] = [];
  let capacity = text.length + 64;
  let from = new Int32Array(capacity);
  let marks = new Uint8Array(capacity);
  let count = 0;
  let hidden = false;
  function note(at: number, mark: boolean): void {
    if (count + 1 >= capacity) {
      capacity *= 2;
      const longer = new Int32Array(capacity);
      longer.set(from);
      from = longer;
      const more = new Uint8Array(capacity);
      more.set(marks);
      marks = more;
    }
    from[count] = at;
    if (mark) marks[count] = 1;
    count += 1;
  }
  for (let i = 0; i < text.length; ) {
    const at = i;
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      while (i < text.length && text.charCodeAt(i) < 0x80) {
        note(i, hidden);
        hidden = false;
        i += 1;
      }
      parts.push(text.slice(at, i).toLowerCase());
      continue;
    }
    let folded: Folded | undefined;
    i += 1;
    if (code >= 0xd800 && code <= 0xdbff && i < text.length) {
      const low = text.charCodeAt(i);
      if (low >= 0xdc00 && low <= 0xdfff) {
        folded = foldPair(text.codePointAt(at) ?? 0) ?? { text: text.slice(at, at + 2), disguise: false };
        i += 1;
      }
    }
    folded ??= foldUnit(code);
    if (folded.text === '') {
      // Between words an invisible character hides nothing.
      hidden ||= folded.disguise && /[a-z]$/.test(parts[parts.length - 1] ?? '');
      continue;
    }
    for (let k = 0; k < folded.text.length; k += 1) note(at, hidden || folded.disguise);
    parts.push(folded.text);
    hidden = false;
  }
  from[count] = text.length;
  return { text: parts.join(''), from: from.subarray(0, count + 1), marks: marks.subarray(0, count) };
}

/** Replaces what the pattern finds; `change` gives undefined to leave a match as it is. */
function rewrite(draft: Draft, pattern: RegExp, change: (match: string) => string | undefined): Draft {
  const parts: string[] = [];
  const from: number[] = [];
  const marks: number[] = [];
  let done = 0;
  function keep(until: number): void {
    parts.push(draft.text.slice(done, until));
    for (let i = done; i < until; i += 1) {
      from.push(draft.from[i] ?? 0);
      marks.push(draft.marks[i] ?? 0);
    }
    done = until;
  }
  for (const match of draft.text.matchAll(pattern)) {
    const changed = change(match[0]);
    if (changed === undefined || changed === match[0]) continue;
    keep(match.index);
    for (let k = 0; k < changed.length; k += 1) {
      from.push(draft.from[match.index + Math.min(match[0].length - 1, Math.floor((k * match[0].length) / changed.length))] ?? 0);
      marks.push(1);
    }
    parts.push(changed);
    done = match.index + match[0].length;
  }
  if (done === 0) return draft;
  keep(draft.text.length);
  from.push(draft.from[draft.text.length] ?? 0);
  return { text: parts.join(''), from: Int32Array.from(from), marks: Uint8Array.from(marks) };
}

const WORDS = new Set(VOCABULARY);
const RUN_TOGETHER = new RegExp(VOCABULARY.join('|'), 'g');

/** Spaced letters joined; where the spaces between words are lost too, the vocabulary tells the words apart. */
function joinLetters(run: string): string {
  const joined = run.replace(/[^a-z]/g, '');
  return joined.length > LONGEST_WORD ? joined.replace(RUN_TOGETHER, ' $& ').trim().replace(/ {2,}/g, ' ') : joined;
}

function latinWord(word: string): string | undefined {
  if (!/[a-z]/.test(word) || !/[^a-z]/.test(word)) return undefined;
  return word.replace(/[^a-z]/g, (letter) => LATIN_OF.get(letter) ?? letter);
}

function readLeet(word: string): string | undefined {
  if (!/[a-z]/.test(word) || !/[0-9@$!|]/.test(word)) return undefined;
  const read = word.replace(/[013457@$!|]/g, (sign) => LEET[sign] ?? sign);
  if (WORDS.has(read)) return read;
  // A mark at the end is only a mark.
  const bare = read.slice(0, -1);
  return word.endsWith('!') && /[0-9@$|]/.test(word) && WORDS.has(bare) ? `${bare}!` : undefined;
}

function readEntity(entity: string): string | undefined {
  const code = entity.startsWith('%')
    ? Number.parseInt(entity.slice(1), 16)
    : /^&#x/i.test(entity) ? Number.parseInt(entity.slice(3), 16) : Number.parseInt(entity.slice(2), 10);
  const character = code < 0x7f ? String.fromCharCode(code).toLowerCase() : '';
  // Signs are written so for good reasons, letters only to hide them; a space goes with them.
  return /[a-z0-9 ]/.test(character) ? character : undefined;
}

/** Escapes of a text inside a text: the letter goes with its backslash, and nothing moves. */
function blankEscapes(text: string): string {
  return text.includes('\\') ? text.replace(/\\[nrt]/g, '  ').replace(/\\(["'])/g, ' $1') : text;
}

const COMPLEX = 0xffff;
/** What a unit becomes where it is one character and no disguise; `COMPLEX` where it is not, 0 where it is not yet known. */
const SIMPLE = new Uint16Array(65_536);

/** The copy of a text in which every character stays in its place; undefined where it takes more. */
function foldInPlace(text: string): string | undefined {
  let parts = '';
  let done = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    let simple = SIMPLE[code] as number;
    if (simple === 0) {
      if (code >= 0xd800 && code <= 0xdfff) simple = code === 0xdb40 || code === 0xd835 || code === 0xd83c ? COMPLEX : code;
      else {
        const folded = foldUnit(code);
        simple = folded.text.length === 1 && !folded.disguise ? folded.text.charCodeAt(0) : COMPLEX;
      }
      SIMPLE[code] = simple;
    }
    if (simple === COMPLEX) return undefined;
    if (simple !== code) {
      parts += text.slice(done, i) + String.fromCharCode(simple);
      done = i + 1;
    }
  }
  const lower = (done === 0 ? text : parts + text.slice(done)).toLowerCase();
  return lower.length === text.length ? lower : undefined;
}

const same = (index: number): number => index;
const never = (): boolean => false;

/** The copy of a text for looking at. Linear, and it never throws. */
export function foldText(text: string, sight: Sight = lookAt(text)): View {
  if (!sight.entities && !sight.spaced && !sight.leet && !sight.mixed && !sight.dashed && !sight.scrambled && !sight.spacedIdeographs) {
    const folded = sight.ascii ? text.toLowerCase() : foldInPlace(text);
    if (folded !== undefined) return { text: sight.backslashes ? blankEscapes(folded) : folded, original: same, disguised: never, plain: true };
  }
  let draft = foldCharacters(text);
  if (sight.entities) draft = rewrite(draft, ENTITY, readEntity);
  if (!sight.ascii) draft = rewrite(draft, MIXED_WORD, latinWord);
  if (sight.spaced || sight.entities || !sight.ascii) draft = rewrite(draft, SPACED_RUN, joinLetters);
  if (sight.spacedIdeographs) draft = rewrite(draft, SPACED_IDEOGRAPHS, (run) => run.replace(/ /g, ''));
  if (sight.leet) draft = rewrite(draft, LEET_WORD, readLeet);
  if (sight.dashed) draft = rewrite(draft, DASHED_WORD, (word) => (WORDS.has(word.replace('-', '')) ? word.replace('-', '') : undefined));
  if (sight.scrambled) draft = rewrite(draft, SCRAMBLED_WORD, unscrambled);
  const { from, marks } = draft;
  return {
    text: blankEscapes(draft.text),
    original: (index) => from[index] ?? text.length,
    plain: !marks.includes(1),
    disguised(start, end) {
      for (let i = start; i < end; i += 1) if (marks[i] === 1) return true;
      return false;
    },
  };
}
