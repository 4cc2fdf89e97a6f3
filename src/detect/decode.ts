/**
 * Text as a reader sees it, from bytes as they travel: JSON escapes (RFC 8259 section 7) are decoded whatever the
 * depth to which strings were nested in strings, UTF-8 becomes characters, and every character knows its byte.
 *
 * A run of backslashes before one of the letters that name an escape counts as that escape, however long the run:
 * `\n`, `\\n` and `\\\\n` all read as a line break. Where the text really meant a backslash, a boundary was read as
 * another boundary, which costs nothing in looking for secrets.
 */
import type { DecodedText } from './rule.ts';

/** Characters one decoder holds at most: the largest window of a rule, what it may look back, and some slack. */
export const MAX_DECODED_CHARS = 18_432;
/** Backslashes looked back over for the start of an escape. */
const MAX_ESCAPE_RUN = 64;

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** What the letter after a backslash stands for; 0 where it is no escape. */
const SIMPLE_ESCAPES = new Uint8Array(256);
for (const [letter, code] of [['n', 10], ['t', 9], ['r', 13], ['b', 8], ['f', 12], ['"', 34], ['/', 47], ["'", 39]] as const) {
  SIMPLE_ESCAPES[letter.charCodeAt(0)] = code;
}

/** The value of a hexadecimal digit; 255 for any other byte. */
const HEX = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit += 1) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** Four hexadecimal digits at `at` as a number, or -1. */
export function hex4(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1;
  let value = 0;
  for (let i = at; i < at + 4; i += 1) {
    const digit = HEX[bytes[i] ?? 0] ?? 255;
    if (digit === 255) return -1;
    value = (value << 4) | digit;
  }
  return value;
}

/** The first byte of the character or escape that the byte at `at` belongs to, not before `start`. */
export function characterStart(bytes: Uint8Array, at: number, start: number): number {
  let from = at;
  for (let back = 0; back < 3 && from > start && ((bytes[from] ?? 0) & 0xc0) === 0x80; back += 1) from -= 1;
  for (let back = 1; back <= 5 && from - back > start; back += 1) {
    if (bytes[from - back] === LOWER_U && bytes[from - back - 1] === BACKSLASH) {
      from -= back;
      break;
    }
  }
  for (let back = 0; back < MAX_ESCAPE_RUN && from > start && bytes[from - 1] === BACKSLASH; back += 1) from -= 1;
  return from;
}

export interface Decoder extends DecodedText {
  /** The stretch last decoded: its text, first byte, and the byte after its last. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly complete: boolean;
  readonly length: number;
  /** Decodes from the byte `from` (the start of a character) until `end` or until `maxChars` are decoded. */
  decode(bytes: Buffer, from: number, end: number, maxChars: number): void;
  /** Forgets the stretch: the next bytes are others. */
  clear(): void;
  /** The index of the character that begins at the byte `raw`, or -1 when none begins there. */
  indexAt(raw: number): number;
  /** The code of a character, 0 outside the stretch. */
  codeAt(index: number): number;
}

function continues(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}

/** A decoder with buffers of its own, to be used again and again. */
export function createDecoder(): Decoder {
  const codes = new Uint16Array(MAX_DECODED_CHARS + 2);
  const codeBytes = Buffer.from(codes.buffer);
  const offsets = new Uint32Array(MAX_DECODED_CHARS + 3);
  let text = '';
  let textMade = true;
  let first = 0;
  let last = 0;
  let count = 0;
  let whole = false;

  return {
    get text(): string {
      if (!textMade) {
        text = codeBytes.toString('utf16le', 0, count * 2);
        textMade = true;
      }
      return text;
    },
    get from() { return first; },
    get to() { return last; },
    get complete() { return whole; },
    get length() { return count; },
    clear() {
      first = last = count = 0;
      whole = false;
      text = '';
      textMade = true;
    },
    decode(bytes, from, end, maxChars) {
      const limit = Math.min(maxChars, MAX_DECODED_CHARS);
      let i = from;
      let n = 0;
      while (i < end && n < limit) {
        // Nearly all characters are plain: a loop of their own keeps them in registers.
        for (const stop = Math.min(end, i + limit - n); i < stop; i += 1, n += 1) {
          const plain = bytes[i] as number;
          if (plain >= 0x80 || plain === BACKSLASH) break;
          codes[n] = plain;
          offsets[n] = i;
        }
        if (i >= end || n >= limit) break;
        const byte = bytes[i] ?? 0;
        offsets[n] = i;
        if (byte !== BACKSLASH) {
          // UTF-8 (RFC 3629); a malformed byte stands for itself, so that offsets stay right, and so that no character
          // swallows a backslash or a quote.
          const second = bytes[i + 1] ?? 0;
          if (byte >= 0xc2 && byte < 0xe0 && i + 1 < end && (second & 0xc0) === 0x80) {
            codes[n] = ((byte & 0x1f) << 6) | (second & 0x3f);
            i += 2;
          } else if (byte >= 0xe0 && byte < 0xf0 && i + 2 < end && (second & 0xc0) === 0x80 && continues(bytes, i + 2)) {
            codes[n] = ((byte & 0x0f) << 12) | ((second & 0x3f) << 6) | ((bytes[i + 2] ?? 0) & 0x3f);
            i += 3;
          } else if (byte >= 0xf0 && byte < 0xf5 && i + 3 < end && (second & 0xc0) === 0x80 && continues(bytes, i + 2) && continues(bytes, i + 3)) {
            const point = ((byte & 0x07) << 18) | ((second & 0x3f) << 12) | (((bytes[i + 2] ?? 0) & 0x3f) << 6) | ((bytes[i + 3] ?? 0) & 0x3f);
            codes[n] = 0xd800 + ((point - 0x10000) >> 10);
            n += 1;
            offsets[n] = i;
            codes[n] = 0xdc00 + ((point - 0x10000) & 0x3ff);
            i += 4;
          } else {
            codes[n] = 0xfffd;
            i += 1;
          }
          n += 1;
          continue;
        }
        let run = i + 1;
        while (run < end && bytes[run] === BACKSLASH) run += 1;
        const letter = run < end ? (bytes[run] ?? 0) : 0;
        const simple = SIMPLE_ESCAPES[letter] ?? 0;
        if (simple !== 0) {
          codes[n] = simple;
          i = run + 1;
        } else if (letter === LOWER_U && hex4(bytes, run + 1, end) >= 0) {
          codes[n] = hex4(bytes, run + 1, end);
          i = run + 5;
        } else {
          codes[n] = BACKSLASH;
          i = run;
        }
        n += 1;
      }
      offsets[n] = i;
      count = n;
      first = from;
      last = i;
      whole = i >= end;
      textMade = false;
    },
    rawOffset(index) {
      return offsets[index < count ? index : count] ?? last;
    },
    indexAt(raw) {
      let low = 0;
      let high = count - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const offset = offsets[middle] ?? 0;
        if (offset === raw) return middle;
        if (offset < raw) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
    codeAt(index) {
      return index >= 0 && index < count ? (codes[index] ?? 0) : 0;
    },
  };
}
