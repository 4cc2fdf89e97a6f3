/**
 * Texts that have been looked at and in which nothing was found. Agents send the whole conversation again with every turn:
 * what was clean a turn ago, in the same place, is clean now, and need not be looked at again. Only digests are kept, in
 * two generations, so that what is in use stays and what is not goes.
 */
import * as crypto from 'node:crypto';

export interface ClearedTexts {
  /** A shorter text is looked at sooner than it is known again. */
  readonly leastBytes: number;
  /**
   * What a text is remembered by: its SHA-256 and how it was looked at.
   * @param how whatever else the look depended on.
   */
  markOf(bytes: Buffer, how: string): string;
  has(mark: string): boolean;
  add(mark: string): void;
}

const LEAST_BYTES = 1024;
/** Some 100 bytes each, so that there are at most some 2 MB. */
const GENERATION_ENTRIES = 8_192;

/** Node 20.12 and later have a call for it that makes no object. */
const digest: (bytes: Buffer) => string =
  typeof (crypto as { hash?: unknown }).hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes, 'base64')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest('base64');

/** @param options.generationEntries so many of those used last are kept, and twice as many at most. */
export function createClearedTexts({ leastBytes = LEAST_BYTES, generationEntries = GENERATION_ENTRIES }: { readonly leastBytes?: number; readonly generationEntries?: number } = {}): ClearedTexts {
  let young = new Set<string>();
  let old = new Set<string>();

  function add(mark: string): void {
    if (young.size >= generationEntries) {
      old = young;
      young = new Set();
    }
    young.add(mark);
  }

  return {
    leastBytes,
    markOf: (bytes, how) => digest(bytes) + how,
    has(mark) {
      if (young.has(mark)) return true;
      if (!old.has(mark)) return false;
      add(mark);
      return true;
    },
    add,
  };
}
