/**
 * Reads JSON (RFC 8259) from bytes that come in any cuts, in one pass, without building values and without holding
 * the text. It says where strings are and which keys lead to them, and refuses what is not JSON.
 *
 * Several values in a row are taken as well, with or without line ends between them (JSON Lines,
 * https://jsonlines.org; JSON text sequences, RFC 7464), and a byte order mark before the first.
 */
import type { KeyPath } from './key-path.ts';
import { KeyStack, MAX_LEVELS } from './key-stack.ts';

/** The text is not JSON; says where, never what stands there. */
export class JsonSyntaxError extends Error {
  /** Of the byte at fault, from the start of the text. */
  readonly offset: number;

  constructor(offset: number, what: string) {
    super(`${what} at byte ${offset}`);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

export interface JsonSink {
  /**
   * A piece of a string's content, raw, without its quotes: `bytes[start, end)`. A string comes in one piece unless
   * a chunk ends within it; the last piece, which may be empty, is marked.
   */
  content(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void;
}

export interface JsonScanner {
  /** The keys above the string that is being read; for a key, those above its object. */
  readonly path: KeyPath;
  /** @throws JsonSyntaxError */
  push(chunk: Buffer): void;
  /** @throws JsonSyntaxError when the text ends within a value. */
  end(): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Bytes of a key's name that are remembered; a longer one is nobody's field name. */
const KEY_MAX_BYTES = 256;

/** Bytes of string content that need no look: all but the quote, the backslash and control characters. */
const PLAIN = new Uint8Array(256).fill(1);
for (let byte = 0; byte < 0x20; byte++) PLAIN[byte] = 0;
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

const HEX_DIGIT = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX_DIGIT[char.charCodeAt(0)] = 1;
const SIMPLE_ESCAPE = new Uint8Array(256);
for (const char of '"\\/bfnrt') SIMPLE_ESCAPE[char.charCodeAt(0)] = 1;
/** White space, and the record separator of RFC 7464, which is taken between values only. */
const SPACE = new Uint8Array(256);
for (const char of ' \t\r\n') SPACE[char.charCodeAt(0)] = 1;
const RECORD_SEPARATOR = 0x1e;

/** What may come next outside of strings. */
const EXPECT = { value: 0, valueOrEnd: 1, key: 2, keyOrEnd: 3, colon: 4, after: 5, literal: 6, number: 7 } as const;
type Expect = (typeof EXPECT)[keyof typeof EXPECT];

/** Inside a string: content, after a backslash, or before the n-th of four hexadecimal digits. */
const CONTENT = 0;
const ESCAPE = 1;
const HEX_1 = 2;
const HEX_4 = 5;

/**
 * Numbers as a small automaton: state → next state by the class of the byte. 0 refuses. States that may end a
 * number: 2 (a leading zero), 3 (integer digits), 5 (fraction), 8 (exponent).
 */
const NUMBER_ENDS = new Set([2, 3, 5, 8]);
function numberStep(state: number, byte: number): number {
  const digit = byte >= 0x30 && byte <= 0x39;
  const exponent = byte === 0x65 || byte === 0x45;
  switch (state) {
    case 1: // after the minus
      return byte === 0x30 ? 2 : digit ? 3 : 0;
    case 2:
      return byte === 0x2e ? 4 : exponent ? 6 : 0;
    case 3:
      return digit ? 3 : byte === 0x2e ? 4 : exponent ? 6 : 0;
    case 4: // after the point
      return digit ? 5 : 0;
    case 5:
      return digit ? 5 : exponent ? 6 : 0;
    case 6: // after the e
      return digit ? 8 : byte === 0x2b || byte === 0x2d ? 7 : 0;
    case 7: // after the exponent's sign
      return digit ? 8 : 0;
    default:
      return digit ? 8 : 0;
  }
}

export function createJsonScanner(sink: JsonSink): JsonScanner {
  const stack = new KeyStack();
  let expect: Expect = EXPECT.value;
  let inString = false;
  let isKey = false;
  let step = CONTENT;
  let keyName = '';
  let literal = '';
  let literalAt = 0;
  let numberState = 0;
  /** Offset in the text of the chunk's first byte. */
  let base = 0;

  const fault = (offset: number, what: string): JsonSyntaxError => new JsonSyntaxError(offset, what);

  function endValue(): void {
    expect = stack.levels === 0 ? EXPECT.value : EXPECT.after;
  }

  function openString(key: boolean): void {
    inString = true;
    isKey = key;
    step = CONTENT;
    keyName = '';
    if (key) stack.name(undefined);
  }

  /** Reads content from `at`; returns the offset behind the closing quote, or the end of the bytes. */
  function readString(bytes: Buffer, at: number): number {
    const end = bytes.length;
    let i = at;
    while (i < end) {
      if (step === CONTENT) {
        while (i < end && PLAIN[bytes[i] as number] === 1) i++;
        if (i === end) break;
        const byte = bytes[i] as number;
        if (byte === QUOTE) {
          pass(bytes, at, i, true);
          return i + 1;
        }
        if (byte !== BACKSLASH) throw fault(base + i, 'a control character in a string');
        // Nearly every escape is a simple one that lies whole in the chunk.
        if (i + 1 < end && SIMPLE_ESCAPE[bytes[i + 1] as number] === 1) {
          i += 2;
        } else {
          step = ESCAPE;
          i++;
        }
      } else {
        const byte = bytes[i] as number;
        if (step === ESCAPE) {
          if (SIMPLE_ESCAPE[byte] === 1) step = CONTENT;
          else if (byte === 0x75) step = HEX_1;
          else throw fault(base + i, 'an unknown escape in a string');
        } else {
          if (HEX_DIGIT[byte] === 0) throw fault(base + i, 'a \\u escape without four hexadecimal digits');
          step = step === HEX_4 ? CONTENT : step + 1;
        }
        i++;
      }
    }
    if (end > at) pass(bytes, at, end, false);
    return end;
  }

  function pass(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (isKey && keyName.length <= KEY_MAX_BYTES) keyName += bytes.toString('latin1', start, Math.min(end, start + KEY_MAX_BYTES + 1));
    sink.content(bytes, start, end, last, isKey);
    if (!last) return;
    inString = false;
    if (isKey) {
      stack.name(keyText(keyName));
      expect = EXPECT.colon;
    } else {
      endValue();
    }
  }

  function beginValue(byte: number, offset: number): void {
    if (byte === 0x7b || byte === 0x5b) {
      if (!stack.open(byte === 0x7b)) throw fault(offset, `nesting deeper than ${MAX_LEVELS} levels`);
      expect = byte === 0x7b ? EXPECT.keyOrEnd : EXPECT.valueOrEnd;
    } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      numberState = byte === 0x2d ? 1 : byte === 0x30 ? 2 : 3;
      expect = EXPECT.number;
    } else if (byte === 0x74 || byte === 0x66 || byte === 0x6e) {
      literal = byte === 0x74 ? 'true' : byte === 0x66 ? 'false' : 'null';
      literalAt = 1;
      expect = EXPECT.literal;
    } else {
      throw fault(offset, 'no JSON value');
    }
  }

  function closeContainer(byte: number, offset: number): void {
    if ((byte === 0x7d) !== stack.inObject) throw fault(offset, 'the wrong closing bracket');
    stack.close();
    endValue();
  }

  /** Takes one byte outside of strings; true when it opened one. */
  function outside(byte: number, offset: number): boolean {
    if (expect === EXPECT.literal) {
      if (byte !== literal.charCodeAt(literalAt)) throw fault(offset, 'no JSON value');
      literalAt++;
      if (literalAt === literal.length) endValue();
      return false;
    }
    if (expect === EXPECT.number) {
      const next = numberStep(numberState, byte);
      if (next !== 0) {
        numberState = next;
        return false;
      }
      if (!NUMBER_ENDS.has(numberState)) throw fault(offset, 'an incomplete number');
      endValue();
      // What ends a number is looked at as what it is; only more of the same would be a malformed one.
      if ((expect as Expect) === EXPECT.value && SPACE[byte] === 0 && byte !== 0x7b && byte !== 0x5b && byte !== QUOTE) throw fault(offset, 'a malformed number');
    }
    if (SPACE[byte] === 1) return false;
    switch (expect) {
      case EXPECT.valueOrEnd:
        if (byte === 0x5d) {
          closeContainer(byte, offset);
          return false;
        }
        expect = EXPECT.value;
        break;
      case EXPECT.keyOrEnd:
        if (byte === 0x7d) {
          closeContainer(byte, offset);
          return false;
        }
        expect = EXPECT.key;
        break;
      case EXPECT.colon:
        if (byte !== 0x3a) throw fault(offset, 'no colon after a key');
        expect = EXPECT.value;
        return false;
      case EXPECT.after:
        if (byte === 0x2c) expect = stack.inObject ? EXPECT.key : EXPECT.value;
        else if (byte === 0x7d || byte === 0x5d) closeContainer(byte, offset);
        else throw fault(offset, 'neither a comma nor a closing bracket after a value');
        return false;
      default:
    }
    if (byte === QUOTE) {
      openString(expect === EXPECT.key);
      return true;
    }
    if (expect === EXPECT.key) throw fault(offset, 'no key');
    if (stack.levels === 0 && byte === RECORD_SEPARATOR) return false;
    beginValue(byte, offset);
    return false;
  }

  /** The bytes of a byte order mark that stand at the very start. */
  function isMark(byte: number, offset: number): boolean {
    return offset < 3 && byte === [0xef, 0xbb, 0xbf][offset];
  }

  return {
    path: stack,
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (inString) {
          at = readString(chunk, at);
          continue;
        }
        const byte = chunk[at] as number;
        if (!isMark(byte, base + at)) outside(byte, base + at);
        at++;
      }
      base += chunk.length;
    },
    end() {
      if (!inString && expect === EXPECT.number && NUMBER_ENDS.has(numberState)) endValue();
      if (inString || expect !== EXPECT.value || stack.levels > 0) throw fault(base, 'an incomplete JSON text');
    },
  };
}

/** A key's name as text. Keys with escapes or beyond ASCII are rare, and none of the names that matter is one. */
function keyText(raw: string): string | undefined {
  if (raw.length > KEY_MAX_BYTES) return undefined;
  if (!/[\\\x80-\xff]/.test(raw)) return raw;
  try {
    return JSON.parse(`"${Buffer.from(raw, 'latin1').toString('utf8')}"`) as string;
  } catch {
    return undefined;
  }
}
