/**
 * The words of a folded text in one pass: where a rule's first word stands, and where words of the lexicon stand. A word
 * is found by a sum over its letters, without being cut out; one look into a table tells most words apart.
 */
import { codesOf } from './codes.ts';
import { PIECE_CLASSES, WORD, WORD_CLASSES } from './lexicon.ts';
import { isWordCode } from './signal-rule.ts';
import type { SignalRule } from './signal-rule.ts';

/** A rule at one of its first words; `nexts` are the words or signs one of which must stand behind, if there are any. */
export interface Start {
  readonly rule: SignalRule;
  nexts: Set<number> | undefined;
  /** Made when first needed. */
  pattern?: RegExp;
}

/** The rules that begin with a word: those that are looked for first, and the others. */
export interface Head {
  readonly leading: Group;
  readonly others: Group;
}

/** Rules that begin with one word; `nexts` and `needs` of all of them, if each has some. */
export interface Group {
  readonly starts: Start[];
  nexts: Set<number> | undefined;
  needs: number | undefined;
}

const emptyGroup = (): Group => ({ starts: [], nexts: undefined, needs: undefined });

function summarise(group: Group): void {
  if (group.starts.every(({ nexts }) => nexts !== undefined)) group.nexts = new Set(group.starts.flatMap(({ nexts }) => [...(nexts ?? [])]));
  if (group.starts.every(({ rule }) => rule.needs !== undefined)) group.needs = group.starts.reduce((all, { rule }) => all | (rule.needs ?? 0), 0);
}

/** A word of the table: a head of rules, a member of word classes, or both. */
interface Entry extends Head {
  readonly text: string;
  classes: number;
}

/** What the words of a text come to; the arrays are used again for the next text. */
export interface Words {
  /** Members of word classes: bits, first character, end. In order. */
  bits: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  count: number;
  /** All classes that stand anywhere, and those that begin in each block of characters. */
  classes: number;
  blocks: Int32Array;
  /** First words of rules, in order: the index of what begins there, and where. */
  heads: Int32Array;
  headsAt: Int32Array;
  headCount: number;
}

export interface WordFinder {
  read(text: string): Words;
  /** What begins at a head, by its index. */
  readonly entries: readonly Head[];
}

const WORD_UNITS = Uint8Array.from({ length: 0x80 }, (_, code) => (isWordCode(code) ? 1 : 0));
/** The longest row of a sign that a rule begins with. */
const ROW = 5;
/** A block is so many characters, as a power of two. */
const BLOCK_BITS = 6;
/** How far behind a first word the class it needs may stand: so many blocks, the first among them. */
const REACH_BLOCKS = 4;
const SLOTS = 1 << 14;
const MIX = 0x9e3779b1;

export function createWordFinder(rules: readonly SignalRule[], isLeading: (rule: SignalRule) => boolean): WordFinder {
  const entries: Entry[] = [];
  const byText = new Map<string, Entry>();
  function entryOf(text: string): Entry {
    let entry = byText.get(text);
    if (entry === undefined) {
      entry = { text, classes: 0, leading: emptyGroup(), others: emptyGroup() };
      byText.set(text, entry);
      entries.push(entry);
    }
    return entry;
  }
  for (const [word, classes] of WORD_CLASSES) entryOf(word).classes |= classes;
  for (const rule of rules) {
    for (const text of rule.first) {
      const head = headOf(text);
      const entry = entryOf(head);
      const list = (isLeading(rule) ? entry.leading : entry.others).starts;
      const known = list.find((start) => start.rule === rule);
      const next = nextWord(text.slice(head.length));
      if (known === undefined) list.push({ rule, nexts: next === undefined ? undefined : new Set([next]) });
      else if (next === undefined) known.nexts = undefined;
      else known.nexts?.add(next);
    }
  }
  for (const entry of entries) {
    summarise(entry.leading);
    summarise(entry.others);
  }
  /** Index of an entry and one more, by its sum; 0 for none. Entries of one slot stand in the slots behind. */
  const table = new Int32Array(SLOTS);
  const sums = new Int32Array(SLOTS);
  /** A bit for each sum that is in it: most words are in none. */
  const known = new Uint8Array(4096);
  /** The same by a sign or an ideograph, which is a word by itself. */
  const signs = new Uint16Array(65_536);
  for (const [index, entry] of entries.entries()) {
    if (!isWordCode(entry.text.charCodeAt(0))) {
      signs[entry.text.charCodeAt(0)] = index + 1;
      continue;
    }
    let sum = 0;
    for (let i = 0; i < entry.text.length; i += 1) sum = (Math.imul(sum, 31) + entry.text.charCodeAt(i)) | 0;
    let slot = Math.imul(sum, MIX) >>> 18;
    while (table[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    table[slot] = index + 1;
    known[Math.imul(sum, MIX) >>> 20] = (known[Math.imul(sum, MIX) >>> 20] as number) | (1 << ((sum >>> 3) & 7));
    sums[slot] = sum;
  }
  /** By a sign of ASCII: 1 for what may stand behind it; none where anything may. */
  const behind: (Uint8Array | undefined)[] = [];
  for (const [index, entry] of entries.entries()) {
    const code = entry.text.charCodeAt(0);
    const nexts = [entry.leading, entry.others].filter(({ starts }) => starts.length > 0).map((group) => group.nexts);
    if (code >= 0x80 || signs[code] !== index + 1 || nexts.includes(undefined)) continue;
    const table = new Uint8Array(128);
    for (const rule of [...entry.leading.starts, ...entry.others.starts].map((start) => start.rule)) {
      for (const text of rule.first.filter((first) => first.startsWith(entry.text))) {
        const next = text.charCodeAt(1);
        // A space may be a longer one.
        if (next === 0x20) table[0x20] = table[0x0a] = table[0x09] = table[0x0d] = 1;
        else if (next < 0x80) table[next] = 1;
      }
    }
    behind[code] = table;
  }
  /** 1 for a sign or an ideograph that begins a rule, 2 for one that begins a piece of the lexicon. */
  const begins = new Uint8Array(65_536);
  for (let code = 0; code < signs.length; code += 1) if (signs[code] !== 0) begins[code] = 1;
  const pieces = new Map<number, [string, number][]>();
  for (const [piece, classes] of PIECE_CLASSES) {
    const code = piece.charCodeAt(0);
    if (isWordCode(code)) continue;
    begins[code] = (begins[code] ?? 0) | 2;
    const list = pieces.get(code);
    if (list === undefined) pieces.set(code, [[piece, classes]]);
    else list.push([piece, classes]);
  }

  const words: Words = { bits: new Int32Array(1024), starts: new Int32Array(1024), ends: new Int32Array(1024), count: 0, classes: 0, blocks: new Int32Array(256), heads: new Int32Array(2048), headsAt: new Int32Array(2048), headCount: 0 };
  function note(bits: number, start: number, end: number): void {
    if (words.count === words.bits.length) {
      for (const key of ['bits', 'starts', 'ends'] as const) {
        const longer = new Int32Array(2 * words.count);
        longer.set(words[key]);
        words[key] = longer;
      }
    }
    words.bits[words.count] = bits;
    words.starts[words.count] = start;
    words.ends[words.count] = end;
    words.count += 1;
    words.classes |= bits;
    words.blocks[start >> BLOCK_BITS] = (words.blocks[start >> BLOCK_BITS] as number) | bits;
  }

  function noteHead(index: number, at: number): void {
    if (words.headCount === words.heads.length) {
      for (const key of ['heads', 'headsAt'] as const) {
        const longer = new Int32Array(2 * words.headCount);
        longer.set(words[key]);
        words[key] = longer;
      }
    }
    words.heads[words.headCount] = index;
    words.headsAt[words.headCount] = at;
    words.headCount += 1;
  }

  function read(text: string): Words {
    words.count = 0;
    words.classes = 0;
    words.headCount = 0;
    const blocks = (text.length >> BLOCK_BITS) + REACH_BLOCKS + 1;
    if (words.blocks.length < blocks) words.blocks = new Int32Array(2 * blocks);
    else words.blocks.fill(0, 0, blocks);
    const length = text.length;
    const codes = codesOf(text);
    for (let i = 0; i < length; ) {
      let code = (codes[i] as number);
      if (code < 0x80 ? WORD_UNITS[code] === 1 : isWordCode(code)) {
        const start = i;
        let sum = 0;
        do {
          sum = (Math.imul(sum, 31) + code) | 0;
          i += 1;
          code = codes[i] as number;
        } while (code < 0x80 ? WORD_UNITS[code] === 1 : isWordCode(code));
        const mixed = Math.imul(sum, MIX);
        if (((known[mixed >>> 20] as number) & (1 << ((sum >>> 3) & 7))) === 0) continue;
        let slot = mixed >>> 18;
        for (let index = table[slot] as number; index !== 0; slot = (slot + 1) & (SLOTS - 1), index = table[slot] as number) {
          if (sums[slot] !== sum) continue;
          const entry = entries[index - 1] as Entry;
          if (entry.text.length !== i - start || !text.startsWith(entry.text, start)) continue;
          if (entry.classes !== 0) note(entry.classes, start, i);
          if (entry.leading.starts.length > 0 || entry.others.starts.length > 0) noteHead(index - 1, start);
          break;
        }
        continue;
      }
      const kind = begins[code] as number;
      if ((kind & 1) !== 0) {
        const next = i + 1 < length ? (codes[i + 1] as number) : 0x20;
        // Of a row of one sign only the end can begin something.
        const row = next === code && (code === 0x2d || code === 0x3d || code === 0x23 || code === 0x2a || code === 0x2e) && i + ROW < length && (codes[i + ROW] as number) === code;
        if (!row && (code >= 0x80 || next >= 0x80 || behind[code]?.[next] !== 0)) noteHead((signs[code] as number) - 1, i);
      }
      if ((kind & 2) !== 0) {
        for (const [piece, classes] of pieces.get(code) ?? []) {
          if (text.startsWith(piece, i)) note(classes, i, i + piece.length);
        }
      }
      if (code === 0x2e || code === 0x21 || code === 0x3f) {
        const next = i + 1 < length ? (codes[i + 1] as number) : 0x20;
        if (next <= 0x20 || next === 0x22 || next === 0x27 || next > 0x2e7f) note(WORD.boundary, i, i + 1);
      } else if (code === 0x0a) {
        const next = i + 1 < length ? (codes[i + 1] as number) : 0;
        if (next === 0x0a || next === 0x2d || next === 0x23 || next === 0x2a || next > 0x2e7f || (i > 0 && (codes[i - 1] as number) > 0x2e7f)) note(WORD.boundary, i, i + 1);
      } else if (code === 0x3002) note(WORD.boundary, i, i + 1);
      else if (code === 0x40) {
        if (i > 0 && isWordCode((codes[i - 1] as number)) && isWordCode(i + 1 < length ? (codes[i + 1] as number) : 0)) note(WORD.place, i, i + 1);
      } else if (code === 0x3a && (codes[i + 1] as number) === 0x2f && (codes[i + 2] as number) === 0x2f) note(WORD.place, i, i + 3);
      i += 1;
    }
    return words;
  }
  return { read, entries };
}

/** The word or sign a rule is found by: the first word, or the first sign, of one of its beginnings. */
export function headOf(text: string): string {
  if (!isWordCode(text.charCodeAt(0))) return text.charAt(0);
  let end = 0;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1;
  return text.slice(0, end);
}

/** The sum of a word, as the pass over a text makes it; of a sign, below zero, its code. */
function sumOf(text: string): number {
  if (!isWordCode(text.charCodeAt(0))) return -1 - text.charCodeAt(0);
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) & 0x3fffffff;
  return sum;
}

/** What stands behind the first word of a beginning: the next whole word, or the sign that joins it on. */
function nextWord(rest: string): number | undefined {
  if (rest === '') return undefined;
  if (rest.charAt(0) !== ' ') return sumOf(rest.charAt(0));
  return sumOf(headOf(rest.slice(1)));
}

/** What stands behind a first word in a text, by its sum. */
export function nextSum(text: string, at: number): number {
  let i = at;
  if (!isWordCode(text.charCodeAt(i))) i += 1;
  else while (i < text.length && isWordCode(text.charCodeAt(i))) i += 1;
  let code = i < text.length ? text.charCodeAt(i) : 0;
  if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d && code !== 0xa0) return isWordCode(code) ? code : -1 - code;
  do {
    i += 1;
    code = i < text.length ? text.charCodeAt(i) : 0x21;
  } while (code <= 0x20);
  return isWordCode(code) ? wordSum(text, i) : -1 - code;
}

function wordSum(text: string, at: number): number {
  let sum = 0;
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (!isWordCode(code)) break;
    sum = (Math.imul(sum, 31) + code) & 0x3fffffff;
  }
  return sum;
}

/** Whether one of some classes stands at a place or near behind it. */
export function standsNear(words: Words, classes: number, at: number): boolean {
  if ((words.classes & classes) === 0) return false;
  const block = at >> BLOCK_BITS;
  for (let i = block; i < block + REACH_BLOCKS; i += 1) if (((words.blocks[i] as number) & classes) !== 0) return true;
  return false;
}
