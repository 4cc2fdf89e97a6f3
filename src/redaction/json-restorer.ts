/**
 * Restores placeholders in the strings of a JSON body, of JSON Lines or of values one after the other, as the bytes
 * stream through. Only what may still become a placeholder waits, some hundred bytes at most; everything else
 * leaves in the push it came in.
 *
 * This reading never refuses anything: an answer is the upstream's, right or wrong. Bytes that cannot be JSON turn
 * the restorer off for the rest of the body.
 */
import type { KeyPath } from '../json/key-path.ts';
import { restoreDepth } from '../wire/opaque.ts';
import { OpenText, type Carrier } from './open-text.ts';
import type { RestorerOptions, RestoringFilter } from './restorer.ts';
import { applySplices, escapeValue, type Splice } from './splice.ts';
import { TextMatcher, type Depth } from './text-matcher.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Deeper nesting than this is not followed: the rest of the body passes as it is. */
const MAX_LEVELS = 512;
/** A longer key is nobody's field name; it need not be known. */
const KEY_MAX_BYTES = 256;

/**
 * Texts that go on in a later value, by the keys they stand at: Gemini's array of responses and the JSON Lines of
 * Ollama and of chat chunks. A placeholder split over two of their values is found.
 * https://ai.google.dev/api/generate-content, https://docs.ollama.com/api/streaming
 */
const CONTINUED = new Set(['candidates.content.parts.text', 'message.content', 'response', 'choices.delta.content', 'choices.text']);
const CONTINUED_LAST = new Set(['text', 'content', 'response']);
const CONTINUED_MAX_KEYS = 4;
/** A text that does not go on within this is let go. */
const WAITING_MAX_BYTES = 65_536;

const OTHER = 0;
const SPACE = 1;
const LITERAL = 2;
const OPEN = 3;
const CLOSE = 4;
const COMMA = 5;
/** What a byte outside strings may be; OTHER is no JSON. RS begins a record of a JSON text sequence (RFC 7464). */
const OUTSIDE = new Uint8Array(256);
for (const char of ' \t\r\n:\x1e') OUTSIDE[char.charCodeAt(0)] = SPACE;
for (const char of '0123456789+-.eEtrufalsn') OUTSIDE[char.charCodeAt(0)] = LITERAL;
for (const char of '{[') OUTSIDE[char.charCodeAt(0)] = OPEN;
for (const char of '}]') OUTSIDE[char.charCodeAt(0)] = CLOSE;
OUTSIDE[0x2c] = COMMA;

/** The keys above the current string. A level holds the number of keys above it, and what it is. */
class Place implements KeyPath {
  readonly #names: string[] = [];
  readonly #arrays: boolean[] = [];
  readonly #keysAbove: number[] = [];
  expectKey = false;

  get depth(): number {
    return this.#names.length;
  }
  at(fromEnd: number): string | undefined {
    return this.#names[this.#names.length - 1 - fromEnd];
  }
  /** All keys, joined. */
  get name(): string {
    return this.#names.join('.');
  }
  get levels(): number {
    return this.#arrays.length;
  }
  open(isArray: boolean): void {
    this.#arrays.push(isArray);
    this.#keysAbove.push(this.#names.length);
    this.expectKey = !isArray;
  }
  close(): void {
    this.#arrays.pop();
    this.#names.length = Math.min(this.#names.length, this.#keysAbove.pop() ?? 0);
    this.expectKey = false;
  }
  /** After a comma: in an object a key comes next. */
  next(): void {
    const isArray = this.#arrays[this.#arrays.length - 1];
    this.expectKey = isArray === false;
    if (this.expectKey) this.leaveKey();
  }
  leaveKey(): void {
    this.#names.length = Math.min(this.#names.length, this.#keysAbove[this.#keysAbove.length - 1] ?? 0);
  }
  enterKey(name: string): void {
    this.#names.push(name);
    this.expectKey = false;
  }
}

export function createJsonRestorer(options: RestorerOptions): RestoringFilter {
  const place = new Place();
  /** Splices are kept by their offset in the whole body. */
  const body: Carrier = { splices: [], holds: 0 };
  const matchers = ([0, 1, 2] as const).map(
    (depth: Depth) =>
      new TextMatcher({
        depth,
        lookup: options.lookup,
        found(start, end, id, value) {
          body.splices.push({ start, end, bytes: escapeValue(value, depth) });
          options.onRestored?.(id);
        },
      }),
  );
  /** Texts that go on in later values. */
  const texts = new Map<string, OpenText>();

  /** Offset in the stream of the first byte of what is being read. */
  let base = 0;
  let held: Buffer | undefined;
  let off = false;
  let begun = false;
  let inString = false;
  let escaped = false;
  let matcher: TextMatcher | undefined;
  let text: OpenText | undefined;
  let keyName: string | undefined;

  function openString(): void {
    inString = true;
    escaped = false;
    if (place.expectKey) keyName = '';
    // Keys are redacted wherever they stand, in opaque places too.
    const depth = keyName === undefined ? restoreDepth(place) : 1;
    matcher = depth === 0 ? undefined : matchers[depth];
    text = keyName === undefined && depth === 1 ? continuedText() : undefined;
  }

  function continuedText(): OpenText | undefined {
    if (place.depth > CONTINUED_MAX_KEYS || !CONTINUED_LAST.has(place.at(0) ?? '')) return undefined;
    const { name } = place;
    if (!CONTINUED.has(name)) return undefined;
    const known = texts.get(name);
    if (known !== undefined) return known;
    const opened = new OpenText(1, options);
    texts.set(name, opened);
    return opened;
  }

  function closeString(): void {
    inString = false;
    matcher?.reset();
    matcher = undefined;
    text = undefined;
    if (keyName === undefined) return;
    place.enterKey(keyName);
    keyName = undefined;
  }

  /** Reads string content from `at`; the offset of the closing quote or the end of the bytes. */
  function readString(bytes: Buffer, at: number): number {
    const start = escaped ? at + 1 : at;
    const end = stringEnd(bytes, start);
    escaped = end >= bytes.length && start <= bytes.length && backslashesBefore(bytes, start, bytes.length) % 2 === 1;
    if (text !== undefined) {
      if (text.waits && base + at - text.waitsFrom > WAITING_MAX_BYTES) text.close();
      text.add(body, bytes, at, end, base + at);
    } else {
      matcher?.feed(bytes, at, end, base + at);
    }
    if (keyName !== undefined && keyName.length < KEY_MAX_BYTES) keyName += bytes.toString('latin1', at, Math.min(end, at + KEY_MAX_BYTES));
    return end;
  }

  function read(bytes: Buffer, from: number): void {
    let at = from;
    while (at < bytes.length && !off) {
      if (inString) {
        at = readString(bytes, at);
        if (at < bytes.length) {
          closeString();
          at++;
        }
        continue;
      }
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        openString();
        begun = true;
      } else {
        outside(byte, base + at);
      }
      at++;
    }
  }

  function outside(byte: number, offset: number): void {
    const kind = OUTSIDE[byte];
    if (kind === OTHER) {
      // A byte order mark may stand before the first value.
      if (begun || offset > 2 || (byte !== 0xef && byte !== 0xbb && byte !== 0xbf)) off = true;
      return;
    }
    if (kind === SPACE) return;
    begun = true;
    if (kind === OPEN) {
      if (place.levels === MAX_LEVELS) off = true;
      else place.open(byte === 0x5b);
    } else if (kind === CLOSE) {
      place.close();
    } else if (kind === COMMA) {
      place.next();
    }
  }

  /** Offset in the whole body of the first byte that must wait, -1 when none must. */
  function waitsFrom(): number {
    let from = text === undefined ? (matcher?.pendingFrom ?? -1) : -1;
    for (const waiting of texts.values()) {
      const start = waiting.waitsFrom;
      if (start >= 0 && (from < 0 || start < from)) from = start;
    }
    return from;
  }

  function closeTexts(): void {
    for (const waiting of texts.values()) waiting.close();
    texts.clear();
  }

  /** The first `length` bytes with what was found in them replaced. */
  function restored(bytes: Buffer, length: number): Buffer {
    if (body.splices.length === 0) return bytes.subarray(0, length);
    const ready: Splice[] = [];
    const later: Splice[] = [];
    for (const splice of body.splices) {
      if (splice.end <= base + length) ready.push({ start: splice.start - base, end: splice.end - base, bytes: splice.bytes });
      else later.push(splice);
    }
    body.splices.splice(0, Infinity, ...later);
    return applySplices(bytes, 0, length, ready);
  }

  return {
    push(chunk, emit) {
      if (off && held === undefined) {
        emit(chunk);
        return;
      }
      const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
      const from = held?.length ?? 0;
      held = undefined;
      read(bytes, from);
      if (off) closeTexts();
      for (const waiting of texts.values()) {
        if (waiting.waits && base + bytes.length - waiting.waitsFrom > WAITING_MAX_BYTES) waiting.close();
      }
      const waiting = waitsFrom();
      const safe = waiting < 0 ? bytes.length : waiting - base;
      if (safe > 0) emit(restored(bytes, safe));
      // A copy, so that a few waiting bytes don't keep a whole chunk alive.
      if (safe < bytes.length) held = Buffer.from(bytes.subarray(safe));
      base += safe;
    },
    end(emit) {
      if (held !== undefined) emit(restored(held, held.length));
      held = undefined;
    },
  };
}

/** Strings are walked so far byte by byte: most are shorter, and the native search has its price. */
const WALKED_BYTES = 32;

/** The offset of the quote that closes the string whose content goes on at `start`; the end of the bytes without one. */
function stringEnd(bytes: Buffer, start: number): number {
  const near = Math.min(bytes.length, start + WALKED_BYTES);
  let at = start;
  while (at < near) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  for (let from = at; ; ) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0) return bytes.length;
    if (backslashesBefore(bytes, at, quote) % 2 === 0) return quote;
    from = quote + 1;
  }
}

/** How many backslashes stand in a row directly before `end`, from `start` on. */
function backslashesBefore(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === BACKSLASH) at--;
  return end - at;
}
