/**
 * One event's JSON, read for looking only: every string, number and literal with its path and its place in the raw
 * bytes. Nothing is decoded and nothing copied but the names of keys.
 *
 * The reading is tolerant: it stops where the bytes are no JSON and keeps what it saw until then.
 */
import type { Range } from '../sse/framing.ts';
import { ROOT_PATH, type PathNode } from './path-node.ts';

export interface Leaf {
  readonly place: PathNode;
  /** The positions in the arrays of the path, in order. */
  readonly indices: readonly number[];
  /** `key`: the name of a member, whose place is that of the object. `other`: a number or a literal. */
  readonly kind: 'string' | 'key' | 'other';
  /** For strings without the quotes. */
  readonly start: number;
  readonly end: number;
}

/** Deeper nesting than this is not read. */
const MAX_LEVELS = 512;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NO_INDICES: readonly number[] = [];

const TYPE = ROOT_PATH.member('type');

/** An open object or array. */
class Level {
  readonly isArray: boolean;
  readonly place: PathNode;
  readonly #above: readonly number[];
  #index = -1;
  /** The indices of what stands in it now. */
  current: readonly number[];

  constructor(isArray: boolean, place: PathNode, above: readonly number[]) {
    this.isArray = isArray;
    this.place = place;
    this.#above = above;
    this.current = above;
  }

  /** The indices of the next element. */
  next(): readonly number[] {
    this.#index++;
    this.current = [...this.#above, this.#index];
    return this.current;
  }
}

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
      if (leaf.place.path !== path || leaf.kind === 'key') continue;
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
    return this.leaves.find((leaf) => leaf.place.path === path && leaf.kind !== 'key');
  }
}

/**
 * Reads the JSON in the given ranges of `bytes` (the data lines of an event, joined by a line end as the standard
 * has it). Undefined when they do not begin like an object, an array or a string.
 */
export function readEvent(bytes: Buffer, ranges: readonly Range[]): EventDocument | undefined {
  const document = new EventDocument(bytes);
  const { leaves } = document;
  const levels: Level[] = [];
  let level: Level | undefined;
  /** Where the next value stands. */
  let place = ROOT_PATH;
  let indices = NO_INDICES;
  let expectKey = false;

  for (const range of ranges) {
    const limit = range.end;
    let at = range.start;
    while (at < limit) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        const end = stringEnd(bytes, at + 1, limit);
        if (expectKey && level !== undefined) {
          leaves.push({ place: level.place, indices, kind: 'key', start: at + 1, end });
          place = level.place.member(bytes.toString('latin1', at + 1, end));
          expectKey = false;
        } else {
          leaves.push({ place, indices, kind: 'string', start: at + 1, end });
          if (place === TYPE) document.type = bytes.toString('latin1', at + 1, end);
        }
        at = end + 1;
      } else if (byte === COMMA) {
        if (level?.isArray === true) indices = level.next();
        else expectKey = true;
        at++;
      } else if (byte === 0x3a || byte <= 0x20) {
        at++;
      } else if (byte === 0x7b || byte === 0x5b) {
        if (levels.length === MAX_LEVELS) return document;
        level = new Level(byte === 0x5b, place, indices);
        levels.push(level);
        expectKey = !level.isArray;
        if (level.isArray) {
          place = place.element();
          indices = level.next();
        }
        at++;
      } else if (byte === 0x7d || byte === 0x5d) {
        levels.pop();
        level = levels[levels.length - 1];
        if (level === undefined) return document;
        expectKey = false;
        place = level.isArray ? level.place.element() : level.place;
        indices = level.current;
        at++;
      } else {
        if (level === undefined) return undefined;
        let end = at + 1;
        while (end < limit && isLiteral(bytes[end] ?? 0)) end++;
        // Numbers in arrays name nothing, and there may be very many of them.
        if (!level.isArray) leaves.push({ place, indices, kind: 'other', start: at, end });
        at = end;
      }
    }
  }
  return leaves.length === 0 && level === undefined ? undefined : document;
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
