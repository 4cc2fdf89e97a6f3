/**
 * The JSON of one event or answer as a tree of places in its bytes, for looking and for splicing: every value knows
 * where it begins and ends, so that a call can be cut out and nothing else changes. Strings are decoded when asked for.
 *
 * JSON is RFC 8259; of several members of one name the last counts, as for JSON.parse.
 */
import { dataRanges, type Range } from '../sse/framing.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;
/** Deeper nesting than this is not read. */
const MAX_LEVELS = 256;
/** Strings are walked so far byte by byte: most are shorter, and the native search has its price. */
const WALKED_BYTES = 32;

export interface JsonMember {
  readonly key: string;
  /** Offset of the quote before the key. */
  readonly start: number;
  readonly value: JsonNode;
}

const NO_MEMBERS: readonly JsonMember[] = [];
const NO_ITEMS: readonly JsonNode[] = [];

/** A value: `bytes[start, end)`, quotes and brackets included. */
export class JsonNode {
  readonly bytes: Buffer;
  readonly kind: 'object' | 'array' | 'string' | 'other';
  readonly start: number;
  readonly end: number;
  readonly members: readonly JsonMember[];
  readonly items: readonly JsonNode[];
  #text: string | undefined;

  constructor(bytes: Buffer, kind: JsonNode['kind'], start: number, end: number, members: readonly JsonMember[], items: readonly JsonNode[]) {
    this.bytes = bytes;
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.members = members;
    this.items = items;
  }

  member(key: string): JsonMember | undefined {
    for (let index = this.members.length - 1; index >= 0; index--) {
      const member = this.members[index];
      if (member?.key === key) return member;
    }
    return undefined;
  }

  /** The value at a path of keys. */
  at(...keys: readonly string[]): JsonNode | undefined {
    let node: JsonNode | undefined = this;
    for (const key of keys) node = node?.member(key)?.value;
    return node;
  }

  /** The JSON text of the value. */
  get raw(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  /** What a string says; '' for everything else. */
  get text(): string {
    this.#text ??= this.kind === 'string' ? decodeContent(this.bytes.toString('utf8', this.start + 1, this.end - 1)) : '';
    return this.#text;
  }

  /** The string at a path of keys, '' when there is none. */
  textAt(...keys: readonly string[]): string {
    return this.at(...keys)?.text ?? '';
  }

  /** A number or literal as it stands, or what a string says; '' where nothing is. Tells one thing from another. */
  idAt(key: string): string {
    const node = this.member(key)?.value;
    if (node === undefined) return '';
    return node.kind === 'string' ? node.text : node.raw;
  }

  get isNull(): boolean {
    return this.kind === 'other' && this.bytes[this.start] === 0x6e;
  }
}

/** The text that the raw content of a JSON string stands for; the content itself when it is none. */
export function decodeContent(content: string): string {
  if (!content.includes('\\')) return content;
  try {
    return JSON.parse(`"${content}"`) as string;
  } catch {
    return content;
  }
}

/** A text as the content of a JSON string, without quotes; holds no line end. */
export function encodeContent(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

export interface JsonTree {
  readonly root: JsonNode;
  /** Offset behind the value. */
  readonly end: number;
  /** False where the bytes ended or went wrong within the value: what was read until then is in the tree. */
  readonly isWhole: boolean;
}

/** Reads the value that begins at or after `start`, behind white space. Undefined when none does. */
export function readTree(bytes: Buffer, start: number, end: number): JsonTree | undefined {
  const reader = new Reader(bytes, start, end);
  const root = reader.value(0);
  return root === undefined ? undefined : { root, end: root.end, isWhole: !reader.failed };
}

/** The JSON in the data of an event, offsets counted in the whole frame. Undefined when it is not one whole value. */
export function readFrameTree(frame: Buffer): JsonNode | undefined {
  const only = onlyDataLine(frame);
  if (only !== undefined) return wholeTree(frame, only.start, only.end);
  const ranges = dataRanges(frame);
  const [first] = ranges;
  const last = ranges[ranges.length - 1];
  if (first === undefined || last === undefined) return undefined;
  let bytes = frame;
  if (ranges.length > 1) {
    // Line ends and field names between the lines become white space, so that all offsets stay right.
    bytes = Buffer.alloc(frame.length, SPACE);
    for (const range of ranges) frame.copy(bytes, range.start, range.start, range.end);
  }
  return wholeTree(bytes, first.start, last.end);
}

function wholeTree(bytes: Buffer, start: number, end: number): JsonNode | undefined {
  const tree = readTree(bytes, start, end);
  return tree?.isWhole === true ? tree.root : undefined;
}

/** The data of a frame as nearly all are: perhaps a line `event:`, then one of data, and the end. Undefined for others. */
export function onlyDataLine(frame: Buffer): Range | undefined {
  let start = 0;
  if (frame[0] === 0x65) start = frame.indexOf(LF) + 1;
  // `data:`
  if (frame[start] !== 0x64 || frame[start + 1] !== 0x61 || frame[start + 2] !== 0x74 || frame[start + 3] !== 0x61 || frame[start + 4] !== 0x3a) return undefined;
  const end = frame.indexOf(LF, start);
  const isLast = end >= 0 && (end === frame.length - 2 || (end === frame.length - 3 && frame[end + 1] === CR)) && frame[frame.length - 1] === LF;
  if (!isLast || frame.lastIndexOf(CR, end - 2) >= 0) return undefined;
  return { start: start + 5, end };
}

/** The keys met before, by a sum of their bytes: the same few come in every event, and a lookup costs less than decoding. */
const KEYS: (string | undefined)[] = new Array<undefined>(1024).fill(undefined);
/** A longer key is nobody's field name. */
const KEY_MAX_BYTES = 48;

function keyAt(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > KEY_MAX_BYTES) return decodeContent(bytes.toString('utf8', start, end));
  let sum = length;
  for (let at = start; at < end; at++) sum = (sum * 31 + (bytes[at] ?? 0)) & 1023;
  const known = KEYS[sum];
  if (known?.length === length) {
    let index = 0;
    while (index < length && known.charCodeAt(index) === bytes[start + index]) index++;
    if (index === length) return known;
  }
  const content = bytes.toString('utf8', start, end);
  const key = decodeContent(content);
  // One that is escaped, or not of ASCII, does not stand in the bytes as it reads.
  if (key === content && key.length === length) KEYS[sum] = key;
  return key;
}

class Reader {
  readonly #bytes: Buffer;
  readonly #limit: number;
  #at: number;
  failed = false;

  constructor(bytes: Buffer, start: number, limit: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#limit = limit;
  }

  value(level: number): JsonNode | undefined {
    const byte = this.#next();
    if (byte === QUOTE) return this.#string();
    if (byte === 0x7b) return this.#object(level);
    if (byte === 0x5b) return this.#array(level);
    const start = this.#at;
    while (this.#at < this.#limit && isLiteral(this.#bytes[this.#at] ?? 0)) this.#at++;
    if (this.#at === start) return this.#fail();
    return new JsonNode(this.#bytes, 'other', start, this.#at, NO_MEMBERS, NO_ITEMS);
  }

  /** The next byte that is no white space; -1 at the end. */
  #next(): number {
    while (this.#at < this.#limit) {
      const byte = this.#bytes[this.#at] ?? 0;
      if (byte > SPACE) return byte;
      this.#at++;
    }
    return -1;
  }

  #fail(): undefined {
    this.failed = true;
    return undefined;
  }

  #string(): JsonNode | undefined {
    const start = this.#at;
    const quote = stringEnd(this.#bytes, start + 1, this.#limit);
    if (quote >= this.#limit) return this.#fail();
    this.#at = quote + 1;
    return new JsonNode(this.#bytes, 'string', start, this.#at, NO_MEMBERS, NO_ITEMS);
  }

  #object(level: number): JsonNode | undefined {
    const start = this.#at++;
    const members: JsonMember[] = [];
    if (level >= MAX_LEVELS) return this.#fail();
    let byte = this.#next();
    if (byte === 0x7d) this.#at++;
    while (byte !== 0x7d) {
      if (this.#next() !== QUOTE) return this.#ended('object', start, members, NO_ITEMS);
      const name = this.#string();
      if (name === undefined || this.#next() !== 0x3a) return this.#ended('object', start, members, NO_ITEMS);
      this.#at++;
      const value = this.value(level + 1);
      if (value !== undefined) members.push({ key: keyAt(this.#bytes, name.start + 1, name.end - 1), start: name.start, value });
      if (this.failed) return this.#ended('object', start, members, NO_ITEMS);
      byte = this.#next();
      if (byte !== 0x2c && byte !== 0x7d) return this.#ended('object', start, members, NO_ITEMS);
      this.#at++;
    }
    return new JsonNode(this.#bytes, 'object', start, this.#at, members, NO_ITEMS);
  }

  #array(level: number): JsonNode | undefined {
    const start = this.#at++;
    const items: JsonNode[] = [];
    if (level >= MAX_LEVELS) return this.#fail();
    let byte = this.#next();
    if (byte === 0x5d) this.#at++;
    while (byte !== 0x5d) {
      const value = this.value(level + 1);
      if (value !== undefined) items.push(value);
      if (this.failed) return this.#ended('array', start, NO_MEMBERS, items);
      byte = this.#next();
      if (byte !== 0x2c && byte !== 0x5d) return this.#ended('array', start, NO_MEMBERS, items);
      this.#at++;
    }
    return new JsonNode(this.#bytes, 'array', start, this.#at, NO_MEMBERS, items);
  }

  /** A value that goes wrong here. */
  #ended(kind: 'object' | 'array', start: number, members: readonly JsonMember[], items: readonly JsonNode[]): JsonNode {
    this.failed = true;
    return new JsonNode(this.#bytes, kind, start, this.#at, members, items);
  }
}

/** Bytes of numbers and of true, false and null. */
function isLiteral(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x45 || byte === 0x2e || byte === 0x2d || byte === 0x2b;
}

/** The offset of the quote that closes the string whose content begins at `start`; `limit` or more when none does. */
function stringEnd(bytes: Buffer, start: number, limit: number): number {
  const near = Math.min(limit, start + WALKED_BYTES);
  let at = start;
  while (at < near) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  for (let from = at; from < limit; ) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0 || quote >= limit) return limit;
    let before = quote;
    while (before > at && bytes[before - 1] === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote;
    from = quote + 1;
  }
  return limit;
}
