/**
 * One pass over bytes that finds every place where a keyword may stand. The last three bytes seen, their letters
 * folded to lower case, are hashed into a table, whose entry says which bytes may follow; only where the next byte is one
 * of them is a keyword compared.
 * Four bytes go through a turn of the loop, which is what makes it fast: no byte depends on the one before but for
 * the window they share. Of each keyword the three bytes that ordinary text has least often stand in the table.
 */
import { isCommonPair } from './letter-pairs.ts';

export interface Prefilter {
  /**
   * Calls `hit` for every keyword that stands in `bytes` from `start` to `end`, roughly in order.
   * The callback gets the keyword's index in the list the prefilter was made from, and the byte it begins at.
   */
  scan(bytes: Uint8Array, start: number, end: number, hit: (keyword: number, at: number) => void): void;
}

/** Sets bit 5 in each of three bytes: letters become lower case, and other bytes stay apart well enough. */
const FOLD = 0x202020;
/** The golden ratio times 2^32, shifted so that only the low three bytes of a window count. */
const HASH = Math.imul(0x9e3779b1, 256);
const TABLE_SIZE = 65_536;
/** The keyword ends with the three bytes: whatever follows. */
const ANY_NEXT = -1;

const LOWER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;

interface Entry {
  readonly index: number;
  /** Where in the keyword the three bytes stand by which it is found. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly caseless: boolean;
}

/** Whether the entry's bytes stand at `at`; the first ones are compared again, since the hash folds too much. */
function standsAt(entry: Entry, bytes: Uint8Array, at: number, end: number): boolean {
  const literal = entry.bytes;
  const length = literal.length;
  if (at + length > end) return false;
  if (entry.caseless) {
    for (let i = 0; i < length; i += 1) {
      if (LOWER[bytes[at + i] ?? 0] !== literal[i]) return false;
    }
  } else {
    for (let i = 0; i < length; i += 1) {
      if (bytes[at + i] !== literal[i]) return false;
    }
  }
  return true;
}

/**
 * Makes the table for a list of keywords.
 *
 * @throws RangeError when a keyword is shorter than two bytes
 */
export function createPrefilter(keywords: readonly { readonly text: string; readonly caseless: boolean }[]): Prefilter {
  /** By the hash of three bytes: a bit for each of the bytes that may follow, told apart by their low five bits. */
  const table = new Int32Array(TABLE_SIZE);
  const byTriple = new Map<number, Entry[]>();
  const byPair = new Map<number, Entry[]>();

  function allow(triple: number, next: number): void {
    const slot = Math.imul(triple, HASH) >>> 16;
    table[slot] = (table[slot] ?? 0) | next;
  }

  keywords.forEach((keyword, index) => {
    const bytes = Buffer.from(keyword.caseless ? lowerAscii(keyword.text) : keyword.text, 'utf8');
    if (bytes.length < 2) throw new RangeError(`the keyword ${JSON.stringify(keyword.text)} is shorter than two bytes`);
    const offset = rarest(bytes);
    const entry: Entry = { index, offset, bytes, caseless: keyword.caseless };
    const pair = (((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)) | (FOLD & 0xffff);
    if (bytes.length === 2) {
      addTo(byPair, pair, entry);
      for (let third = 0; third < 256; third += 1) allow((pair << 8) | third | FOLD, ANY_NEXT);
    } else {
      const triple = (pair << 8) | (bytes[offset + 2] ?? 0) | FOLD;
      addTo(byTriple, triple, entry);
      if (bytes.length === offset + 3) {
        allow(triple, ANY_NEXT);
      } else {
        allow(triple, 1 << (bytes[offset + 3] ?? 0));
      }
    }
  });
  const pairs = byPair.size > 0;

  function look(triple: number, bytes: Uint8Array, start: number, at: number, end: number, hit: (keyword: number, at: number) => void): void {
    const entries = byTriple.get(triple);
    if (entries !== undefined) {
      for (const entry of entries) {
        const first = at - entry.offset;
        if (first >= start && standsAt(entry, bytes, first, end)) hit(entry.index, first);
      }
    }
    if (pairs) {
      const shorter = byPair.get(triple >>> 8);
      if (shorter !== undefined) {
        for (const entry of shorter) if (standsAt(entry, bytes, at, end)) hit(entry.index, at);
      }
    }
  }

  return {
    scan(bytes, start, end, hit) {
      if (end - start < 3) {
        if (pairs && end - start === 2) {
          look(((((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)) << 8) | FOLD, bytes, start, start, end, hit);
        }
        return;
      }
      let before2 = bytes[start] ?? 0;
      let before1 = bytes[start + 1] ?? 0;
      let i = start + 2;
      // In one turn the windows that end at i, i+1, i+2 and i+3 are looked up.
      for (; i + 5 <= end; i += 4) {
        const c0 = bytes[i] ?? 0;
        const c1 = bytes[i + 1] ?? 0;
        const c2 = bytes[i + 2] ?? 0;
        const c3 = bytes[i + 3] ?? 0;
        const early = (before2 << 24) | (before1 << 16) | (c0 << 8) | c1;
        const late = (c0 << 24) | (c1 << 16) | (c2 << 8) | c3;
        const w0 = (early >>> 8) | FOLD;
        const w1 = early | FOLD;
        const w2 = (late >>> 8) | FOLD;
        const w3 = late | FOLD;
        const h0 = (table[Math.imul(w0, HASH) >>> 16] ?? 0) >>> c1;
        const h1 = (table[Math.imul(w1, HASH) >>> 16] ?? 0) >>> c2;
        const h2 = (table[Math.imul(w2, HASH) >>> 16] ?? 0) >>> c3;
        const h3 = (table[Math.imul(w3, HASH) >>> 16] ?? 0) >>> (bytes[i + 4] ?? 0);
        if (((h0 | h1 | h2 | h3) & 1) !== 0) {
          if ((h0 & 1) !== 0) look(w0, bytes, start, i - 2, end, hit);
          if ((h1 & 1) !== 0) look(w1 & 0xffffff, bytes, start, i - 1, end, hit);
          if ((h2 & 1) !== 0) look(w2, bytes, start, i, end, hit);
          if ((h3 & 1) !== 0) look(w3 & 0xffffff, bytes, start, i + 1, end, hit);
        }
        before2 = c2;
        before1 = c3;
      }
      for (; i < end; i += 1) {
        const byte = bytes[i] ?? 0;
        const window = (before2 << 16) | (before1 << 8) | byte | FOLD;
        if ((((table[Math.imul(window, HASH) >>> 16] ?? 0) >>> (i + 1 < end ? (bytes[i + 1] ?? 0) : 0)) & 1) !== 0) look(window, bytes, start, i - 2, end, hit);
        before2 = before1;
        before1 = byte;
      }
      // A keyword of two bytes may be the last two.
      if (pairs) look(((((before2 << 8) | before1) << 8) | FOLD) & 0xffffff, bytes, start, end - 2, end, hitPair(hit));
    },
  };

  function hitPair(hit: (keyword: number, at: number) => void): (keyword: number, at: number) => void {
    return (keyword, at) => {
      if (keywords[keyword]?.text.length === 2) hit(keyword, at);
    };
  }
}

/** How often ordinary text has a letter, in thousandths; the letters of English in order of their frequency. */
const FREQUENCY = new Uint8Array(256).fill(4);
[...'etaoinsrhldcumfpgwybvkxjqz'].forEach((letter, rank) => {
  FREQUENCY[letter.charCodeAt(0)] = Math.max(2, 120 - rank * 6);
});
for (const [characters, frequency] of [[' ', 200], ['."/:-_', 30], ['0123456789', 12], ["=,;'()", 20]] as const) {
  for (const character of characters) FREQUENCY[character.charCodeAt(0)] = frequency;
}
/** Two letters that words seldom join count for so much less. */
const SELDOM = 0.1;

/** Where the three bytes stand that ordinary text has least often; those with a byte after them are found cheaper. */
function rarest(bytes: Uint8Array): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0; i + 3 <= bytes.length; i += 1) {
    let weight = i + 3 < bytes.length ? 1 : 4;
    for (let k = i; k < Math.min(i + 4, bytes.length); k += 1) {
      const byte = LOWER[bytes[k] ?? 0] ?? 0;
      weight *= (FREQUENCY[byte] ?? 4) / 100;
      if (k > i && byte >= 0x61 && byte <= 0x7a && !isCommonPair(LOWER[bytes[k - 1] ?? 0] ?? 0, byte)) weight *= SELDOM;
    }
    if (weight < least) {
      least = weight;
      best = i;
    }
  }
  return best;
}

function addTo(map: Map<number, Entry[]>, key: number, entry: Entry): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

/** Lower case for ASCII letters alone: other letters keep their bytes. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
