/**
 * A growing set of exact values, looked for in raw bytes in every escaping they may stand in. Two bitmaps of byte
 * pairs rule out nearly every position, so that thousands of values cost no more than one.
 */
import { escapedForms } from '../json/escapes.ts';

/** Shorter values stand in ordinary text by chance. */
export const SHORTEST_KNOWABLE_CHARS = 8;
/** JSON in a string in JSON in a string. */
const DEPTH = 3;
const KEY_BYTES = 8;
/** One bit for every pair of bytes. */
const PAIR_WORDS = 65_536 / 32;

interface Form {
  readonly bytes: Buffer;
  readonly kind: string;
  readonly value: string;
}

export interface KnownValues {
  readonly size: number;
  /** Adds a value; false when it is too short or plain to be looked for without its context. */
  add(value: string, kind: string): boolean;
  delete(value: string): void;
  /** Calls `found` for every occurrence in `bytes[start, end)`, from the left, the longest first, without overlap. */
  find(bytes: Buffer, start: number, end: number, found: (start: number, end: number, kind: string) => void): void;
}

/** Whether a value can be told from ordinary text by itself: long enough, and not a plain word or number. */
export function isKnowable(value: string): boolean {
  if (value.length < SHORTEST_KNOWABLE_CHARS) return false;
  // A single word, a number, a repetition: they stand in text that has nothing to do with them.
  if (/^[a-z]{1,15}$|^[A-Z][a-z]{1,14}$|^[A-Z]{1,15}$|^\d{1,11}$/.test(value)) return false;
  return new Set(value).size >= 4;
}

export function createKnownValues(): KnownValues {
  const values = new Map<string, Form[]>();
  const byKey = new Map<string, Form[]>();
  /** A bit for the first and for the second pair of bytes of any form. A deleted value's stay: they cost a look, not a hit. */
  let firstPairs: Uint32Array | undefined;
  let secondPairs: Uint32Array | undefined;

  function addForm(form: Form): void {
    firstPairs ??= new Uint32Array(PAIR_WORDS);
    secondPairs ??= new Uint32Array(PAIR_WORDS);
    const { bytes } = form;
    mark(firstPairs, bytes.readUInt16LE(0));
    mark(secondPairs, bytes.readUInt16LE(2));
    const key = bytes.toString('latin1', 0, KEY_BYTES);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [form]);
    else {
      same.push(form);
      same.sort((one, other) => other.bytes.length - one.bytes.length);
    }
  }

  return {
    get size() {
      return values.size;
    },
    add(value, kind) {
      if (values.has(value)) return true;
      if (!isKnowable(value)) return false;
      const forms = escapedForms(value, DEPTH).map((text): Form => ({ bytes: Buffer.from(text), kind, value }));
      values.set(value, forms);
      for (const form of forms) addForm(form);
      return true;
    },
    delete(value) {
      const forms = values.get(value);
      if (forms === undefined) return;
      values.delete(value);
      for (const form of forms) {
        const key = form.bytes.toString('latin1', 0, KEY_BYTES);
        const left = (byKey.get(key) ?? []).filter((other) => other.value !== value);
        if (left.length === 0) byKey.delete(key);
        else byKey.set(key, left);
      }
    },
    find(bytes, start, end, found) {
      if (values.size === 0 || firstPairs === undefined || secondPairs === undefined) return;
      const first = firstPairs;
      const second = secondPairs;
      const last = end - KEY_BYTES;
      let at = start;
      while (at <= last) {
        // In bounds: `last` leaves room for eight bytes.
        // A pair's low byte chooses the bit, so that the words in use stay few and near.
        if (((first[((bytes[at + 1] as number) << 3) | ((bytes[at] as number) >> 5)] as number) & (1 << ((bytes[at] as number) & 31))) === 0) {
          at++;
          continue;
        }
        const pair = (bytes[at + 2] as number) | ((bytes[at + 3] as number) << 8);
        if (((second[pair >> 5] as number) & (1 << (pair & 31))) === 0) {
          at++;
          continue;
        }
        const length = longestAt(byKey.get(bytes.toString('latin1', at, at + KEY_BYTES)), bytes, at, end, found);
        at += length === 0 ? 1 : length;
      }
    },
  };
}

function mark(pairs: Uint32Array, pair: number): void {
  pairs[pair >> 5] = (pairs[pair >> 5] ?? 0) | (1 << (pair & 31));
}

/** The length of the longest form that stands at `at`; 0 when none does. */
function longestAt(forms: readonly Form[] | undefined, bytes: Buffer, at: number, end: number, found: (start: number, end: number, kind: string) => void): number {
  if (forms === undefined) return 0;
  for (const form of forms) {
    const { length } = form.bytes;
    if (at + length <= end && bytes.compare(form.bytes, 0, length, at, at + length) === 0) {
      found(at, at + length, form.kind);
      return length;
    }
  }
  return 0;
}
