/**
 * One event's JSON, read for looking only: every string, number and literal with its path and its place in the raw
 * bytes. Nothing is decoded and nothing copied but the names of keys.
 *
 * The reading is tolerant: it stops where the bytes are no JSON and keeps what it saw until then.
 */
import type { KeyPath } from '../json/key-path.ts';
import type { Range } from '../sse/framing.ts';

export interface Leaf {
  /** The names of the keys from the root on, `[]` for an array level: `choices[].delta.content`. */
  readonly path: string;
  /** The positions in the arrays of the path, in order. */
  readonly indices: readonly number[];
  /** `key`: the name of a member, whose path is that of the object. `other`: a number or a literal. */
  readonly kind: 'string' | 'key' | 'other';
  /** For strings without the quotes. */
  readonly start: number;
  readonly end: number;
  /** What the caller's `judge` said of the place; 0 for numbers and literals. */
  readonly depth: number;
  /** The nearest key. */
  readonly key: string | undefined;
}

interface Level {
  readonly isArray: boolean;
  readonly path: string;
  readonly indices: readonly number[];
  /** Where the keys end which lead to this level. */
  readonly keys: number;
  index: number;
}

/** Deeper nesting than this is not read. */
const MAX_LEVELS = 512;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NO_INDICES: readonly number[] = [];

export class EventDocument {
  readonly bytes: Buffer;
  readonly leaves: Leaf[] = [];
  /** The value of the top level's `type`, '' without one. */
  type = '';

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The raw text of a leaf: still escaped, which identifiers and numbers never are. */
  text(leaf: Leaf): string {
    return this.bytes.toString('latin1', leaf.start, leaf.end);
  }

  /** The leaf at `path` that lies in the same array elements as `near`, as far as the two paths share arrays. */
  beside(near: Leaf, path: string): Leaf | undefined {
    for (const leaf of this.leaves) {
      if (leaf.path !== path || leaf.kind === 'key') continue;
      let same = true;
      for (let index = 0; index < leaf.indices.length && index < near.indices.length; index++) {
        if (leaf.indices[index] !== near.indices[index]) same = false;
      }
      if (same) return leaf;
    }
    return undefined;
  }

  /** The first leaf at `path`. */
  first(path: string): Leaf | undefined {
    return this.leaves.find((leaf) => leaf.path === path && leaf.kind !== 'key');
  }
}

/** A path that is being walked: the keys of the open objects. */
class Keys implements KeyPath {
  readonly names: string[] = [];
  get depth(): number {
    return this.names.length;
  }
  at(fromEnd: number): string | undefined {
    return this.names[this.names.length - 1 - fromEnd];
  }
}

/**
 * Reads the JSON in the given ranges of `bytes` (the data lines of an event, joined by a line end as the standard
 * has it). `judge` is asked for every string; undefined when the ranges do not begin like an object or an array.
 */
export function readEvent(bytes: Buffer, ranges: readonly Range[], judge: (path: KeyPath) => number): EventDocument | undefined {
  const document = new EventDocument(bytes);
  const keys = new Keys();
  const levels: Level[] = [];
  let level: Level | undefined;
  let expectKey = false;
  let path = '';
  let indices = NO_INDICES;

  const add = (kind: Leaf['kind'], start: number, end: number): void => {
    const depth = kind === 'other' ? 0 : judge(keys);
    document.leaves.push({ path, indices, kind, start, end, depth, key: keys.at(0) });
    if (kind === 'string' && path === 'type') document.type = bytes.toString('latin1', start, end);
  };
  const enterElement = (): void => {
    if (level === undefined || !level.isArray) return;
    path = `${level.path}[]`;
    indices = [...level.indices, level.index];
  };

  for (const range of ranges) {
    let at = range.start;
    while (at < range.end) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        const end = stringEnd(bytes, at + 1, range.end);
        if (level === undefined) return undefined;
        if (expectKey) {
          keys.names.length = level.keys;
          path = level.path;
          indices = level.indices;
          add('key', at + 1, end);
          const name = bytes.toString('utf8', at + 1, end);
          keys.names.push(name);
          path = level.path === '' ? name : `${level.path}.${name}`;
          expectKey = false;
        } else {
          enterElement();
          add('string', at + 1, end);
        }
        at = end + 1;
      } else if (byte === 0x7b || byte === 0x5b) {
        if (levels.length === MAX_LEVELS) return document;
        enterElement();
        level = { isArray: byte === 0x5b, path, indices, keys: keys.names.length, index: 0 };
        levels.push(level);
        expectKey = byte === 0x7b;
        at++;
      } else if (byte === 0x7d || byte === 0x5d) {
        levels.pop();
        level = levels[levels.length - 1];
        if (level === undefined) return document;
        keys.names.length = level.isArray ? level.keys : Math.min(keys.names.length, level.keys + 1);
        expectKey = false;
        at++;
      } else if (byte === 0x2c) {
        if (level !== undefined) {
          expectKey = !level.isArray;
          level.index++;
        }
        at++;
      } else if (byte === 0x3a || byte <= 0x20) {
        at++;
      } else {
        if (level === undefined) return undefined;
        let end = at + 1;
        while (end < range.end && isLiteral(bytes[end] ?? 0)) end++;
        enterElement();
        add('other', at, end);
        at = end;
      }
    }
  }
  return level === undefined ? undefined : document;
}

/** The offset of the quote that closes the string whose content begins at `start`; `limit` when none does. */
function stringEnd(bytes: Buffer, start: number, limit: number): number {
  let at = start;
  while (at < limit) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return limit;
}

/** Bytes of numbers and of true, false and null. */
function isLiteral(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x45 || byte === 0x2e || byte === 0x2d || byte === 0x2b;
}
