/**
 * The loop of the prefilter, which goes over every byte, as a WebAssembly module; see prefilter.ts for what it looks for.
 *
 * A turn of it hashes four windows of three bytes each, their letters folded to lower case. A table says for each hash
 * which bytes may follow. Where one does, the window's four, three or two bytes are looked up among those of the
 * keywords, and the keywords that have them there are compared. In JavaScript the same loop takes four times as long.
 */
import { flow, instantiate, int, type Code, type Memory, type Variable } from '../wasm/assembler.ts';

/** Sets bit 5 in each of three bytes: letters become lower case, and other bytes stay apart well enough. */
const FOLD = 0x202020;
/** The golden ratio times 2^32: spreads neighbouring numbers (Knuth, volume 3, section 6.4). */
const SPREAD = 0x9e3779b1;
const TABLE_BITS = 16;
/** A keyword ends with the window: whatever follows. */
const ANY_NEXT = -1;

/** Positions looked at in one go. */
export const BLOCK_BYTES = 16_384;
/** Bytes kept before a block: a keyword may begin so far before the window it is found by, and boundaries lie there. */
export const MARGIN_BYTES = 256;
/** Bytes read past a block's last position. */
const READ_AHEAD_BYTES = 8;
const MOST_HITS = 8192;
/** Four windows can give so many hits at the most before the room for them is looked at again. */
const HITS_SLACK = 2048;

// Where things lie in the memory.
const LOWER = 0;
const WORD = 256;
const STOP = 512;
const DATA = 1024;
const OUT = DATA + MARGIN_BYTES + BLOCK_BYTES + 2 * MARGIN_BYTES;
const TABLE = OUT + (MOST_HITS + HITS_SLACK) * 8;
const INNER = TABLE + 4 * (1 << TABLE_BITS);
/** Everything from here on differs in size from one set of keywords to the other. */
const KEYS = INNER + 4 * (1 << TABLE_BITS);
const PAGE_BYTES = 65_536;
/** index, offset, length, caseless, probe: its place, its fold and its bytes; then the bytes of the keyword. */
const RECORD_BYTES = 28;

const { of, add, sub, mul, and, or, shl, shr, eq, ne, lt, ge, isZero, load, loadByte, store } = int;

function slotOf(window: Code): Code {
  return shl(shr(mul(or(window, of(FOLD)), of(Math.imul(SPREAD, 256))), of(32 - TABLE_BITS)), of(2));
}

/** Looks at the windows that begin in [from, to), and gives the address behind the last hit. */
function scanBody(from: Variable, to: Variable, keyMask: Variable, pairs: Variable, out: Variable, h0: Variable, h1: Variable, h2: Variable, h3: Variable): Code {
  const hashes = [h0, h1, h2, h3];
  const at = from;
  return [
    ...out.set(of(OUT)),
    ...flow.doWhile(
      lt(at.value, to.value),
      ...hashes.map((hash, k) => hash.set(shr(load(slotOf(load(at.value, k)), TABLE), loadByte(at.value, k + 3)))),
      flow.if(
        and(or(or(h0.value, h1.value), or(h2.value, h3.value)), of(1)),
        ...hashes.map((hash, k) => flow.if(and(hash.value, of(1)), out.set(flow.call(1, add(at.value, of(k)), out.value, keyMask.value, pairs.value)))),
        flow.if(ge(out.value, of(OUT + MOST_HITS * 8)), store(of(STOP), 0, add(at.value, of(4))), flow.return(out.value)),
      ),
      at.set(add(at.value, of(4))),
    ),
    ...store(of(STOP), 0, at.value),
    ...out.value,
  ];
}

/** Looks closer at one window, and gives the address behind the last hit. */
function lookBody(at: Variable, out: Variable, keyMask: Variable, pairs: Variable, window: Variable): Code {
  const before = (bytes: number): Code => loadByte(sub(at.value, of(bytes)));
  // As in boundary.ts: where the byte before might be the last of an escape, nothing is sure.
  const surelyInside = and(
    and(loadByte(before(1), WORD), and(ne(before(2), of(0x5c)), ne(before(3), of(0x25)))),
    and(ne(before(5), of(0x75)), ne(before(1), of(0x6d))),
  );
  const within = and(shr(load(slotOf(window.value), INNER), shr(window.value, of(24))), of(1));
  const endsHere = eq(load(slotOf(window.value), TABLE), of(ANY_NEXT));
  const compare = (key: Code): Code => out.set(flow.call(2, key, at.value, out.value, keyMask.value));
  return [
    ...window.set(load(at.value)),
    ...flow.if(surelyInside, flow.if(isZero(within), flow.return(out.value))),
    ...compare(or(window.value, of(FOLD | (0x20 << 24)))),
    ...flow.if(
      endsHere,
      compare(or(and(window.value, of(0xffffff)), of(FOLD))),
      flow.if(pairs.value, compare(or(and(window.value, of(0xffff)), of(FOLD & 0xffff)))),
    ),
    ...out.value,
  ];
}

/** Compares the keywords known by a window with the bytes around it, and gives the address behind the last hit. */
function compareBody(
  key: Variable, at: Variable, out: Variable, keyMask: Variable, slot: Variable, found: Variable, record: Variable, left: Variable, first: Variable, k: Variable, length: Variable,
): Code {
  const keyAt = shl(slot.value, of(3));
  const literal = loadByte(add(record.value, k.value), RECORD_BYTES);
  const there = loadByte(add(first.value, k.value));
  const same = (byte: Code): Code => flow.while(and(lt(k.value, length.value), eq(byte, literal)), k.set(add(k.value, of(1))));
  const probed = eq(or(load(add(first.value, load(record.value, 16))), load(record.value, 20)), load(record.value, 24));
  return [
    ...slot.set(and(shr(mul(key.value, of(SPREAD)), of(8)), keyMask.value)),
    ...flow.while(and(ne(found.set(load(keyAt, KEYS)).concat(found.value), of(0)), ne(found.value, key.value)), slot.set(and(add(slot.value, of(1)), keyMask.value))),
    ...flow.if(isZero(found.value), flow.return(out.value)),
    ...record.set(load(keyAt, KEYS + 4)),
    ...left.set(load(record.value)),
    ...record.set(add(record.value, of(4))),
    ...flow.doWhile(
      left.value,
      first.set(sub(at.value, load(record.value, 4))),
      length.set(load(record.value, 8)),
      flow.if(
        probed,
        k.set(of(0)),
        flow.if(load(record.value, 12), same(loadByte(there, LOWER))),
        flow.if(isZero(load(record.value, 12)), same(there)),
        flow.if(
          eq(k.value, length.value),
          store(out.value, 0, load(record.value)),
          store(out.value, 4, first.value),
          out.set(add(out.value, of(8))),
        ),
      ),
      record.set(add(record.value, and(add(length.value, of(RECORD_BYTES + 3)), of(~3)))),
      left.set(sub(left.value, of(1))),
    ),
    ...out.value,
  ];
}

interface Matcher {
  readonly memory: Memory;
  readonly scan: (from: number, to: number, keyMask: number, pairs: number) => number;
  bytes: Uint8Array;
  words: Int32Array;
  /** Whose tables are in the memory. */
  loaded: KeywordTables | undefined;
}

let shared: Matcher | undefined;

type Body = (...variables: readonly Variable[]) => Code;

/** One memory serves all sets of keywords: the tables of the one in use are copied into it. */
function sharedMatcher(): Matcher {
  if (shared !== undefined) return shared;
  const { memory, functions } = instantiate(
    [
      { name: 'scan', parameters: 4, locals: 5, body: scanBody as Body },
      { name: 'look', parameters: 4, locals: 1, body: lookBody as Body },
      { name: 'compare', parameters: 4, locals: 7, body: compareBody as Body },
    ],
    Math.ceil(KEYS / PAGE_BYTES),
  );
  const { scan } = functions as Pick<Matcher, 'scan'>;
  const bytes = new Uint8Array(memory.buffer);
  for (let byte = 0; byte < 256; byte += 1) {
    bytes[LOWER + byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
    bytes[WORD + byte] = byte < 128 && /[A-Za-z0-9_]/.test(String.fromCharCode(byte)) ? 1 : 0;
  }
  shared = { memory, scan, bytes, words: new Int32Array(memory.buffer), loaded: undefined };
  return shared;
}

/** A keyword and the place in it by which it is found. */
export interface Entry {
  readonly index: number;
  /** Where in the keyword its window stands. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly caseless: boolean;
  /** It is not found where the byte before its window shows that it lies within a word. */
  readonly initial: boolean;
}

/** A set of keywords made ready, as it lies in the memory. */
export interface KeywordTables {
  readonly image: Uint8Array;
  readonly keyMask: number;
  readonly pairs: boolean;
  readonly longestBytes: number;
}

function folded(bytes: Uint8Array, at: number, count: number): number {
  let key = 0;
  for (let k = 0; k < count; k += 1) key |= ((bytes[at + k] ?? 0) | 0x20) << (8 * k);
  return key;
}

/** @throws RangeError for a keyword longer than a block's margin */
export function createTables(entries: readonly Entry[]): KeywordTables {
  const table = new Int32Array(1 << TABLE_BITS);
  const inner = new Int32Array(1 << TABLE_BITS);
  const lists = new Map<number, Entry[]>();
  let pairs = false;
  let longestBytes = 0;

  function allow(window: number, next: number, initial: boolean): void {
    const slot = Math.imul(window | FOLD, Math.imul(SPREAD, 256)) >>> (32 - TABLE_BITS);
    table[slot] = (table[slot] ?? 0) | next;
    if (!initial) inner[slot] = (inner[slot] ?? 0) | next;
  }

  for (const entry of entries) {
    const { bytes, offset, initial } = entry;
    longestBytes = Math.max(longestBytes, bytes.length);
    if (bytes.length > MARGIN_BYTES) throw new RangeError(`a keyword of ${bytes.length} bytes is longer than ${MARGIN_BYTES}`);
    const count = Math.min(4, bytes.length - offset);
    const key = folded(bytes, offset, count);
    if (count === 2) {
      pairs = true;
      for (let third = 0; third < 256; third += 1) allow(key | (third << 16), ANY_NEXT, initial);
    } else {
      allow(key, count === 3 ? ANY_NEXT : 1 << (bytes[offset + 3] ?? 0), initial);
    }
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [entry]);
    else list.push(entry);
  }

  let slots = 16;
  while (slots < lists.size * 2) slots *= 2;
  const keyMask = slots - 1;
  const listsAt = KEYS + slots * 8;
  let size = listsAt;
  for (const list of lists.values()) size += 4 + list.reduce((sum, { bytes }) => sum + recordBytes(bytes.length), 0);
  const image = new Uint8Array(size - TABLE);
  const words = new Int32Array(image.buffer);
  words.set(table, 0);
  words.set(inner, (INNER - TABLE) >> 2);
  let at = listsAt;
  for (const [key, list] of lists) {
    let slot = (Math.imul(key, SPREAD) >>> 8) & keyMask;
    const keyAt = (): number => (KEYS - TABLE + slot * 8) >> 2;
    while (words[keyAt()] !== 0) slot = (slot + 1) & keyMask;
    words[keyAt()] = key;
    words[keyAt() + 1] = at;
    words[(at - TABLE) >> 2] = list.length;
    at += 4;
    for (const { index, offset, bytes, caseless } of list) {
      words.set([index, offset, bytes.length, caseless ? 1 : 0, ...probeOf(bytes, offset, caseless)], (at - TABLE) >> 2);
      image.set(bytes, at - TABLE + RECORD_BYTES);
      at += recordBytes(bytes.length);
    }
  }
  return { image, keyMask, pairs, longestBytes };
}

/**
 * Four bytes of a keyword that its window tells least of: most windows of ordinary text belong to other words, and one look
 * at these shows it. What they are or-ed with before they are compared, and the outcome.
 */
function probeOf(bytes: Uint8Array, offset: number, caseless: boolean): [at: number, fold: number, value: number] {
  const last = bytes.length - 4;
  // Nothing to look at: equal whatever stands there.
  if (last < 0) return [0, -1, -1];
  const at = offset >= 4 ? offset - 4 : offset + 8 <= bytes.length || last - offset > offset ? Math.min(last, offset + 4) : 0;
  const fold = caseless ? FOLD | (0x20 << 24) : 0;
  let value = fold;
  for (let k = 0; k < 4; k += 1) value |= (bytes[at + k] ?? 0) << (8 * k);
  return [at, fold, value];
}

function recordBytes(length: number): number {
  return (RECORD_BYTES + length + 3) & ~3;
}

/** What one look found: pairs of a keyword's index and the offset it begins at, by that offset. Grows as needed. */
export interface Hits {
  pairs: Int32Array;
  count: number;
}

export function createHits(): Hits {
  return { pairs: new Int32Array(64), count: 0 };
}

/**
 * Finds the keywords whose windows begin in `bytes[from, to)`, a block at most. What lies before `low` is not seen, as
 * if the bytes began there. A keyword may begin before `from`, and end after `to`.
 *
 * @returns where to go on: `to`, or less where there were very many hits
 */
export function findKeywords(tables: KeywordTables, bytes: Uint8Array, low: number, from: number, to: number, hits: Hits): number {
  const matcher = sharedMatcher();
  if (matcher.loaded !== tables) {
    const missing = TABLE + tables.image.length - matcher.bytes.length;
    if (missing > 0) {
      matcher.memory.grow(Math.ceil(missing / PAGE_BYTES));
      matcher.bytes = new Uint8Array(matcher.memory.buffer);
      matcher.words = new Int32Array(matcher.memory.buffer);
    }
    matcher.bytes.set(tables.image, TABLE);
    matcher.loaded = tables;
  }
  const { bytes: memory, words } = matcher;
  const first = Math.max(low, from - MARGIN_BYTES);
  const last = Math.min(bytes.length, to + MARGIN_BYTES);
  const place = DATA + MARGIN_BYTES - from;
  memory.fill(0, DATA, first + place);
  memory.set(first === 0 && last === bytes.length ? bytes : bytes.subarray(first, last), first + place);
  memory.fill(0, last + place, to + place + MARGIN_BYTES + READ_AHEAD_BYTES);
  const end = matcher.scan(DATA + MARGIN_BYTES, to + place, tables.keyMask, tables.pairs ? 1 : 0);
  hits.count = (end - OUT) >> 3;
  if (hits.count * 2 > hits.pairs.length) hits.pairs = new Int32Array(hits.count * 3);
  const { pairs, count } = hits;
  for (let i = 0, word = OUT >> 2; i < count; i += 1, word += 2) {
    const first = (words[word + 1] as number) - place;
    // They come in the order of their windows, which is nearly that of their beginnings.
    let slot = i;
    for (; slot > 0 && (pairs[2 * slot - 1] as number) > first; slot -= 1) {
      pairs[2 * slot] = pairs[2 * slot - 2] as number;
      pairs[2 * slot + 1] = pairs[2 * slot - 1] as number;
    }
    pairs[2 * slot] = words[word] as number;
    pairs[2 * slot + 1] = first;
  }
  return Math.min(to, (words[STOP >> 2] as number) - place);
}
