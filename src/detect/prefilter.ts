/**
 * One pass over bytes that finds every place where a keyword may stand. Of each keyword the three bytes that ordinary
 * text has least often, and the one behind them, are what it is found by; keyword-matcher.ts has the loop.
 */
import { BLOCK_BYTES, createHits, createTables, findKeywords, type Hits } from './keyword-matcher.ts';
import { isCommonPair, isFrequentFour } from './letter-pairs.ts';

export interface Literal {
  readonly text: string;
  readonly caseless: boolean;
  /** It only counts where a word may begin: not directly behind a letter, a digit or an underscore. */
  readonly initial?: boolean;
}

export interface Prefilter {
  /**
   * Calls `hit` for every keyword that stands in `bytes` from `start` to `end`, roughly in order.
   * The callback gets the keyword's index in the list the prefilter was made from, and the byte it begins at.
   */
  scan(bytes: Uint8Array, start: number, end: number, hit: (keyword: number, at: number) => void): void;
  /**
   * Says that parts of these bytes will be scanned one after the other: then the pass is made over whole blocks of them,
   * however short the parts. They must stay as they are until others are announced.
   */
  announce(bytes: Uint8Array): void;
  /** Says that a part of the announced bytes is left out: from here on little is looked at ahead of what is asked for. */
  leaveOut(): void;
}

/** The least that is looked at together once parts are left out. */
const LEAST_BLOCK_BYTES = 512;

const LOWER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;

/**
 * Makes the tables for a list of keywords.
 *
 * @throws RangeError when a keyword is shorter than two bytes, or longer than 256
 */
export function createPrefilter(keywords: readonly Literal[]): Prefilter {
  const tables = createTables(
    keywords.map((keyword, index) => {
      const bytes = Buffer.from(keyword.caseless ? lowerAscii(keyword.text) : keyword.text, 'utf8');
      if (bytes.length < 2) throw new RangeError(`the keyword ${JSON.stringify(keyword.text)} is shorter than two bytes`);
      const offset = rarest(bytes);
      // What stands before the window is before the keyword only where the window begins it.
      return { index, offset, bytes, caseless: keyword.caseless, initial: keyword.initial === true && offset === 0 };
    }),
  );
  const lengths = keywords.map(({ text }) => Buffer.byteLength(text));

  /** The bytes that were announced, and the block of them looked at last. */
  let announced: Uint8Array | undefined;
  const block = { start: 0, end: 0, hits: createHits(), next: 0 };
  let blockBytes = BLOCK_BYTES;
  /** Free for the next scan of other bytes; one that a callback starts has hits of its own. */
  let spare: Hits | undefined = createHits();

  /** Reports what lies within [start, end), from the hit `from` on. */
  function report({ pairs, count }: Hits, from: number, start: number, end: number, hit: (keyword: number, at: number) => void): void {
    for (let i = from; i < count; i += 1) {
      const at = pairs[2 * i + 1] as number;
      if (at >= end) return;
      const keyword = pairs[2 * i] as number;
      if (at >= start && at + (lengths[keyword] as number) <= end) hit(keyword, at);
    }
  }

  function scanAnnounced(bytes: Uint8Array, start: number, end: number, hit: (keyword: number, at: number) => void): void {
    let at = start;
    while (at < end) {
      if (at < block.start || at >= block.end) {
        const last = Math.min(bytes.length, at + blockBytes);
        blockBytes = Math.min(BLOCK_BYTES, blockBytes * 2);
        // A block with very many hits is looked at in parts.
        block.end = at;
        do {
          block.start = block.end;
          block.end = findKeywords(tables, bytes, 0, block.start, last, block.hits);
        } while (block.end <= at);
        block.next = 0;
      }
      const { hits } = block;
      const { pairs, count } = hits;
      const blockEnd = block.end;
      // Parts come from the left: what lies before this one is done with.
      if (block.next > 0 && (pairs[2 * block.next - 1] as number) >= start) block.next = 0;
      while (block.next < count && (pairs[2 * block.next + 1] as number) < start) block.next += 1;
      report(hits, block.next, start, end, hit);
      at = blockEnd;
    }
  }

  function scanOther(bytes: Uint8Array, start: number, end: number, hit: (keyword: number, at: number) => void): void {
    const hits = spare ?? createHits();
    spare = undefined;
    for (let at = start; at < end; ) {
      at = findKeywords(tables, bytes, start, at, Math.min(end, at + BLOCK_BYTES), hits);
      report(hits, 0, start, end, hit);
    }
    spare = hits;
  }

  return {
    scan(bytes, start, end, hit) {
      if (bytes === announced) scanAnnounced(bytes, start, end, hit);
      else scanOther(bytes, start, end, hit);
    },
    announce(bytes) {
      announced = bytes;
      block.start = block.end = 0;
    },
    leaveOut() {
      blockBytes = LEAST_BLOCK_BYTES;
    },
  };
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
/** Four letters that stand in very many words count for so much more. */
const FREQUENT = 50;

/** Where the three bytes stand that ordinary text has least often; those with a byte after them are found cheaper. */
function rarest(bytes: Uint8Array): number {
  let best = 0;
  let least = Infinity;
  const text = Buffer.from(bytes).toString('latin1').toLowerCase();
  for (let i = 0; i + 3 <= bytes.length; i += 1) {
    let weight = i + 3 < bytes.length ? 1 : 4;
    for (let k = i; k < Math.min(i + 4, bytes.length); k += 1) {
      const byte = LOWER[bytes[k] ?? 0] ?? 0;
      weight *= (FREQUENCY[byte] ?? 4) / 100;
      if (k > i && byte >= 0x61 && byte <= 0x7a && !isCommonPair(LOWER[bytes[k - 1] ?? 0] ?? 0, byte)) weight *= SELDOM;
    }
    if (isFrequentFour(text.slice(i, i + 4))) weight *= FREQUENT;
    if (weight < least) {
      least = weight;
      best = i;
    }
  }
  return best;
}

/** Lower case for ASCII letters alone: other letters keep their bytes. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
