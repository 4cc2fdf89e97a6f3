/**
 * One pass over bytes that finds every place where a keyword may stand. The last three bytes seen, their letters
 * folded to lower case, are hashed into a table of 64 KiB; only where the table says so is a keyword compared.
 * Four bytes go through a turn of the loop, which is what makes it fast: no byte depends on the one before but for
 * the window they share.
 */

export interface Prefilter {
  /**
   * Calls `hit` for every keyword that stands in `bytes` from `start` to `end`, in order of their first bytes.
   * The callback gets the keyword's index in the list the prefilter was made from, and the byte it begins at.
   */
  scan(bytes: Uint8Array, start: number, end: number, hit: (keyword: number, at: number) => void): void;
}

/** Sets bit 5 in each of three bytes: letters become lower case, and other bytes stay apart well enough. */
const FOLD = 0x202020;
/** The golden ratio times 2^32, shifted so that only the low three bytes of a window count. */
const HASH = Math.imul(0x9e3779b1, 256);
const TABLE_SIZE = 65_536;

const LOWER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;

interface Entry {
  readonly index: number;
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
  const table = new Uint8Array(TABLE_SIZE);
  /** The same for four bytes: most of what the first table lets through falls out here. */
  const further = new Uint8Array(TABLE_SIZE);
  const byTriple = new Map<number, Entry[]>();
  const byPair = new Map<number, Entry[]>();

  keywords.forEach((keyword, index) => {
    const bytes = Buffer.from(keyword.caseless ? lowerAscii(keyword.text) : keyword.text, 'utf8');
    if (bytes.length < 2) throw new RangeError(`the keyword ${JSON.stringify(keyword.text)} is shorter than two bytes`);
    const entry: Entry = { index, bytes, caseless: keyword.caseless };
    const pair = (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) | (FOLD & 0xffff);
    if (bytes.length === 2) {
      addTo(byPair, pair, entry);
      for (let third = 0; third < 256; third += 1) table[Math.imul((pair << 8) | third | FOLD, HASH) >>> 16] = 1;
    } else {
      const triple = (pair << 8) | (bytes[2] ?? 0) | FOLD;
      addTo(byTriple, triple, entry);
      table[Math.imul(triple, HASH) >>> 16] = 1;
      if (bytes.length === 3) {
        for (let fourth = 0; fourth < 256; fourth += 1) further[furtherIndex(triple, fourth)] = 1;
      } else {
        further[furtherIndex(triple, bytes[3] ?? 0)] = 1;
      }
    }
  });
  const pairs = byPair.size > 0;

  function look(triple: number, bytes: Uint8Array, at: number, end: number, hit: (keyword: number, at: number) => void): void {
    const entries = further[furtherIndex(triple, at + 3 < end ? (bytes[at + 3] ?? 0) : 0)] === 0 ? undefined : byTriple.get(triple);
    if (entries !== undefined) {
      for (const entry of entries) if (standsAt(entry, bytes, at, end)) hit(entry.index, at);
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
          look(((((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)) << 8) | FOLD, bytes, start, end, hit);
        }
        return;
      }
      let before2 = bytes[start] ?? 0;
      let before1 = bytes[start + 1] ?? 0;
      let i = start + 2;
      // In one turn the windows that end at i, i+1, i+2 and i+3 are looked up.
      for (; i + 4 <= end; i += 4) {
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
        const h0 = table[Math.imul(w0, HASH) >>> 16] ?? 0;
        const h1 = table[Math.imul(w1, HASH) >>> 16] ?? 0;
        const h2 = table[Math.imul(w2, HASH) >>> 16] ?? 0;
        const h3 = table[Math.imul(w3, HASH) >>> 16] ?? 0;
        if ((h0 | h1 | h2 | h3) !== 0) {
          if (h0 !== 0) look(w0, bytes, i - 2, end, hit);
          if (h1 !== 0) look(w1 & 0xffffff, bytes, i - 1, end, hit);
          if (h2 !== 0) look(w2, bytes, i, end, hit);
          if (h3 !== 0) look(w3 & 0xffffff, bytes, i + 1, end, hit);
        }
        before2 = c2;
        before1 = c3;
      }
      for (; i < end; i += 1) {
        const byte = bytes[i] ?? 0;
        const window = (before2 << 16) | (before1 << 8) | byte | FOLD;
        if (table[Math.imul(window, HASH) >>> 16] !== 0) look(window, bytes, i - 2, end, hit);
        before2 = before1;
        before1 = byte;
      }
      // A keyword of two bytes may be the last two.
      if (pairs) look(((((before2 << 8) | before1) << 8) | FOLD) & 0xffffff, bytes, end - 2, end, hitPair(hit));
    },
  };

  function hitPair(hit: (keyword: number, at: number) => void): (keyword: number, at: number) => void {
    return (keyword, at) => {
      if (keywords[keyword]?.text.length === 2) hit(keyword, at);
    };
  }
}

/** Where four bytes, folded, stand in the second table. */
function furtherIndex(triple: number, fourth: number): number {
  return Math.imul((triple << 8) | fourth | 0x20, 0x9e3779b1) >>> 16;
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
