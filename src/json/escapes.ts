/** What the raw content of a JSON string stands for (RFC 8259 section 7), one level of escapes at a time. */

/**
 * Takes escapes off, `levels` times; stops where a level is not the content of a JSON string, since then it was none.
 */
export function unescapeContent(bytes: Buffer, start: number, end: number, levels: number): string {
  let text = bytes.toString('utf8', start, end);
  for (let level = 0; level < levels; level++) {
    if (!text.includes('\\')) return text;
    try {
      text = JSON.parse(`"${text}"`) as string;
    } catch {
      return text;
    }
  }
  return text;
}

/**
 * Every way in which a text may stand as the raw content of a JSON string, from that itself to `depth` levels of JSON
 * in JSON, without repetitions. Needless escapes of ASCII characters are left to {@link createCopyPlain}.
 */
export function escapedForms(text: string, depth: number): string[] {
  const forms = new Set<string>();
  let plain = text;
  // As Python's json.dumps writes it by default, and others in capitals.
  let ascii = text;
  let capital = text;
  for (let level = 0; level < depth; level++) {
    plain = JSON.stringify(plain).slice(1, -1);
    ascii = asciiContent(ascii, (digits) => digits);
    capital = asciiContent(capital, (digits) => digits.toUpperCase());
    forms.add(plain).add(ascii).add(capital);
  }
  return [...forms];
}

function asciiContent(text: string, written: (digits: string) => string): string {
  const content = JSON.stringify(text).slice(1, -1);
  return content.replace(/[\u007f-\uffff]/g, (char) => `\\u${written(char.charCodeAt(0).toString(16).padStart(4, '0'))}`);
}

/** A copy of raw content in which every character stands as JSON.stringify would write it, with the way back. */
export interface PlainCopy {
  readonly bytes: Buffer;
  /** For each byte of the copy, and one past its end, where it stands in the original. */
  readonly offsets: Uint32Array;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const SLASH = 0x2f;
const LOWER_U = 0x75;
/** Levels of JSON in JSON that are seen through: an escape of the third begins with four backslashes. */
const MOST_BACKSLASHES = 4;
/** Control characters that have an escape of one letter. */
const LETTERS: ReadonlyMap<number, number> = new Map([[0x08, 0x62], [0x09, 0x74], [0x0a, 0x6e], [0x0c, 0x66], [0x0d, 0x72]]);

/** Says quickly where there is something for {@link createCopyPlain} to undo. */
export interface NeedlessEscapes {
  /**
   * The offset of what may be such an escape, from `start` on; Infinity without one. Cheap when asked in order, about
   * bytes that do not change.
   */
  next(bytes: Buffer, start: number): number;
}

export function createNeedlessEscapes(): NeedlessEscapes {
  const unicode = createFinder(Buffer.from('\\u00'));
  const slash = createFinder(Buffer.from('\\/'));
  return {
    next: (bytes, start) => Math.min(unicode.next(bytes, start), slash.next(bytes, start)),
  };
}

/** Where a needle stands next. A buffer is gone through once, however often it is asked about. */
function createFinder(needle: Buffer): NeedlessEscapes {
  let seen: Buffer | undefined;
  let from = 0;
  let at = 0;
  return {
    next(bytes, start) {
      if (seen === bytes && start >= from && start <= at) return at;
      seen = bytes;
      from = start;
      at = bytes.indexOf(needle, start);
      if (at < 0) at = Infinity;
      return at;
    },
  };
}

/**
 * Undoes escapes that JSON.stringify would not write: `\u0041`, `\u0022` and `\/`, at any of three levels of JSON in
 * JSON. The copy is for looking only, and good until the next call.
 *
 * @param through the copy holds at least what stands at this offset
 * @param reach how many bytes it goes on behind the last escape that may be one, when `end` is not reached before
 */
export type CopyPlain = (bytes: Buffer, start: number, end: number, through: number, reach: number) => PlainCopy;

export function createCopyPlain(): CopyPlain {
  let copy: Buffer = Buffer.alloc(0);
  let offsets: Uint32Array = new Uint32Array(0);
  let length = 0;

  function grow(): void {
    const larger = Buffer.allocUnsafe(Math.max(4096, copy.length * 2));
    copy.copy(larger, 0, 0, length);
    const moreOffsets = new Uint32Array(larger.length);
    moreOffsets.set(offsets);
    copy = larger;
    offsets = moreOffsets;
  }

  function write(byte: number, times: number, at: number): void {
    for (let i = 0; i < times; i++) {
      offsets[length] = at;
      copy[length++] = byte;
    }
  }

  return (bytes, start, end, through, reach) => {
    let at = start;
    let stop = 0;
    length = 0;
    while (at < end && (at <= through || length < stop)) {
      if (length + 2 * MOST_BACKSLASHES + 1 > copy.length) grow();
      const byte = bytes[at] as number;
      if (byte !== BACKSLASH) {
        offsets[length] = at++;
        copy[length++] = byte;
        continue;
      }
      let behind = at;
      while (behind < end && bytes[behind] === BACKSLASH) behind++;
      const run = behind - at;
      if (behind < end && bytes[behind] === SLASH) {
        write(SLASH, 1, at);
        stop = length + reach;
        at = behind + 1;
        continue;
      }
      // Of a run of backslashes, the last one, two or four begin an escape of the first, second or third level.
      const level = run & -run;
      if (bytes[behind] === LOWER_U) stop = length + run + reach;
      const code = bytes[behind] === LOWER_U && behind + 5 <= end && level <= MOST_BACKSLASHES ? latinCode(bytes, behind + 1) : -1;
      for (const runEnd = code < 0 ? behind : behind - level; at < runEnd; at++) {
        if (length === copy.length) grow();
        write(BACKSLASH, 1, at);
      }
      if (code < 0) continue;
      if (length + 2 * MOST_BACKSLASHES + 1 > copy.length) grow();
      writeCode(code, level, at);
      stop = length + reach;
      at = behind + 5;
    }
    if (length === copy.length) grow();
    offsets[length] = at;
    return { bytes: copy.subarray(0, length), offsets };
  };

  /** As it stands at a level of JSON in JSON, which doubles backslashes: 1, 2 or 4 for each there is at the first. */
  function writeCode(code: number, level: number, at: number): void {
    const letter = LETTERS.get(code);
    if (code === BACKSLASH) {
      write(BACKSLASH, 2 * level, at);
    } else if (code === QUOTE) {
      write(BACKSLASH, 2 * level - 1, at);
      write(QUOTE, 1, at);
    } else if (letter !== undefined) {
      write(BACKSLASH, level, at);
      write(letter, 1, at);
    } else {
      write(code, 1, at);
    }
  }
}

/** The character `00xx` at `at` stands for, if it is one of ASCII that needs no such escape; else -1. */
function latinCode(bytes: Buffer, at: number): number {
  if (bytes[at] !== 0x30 || bytes[at + 1] !== 0x30) return -1;
  const high = hexDigit(bytes[at + 2] as number);
  const low = hexDigit(bytes[at + 3] as number);
  if (high < 0 || low < 0) return -1;
  const code = high * 16 + low;
  return (code >= 0x20 && code < 0x7f) || LETTERS.has(code) ? code : -1;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Hexadecimal digits of an escape such as `\u00e9`. */
const ESCAPE_DIGITS = 4;

/**
 * Whether the byte at `at` belongs to an escape that begins before it.
 * @param levels of JSON in JSON: at the second one `\\u00e9` is an escape as well. What stands behind `\\n` counts as text
 * all the same: where it is none, that is seen by nobody; where it is a secret, it would be.
 */
export function isWithinEscape(bytes: Buffer, start: number, at: number, levels: number): boolean {
  if (isEscaped(bytes, start, at)) return true;
  for (let before = at - 1; before >= Math.max(start, at - ESCAPE_DIGITS); before--) {
    if (bytes[before] !== LOWER_U) continue;
    const run = backslashes(bytes, start, before);
    if (run % 2 === 1 || (levels > 1 && run % 4 === 2)) return true;
  }
  return false;
}

/** Whether an odd run of backslashes before `at` makes its byte part of an escape; none is open at `start`. */
export function isEscaped(bytes: Buffer, start: number, at: number): boolean {
  return backslashes(bytes, start, at) % 2 === 1;
}

function backslashes(bytes: Buffer, start: number, at: number): number {
  let run = at;
  while (run > start && bytes[run - 1] === BACKSLASH) run--;
  return at - run;
}
