/**
 * Reads JSON (RFC 8259) from bytes that come in any cuts, in one pass, without building values and without holding
 * the text. It says where strings are and which keys lead to them, and refuses what is not JSON.
 *
 * Several values in a row are taken as well, with or without line ends between them (JSON Lines,
 * https://jsonlines.org; JSON text sequences, RFC 7464), and a byte order mark before the first.
 */
import type { ObjectPath } from './key-path.ts';
import { KEY_MAX_BYTES, keyName } from './key-names.ts';
import { KeyStack, MAX_LEVELS } from './key-stack.ts';
import { StringRun } from './string-run.ts';

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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
/** The record separator of RFC 7464, which is taken between values only. */
const RECORD_SEPARATOR = 0x1e;

const HEX_DIGIT = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX_DIGIT[char.charCodeAt(0)] = 1;
const SIMPLE_ESCAPE = new Uint8Array(256);
for (const char of '"\\/bfnrt') SIMPLE_ESCAPE[char.charCodeAt(0)] = 1;
const SPACE = new Uint8Array(256);
for (const char of ' \t\r\n') SPACE[char.charCodeAt(0)] = 1;

/** What may come next outside of strings. */
const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const COLON = 4;
const AFTER_VALUE = 5;
const LITERAL = 6;
const NUMBER = 7;

/** Inside a string: content, after a backslash, or before the n-th of four hexadecimal digits. */
const CONTENT = 0;
const ESCAPE = 1;
const HEX_1 = 2;
const HEX_4 = 5;

/** Where in a number: what came last. A number may end after a zero, an integer's, fraction's or exponent's digit. */
const MINUS = 1;
const ZERO = 2;
const INTEGER = 3;
const POINT = 4;
const FRACTION = 5;
const EXPONENT_SIGN = 7;
const EXPONENT_MARK = 6;
const EXPONENT = 8;
const mayEnd = (part: number): boolean => part === INTEGER || part === ZERO || part === FRACTION || part === EXPONENT;

/** What part of a number a byte makes after `part`; 0 when it can't go on so. */
function numberPart(part: number, byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) {
    if (part === ZERO) return 0;
    if (part === MINUS) return byte === 0x30 ? ZERO : INTEGER;
    if (part === INTEGER) return INTEGER;
    return part === POINT || part === FRACTION ? FRACTION : EXPONENT;
  }
  if (byte === 0x2e) return part === INTEGER || part === ZERO ? POINT : 0;
  if (byte === 0x65 || byte === 0x45) return part === INTEGER || part === ZERO || part === FRACTION ? EXPONENT_MARK : 0;
  return (byte === 0x2b || byte === 0x2d) && part === EXPONENT_MARK ? EXPONENT_SIGN : 0;
}

/** The reader of one text. A class, so that a text costs one object and not a closure for each of its steps. */
export class JsonScanner {
  /** The keys above the string that is being read; for a key, those above its object. */
  readonly path: ObjectPath;
  readonly #sink: JsonSink;
  readonly #stack = new KeyStack();
  readonly #run = new StringRun();
  #expect = VALUE;
  #inString = false;
  #isKey = false;
  #step = CONTENT;
  /** The part of a key that lies in earlier chunks, one character a byte; undefined when none does. */
  #keyStart: string | undefined;
  #literal = '';
  #literalAt = 0;
  #part = 0;
  /** Bytes of a byte order mark that were read. */
  #marks = 0;
  /** Offset in the text of the chunk's first byte. */
  #base = 0;

  constructor(sink: JsonSink) {
    this.#sink = sink;
    this.path = this.#stack;
  }

  /** @throws JsonSyntaxError */
  push(chunk: Buffer): void {
    this.#run.read(chunk);
    let at = this.#base < 3 ? this.#skipMark(chunk) : 0;
    while (at < chunk.length) at = this.#inString ? this.#readString(chunk, at) : this.#readStructure(chunk, at);
    this.#base += chunk.length;
  }

  /** @throws JsonSyntaxError when the text ends within a value. */
  end(): void {
    const complete = this.#expect === VALUE || (this.#expect === NUMBER && mayEnd(this.#part));
    if (this.#inString || !complete || this.#stack.levels > 0 || (this.#base < 3 && this.#marks > 0)) throw this.#fault(0, 'an incomplete JSON text');
  }

  #fault(at: number, what: string): JsonSyntaxError {
    return new JsonSyntaxError(this.#base + at, what);
  }

  /** Reads content from `at`; returns the offset behind the closing quote, or the end of the bytes. */
  #readString(bytes: Buffer, at: number): number {
    const end = bytes.length;
    let i = at;
    if (this.#step !== CONTENT) i = this.#finishEscape(bytes, i);
    while (i < end) {
      i = this.#run.end(i);
      if (i === end) break;
      const byte = bytes[i] as number;
      if (byte === QUOTE) {
        this.#endString(bytes, at, i);
        return i + 1;
      }
      if (byte !== BACKSLASH) throw this.#fault(i, 'a control character in a string');
      this.#step = ESCAPE;
      i = this.#finishEscape(bytes, i + 1);
    }
    if (end > at) {
      if (this.#isKey && (this.#keyStart ?? '').length <= KEY_MAX_BYTES) this.#keyStart = (this.#keyStart ?? '') + bytes.toString('latin1', at, Math.min(end, at + KEY_MAX_BYTES + 1));
      this.#sink.content(bytes, at, end, false, this.#isKey);
    }
    return end;
  }

  #finishEscape(bytes: Buffer, at: number): number {
    let i = at;
    while (i < bytes.length && this.#step !== CONTENT) {
      const byte = bytes[i] as number;
      if (this.#step === ESCAPE) {
        if (SIMPLE_ESCAPE[byte] === 1) this.#step = CONTENT;
        else if (byte === 0x75) this.#step = HEX_1;
        else throw this.#fault(i, 'an unknown escape in a string');
      } else {
        if (HEX_DIGIT[byte] === 0) throw this.#fault(i, 'a \\u escape without four hexadecimal digits');
        this.#step = this.#step === HEX_4 ? CONTENT : this.#step + 1;
      }
      i++;
    }
    return i;
  }

  #endString(bytes: Buffer, start: number, end: number): void {
    this.#inString = false;
    if (!this.#isKey) {
      this.#expect = this.#stack.levels === 0 ? VALUE : AFTER_VALUE;
      this.#sink.content(bytes, start, end, true, false);
      return;
    }
    this.#expect = COLON;
    this.#sink.content(bytes, start, end, true, true);
    if (this.#keyStart === undefined) {
      this.#stack.name(keyName(bytes, start, end));
    } else {
      const whole = Buffer.from(this.#keyStart + bytes.toString('latin1', start, Math.min(end, start + KEY_MAX_BYTES + 1)), 'latin1');
      this.#keyStart = undefined;
      this.#stack.name(keyName(whole, 0, whole.length));
    }
  }

  /** Reads what stands outside of strings from `at`; returns the offset behind a quote that opens one, or the end. */
  #readStructure(bytes: Buffer, at: number): number {
    const end = bytes.length;
    let state = this.#expect;
    let i = at;
    while (i < end) {
      const byte = bytes[i] as number;
      if (state === NUMBER) {
        const next = numberPart(this.#part, byte);
        if (next !== 0) {
          this.#part = next;
          i++;
          continue;
        }
        if (!mayEnd(this.#part)) throw this.#fault(i, 'an incomplete number');
        state = this.#stack.levels === 0 ? VALUE : AFTER_VALUE;
        // Outside of brackets, what follows a number must be told from more of it.
        if (state === VALUE && SPACE[byte] === 0 && byte !== 0x7b && byte !== 0x5b && byte !== QUOTE) throw this.#fault(i, 'a malformed number');
        continue;
      }
      if (state === LITERAL) {
        if (byte !== this.#literal.charCodeAt(this.#literalAt)) throw this.#fault(i, 'no JSON value');
        this.#literalAt++;
        i++;
        if (this.#literalAt === this.#literal.length) state = this.#stack.levels === 0 ? VALUE : AFTER_VALUE;
        continue;
      }
      if (SPACE[byte] === 1) {
        i++;
        continue;
      }
      if (state === AFTER_VALUE) {
        if (byte === 0x2c) state = this.#stack.inObject ? KEY : VALUE;
        else if (byte === 0x7d || byte === 0x5d) state = this.#close(byte, i);
        else throw this.#fault(i, 'neither a comma nor a closing bracket after a value');
      } else if (state === COLON) {
        if (byte !== 0x3a) throw this.#fault(i, 'no colon after a key');
        state = VALUE;
      } else if (byte === QUOTE) {
        this.#inString = true;
        this.#isKey = state === KEY || state === KEY_OR_END;
        if (this.#isKey) this.#stack.name(undefined);
        return i + 1;
      } else if ((state === VALUE_OR_END && byte === 0x5d) || (state === KEY_OR_END && byte === 0x7d)) {
        state = this.#close(byte, i);
      } else if (state === KEY || state === KEY_OR_END) {
        throw this.#fault(i, 'no key');
      } else if (byte !== RECORD_SEPARATOR || this.#stack.levels > 0) {
        state = this.#open(byte, i);
      }
      i++;
    }
    this.#expect = state;
    return end;
  }

  /** Begins a value other than a string; returns what comes next. */
  #open(byte: number, at: number): number {
    if (byte === 0x7b || byte === 0x5b) {
      if (!this.#stack.open(byte === 0x7b)) throw this.#fault(at, `nesting deeper than ${MAX_LEVELS} levels`);
      return byte === 0x7b ? KEY_OR_END : VALUE_OR_END;
    }
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      this.#part = byte === 0x2d ? MINUS : byte === 0x30 ? ZERO : INTEGER;
      return NUMBER;
    }
    if (byte !== 0x74 && byte !== 0x66 && byte !== 0x6e) throw this.#fault(at, 'no JSON value');
    this.#literal = byte === 0x74 ? 'true' : byte === 0x66 ? 'false' : 'null';
    this.#literalAt = 1;
    return LITERAL;
  }

  /** Ends an object or array; returns what comes next. */
  #close(byte: number, at: number): number {
    if ((byte === 0x7d) !== this.#stack.inObject) throw this.#fault(at, 'the wrong closing bracket');
    this.#stack.close();
    return this.#stack.levels === 0 ? VALUE : AFTER_VALUE;
  }

  /** Skips the rest of a byte order mark at the very start of the text. */
  #skipMark(bytes: Buffer): number {
    let i = 0;
    while (i < bytes.length && this.#marks < 3 && this.#base + i === this.#marks && bytes[i] === BYTE_ORDER_MARK[this.#marks]) {
      this.#marks++;
      i++;
    }
    // Once begun it has to go on.
    if (i < bytes.length && this.#base + i === this.#marks && this.#marks > 0 && this.#marks < 3) throw this.#fault(i, 'no JSON value');
    return i;
  }
}
