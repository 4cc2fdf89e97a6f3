/**
 * Finds secrets in strings. A pass over the raw bytes finds the keywords of all rules; only where one stands are the
 * escapes around it decoded and the rule's pattern run, and what it finds is mapped back to the bytes.
 */
import { isDistinctive, isReference } from './checks.ts';
import { mayBegin, surelyInside } from './boundary.ts';
import { MAX_DECODED_CHARS, characterStart, createDecoder, hex4 } from './decode.ts';
import type { Head } from './keyword.ts';
import { lowerAscii, type Literal } from './prefilter.ts';
import { percentView } from './percent.ts';
import type { Rule, Span } from './rule.ts';
import { createTargets, type Ready, type Target } from './targets.ts';

/** A unit longer than this is given in windows, cut at fixed offsets of the string. */
export const WINDOW_BYTES = 65_536;
/** How much of a window is given again at the start of the next: the longest secret fits. */
export const OVERLAP_BYTES = 16_384;

export interface Found {
  /** Byte offsets into the unit's buffer, raw and escaped as it is: what is to be replaced. */
  readonly start: number;
  readonly end: number;
  readonly rule: Rule;
  /** False when the value is too short or plain to be looked for elsewhere. */
  readonly certain: boolean;
}

export interface ScanUnit {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** The bytes are the inside of a JSON string, so that a backslash begins an escape; else they are plain text. */
  readonly json: boolean;
  /** The nearest object key when the string is its value. */
  readonly key: string | undefined;
}

export interface Engine {
  /**
   * Calls `found` for everything found in the unit, in order of `start`, never overlapping; and before, `signal` for every
   * place where one of the engine's signals stands, with its index and its byte offset.
   *
   * @returns where the first escape stands in the unit that JSON need not have written (`\\u0041`, `\\/`) and behind which
   * a known value may hide; Infinity without one
   */
  scan(unit: ScanUnit, found: (found: Found) => void, signal?: (index: number, at: number) => void): number;
  /** Says that units of these bytes come next; until others are announced they must not change. Makes short units cheap. */
  announce(bytes: Buffer): void;
  /** Says that a unit of the announced bytes is left out, and more may be. */
  leaveOut(): void;
}

/** Bytes decoded before a keyword: names and operators are read backwards from it. */
const LOOK_BACK_BYTES = 128;
/** The same where only the boundary before a match is of interest: a terminal's colour code at most. */
const BOUNDARY_BYTES = 40;
/** A rule that finds by code and needs no more than this looks at so little first, and further where that ends too soon. */
const LONGEST_NAMED_CHARS = 1024;
const FIRST_LOOK_CHARS = 224;
/** Bytes of the longest escape of one character, at the first depth. */
const ESCAPE_BYTES = 6;
/** Candidates nearer than this, so many of them, make the next stretch to be decoded longer. */
const NEAR_BYTES = 1024;
const DENSE_USES = 4;
/** Strings longer than this are not judged by the key they belong to. */
const KEYED_VALUE_BYTES = 2048;
const KEY_CHARS = 128;
const KEYS_REMEMBERED = 4096;

/** Rules that try a pattern at more places than this see no percent-encoding. */
const PERCENT_BEFORE_CHARS = 16;

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const LOWER_U = 0x75;
interface Candidate {
  start: number;
  end: number;
  ready: Ready;
  certain: boolean;
}

/**
 * Makes an engine of rules. It keeps buffers between calls and is not re-entrant: `found` must not call `scan`.
 *
 * @param signals literals that others want to know the places of, found in the same pass

 * @throws TypeError for a pattern that is not sticky
 * @throws RangeError for a keyword shorter than two bytes
 */
export function createEngine(rules: readonly Rule[], signals: readonly Literal[] = []): Engine {
  const { targets, inKeywords, longestKeyword, prefilter } = createTargets(rules, signals);
  const decoder = createDecoder();
  const hiddenDecoder = createDecoder();
  const hiddenBytes = Buffer.alloc(MAX_DECODED_CHARS + 2);
  const keyed = new Map<string, boolean>();
  let candidates: Candidate[] = [];

  // The unit being scanned. Kept here so that a call makes no closure.
  let bytes: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  let json = false;
  /** How often the stretch decoded last was of use. */
  let uses = 0;
  /** Whether a percent sign follows the keyword in the stretch decoded last. */
  let percented = false;
  /** Hidden keywords are looked for up to here. */
  let revealedTo = 0;
  let firstNeedless = Infinity;
  let onSignal: ((index: number, at: number) => void) | undefined;

  /** Decodes around `at`, unless the stretch decoded last will do. Gives the index of `at`, or -1 within an escape. */
  function decodeAround(at: number, ready: Ready, window: number): number {
    const back = (ready.scanned === undefined ? BOUNDARY_BYTES : LOOK_BACK_BYTES) + ready.before * ESCAPE_BYTES;
    if (decoder.length > 0 && at >= decoder.from && at < decoder.to && (decoder.from === start || decoder.from <= at - back)) {
      const index = decoder.indexAt(at);
      uses += 1;
      if (index >= 0 && (decoder.complete || decoder.length - index >= window)) return index;
      if (index < 0 && (decoder.complete || decoder.to - at > NEAR_BYTES)) return -1;
    }
    const from = characterStart(bytes, Math.max(start, at - back), start);
    // Where candidates are dense, longer stretches are decoded less often.
    const dense = uses >= DENSE_USES && decoder.to > at - NEAR_BYTES && decoder.from <= at;
    const chars = window + back + 1;
    decoder.decode(bytes, from, end, dense ? Math.max(chars, decoder.length * 2) : chars);
    uses = 1;
    return decoder.indexAt(at);
  }

  /**
   * Decodes from a keyword that seems to begin within an escape, as in `C:\npm_…`, taking the backslashes before it
   * for what they show. Not possible directly behind the only backslash of a JSON string: there it is an escape.
   */
  function decodeLiterally(at: number, ready: Ready): number {
    if (bytes[at - 1] !== BACKSLASH || (json && bytes[at - 2] !== BACKSLASH)) return -1;
    decoder.decode(bytes, at, end, ready.window);
    return 0;
  }

  function push(from: number, to: number, secret: string, ready: Ready): void {
    if (to <= from || isReference(secret)) return;
    if (ready.rule.check !== undefined && !ready.rule.check(secret)) return;
    candidates.push({
      start: decoder.rawOffset(from),
      end: decoder.rawOffset(to),
      ready,
      certain: ready.rule.class === 'payment' || isDistinctive(secret),
    });
  }

  function matchAt(index: number, keywordEnd: number, ready: Ready): Span | undefined {
    if (!mayBegin(decoder, index, ready.left)) return undefined;
    const { pattern } = ready;
    pattern.lastIndex = index;
    const match = pattern.exec(decoder.text);
    if (match === null || index + match[0].length < keywordEnd) return percentMatchAt(index, keywordEnd, pattern);
    if (decoder.codeAt(index + match[0].length) === PERCENT) {
      const longer = percentMatchAt(index, keywordEnd, pattern);
      if (longer !== undefined) return longer;
    }
    return spanOf(match, index);
  }

  /** The same where the token is percent-encoded. */
  function percentMatchAt(index: number, keywordEnd: number, pattern: RegExp): Span | undefined {
    if (!percented) return undefined;
    const view = percentView(decoder.text, index);
    if (view === undefined) return undefined;
    pattern.lastIndex = 0;
    const match = pattern.exec(view.text);
    if (match === null || (view.offsets[match[0].length] ?? 0) < keywordEnd) return undefined;
    const { start: from, end: to } = spanOf(match, 0);
    return { start: view.offsets[from] ?? index, end: view.offsets[to] ?? index };
  }

  /** Whether the bytes from `at` on may be what a pattern asks for; what is escaped or percent-encoded may be anything. */
  function mayFollow(head: Head, at: number): boolean {
    const { table, count } = head;
    if (at + count > end) return false;
    for (let i = at; i < at + count; i += 1) {
      const byte = bytes[i] ?? 0;
      if (table[byte] === 0) return byte === BACKSLASH || byte === PERCENT;
    }
    return true;
  }

  /** Whether the bytes around a keyword's part may be the rest of it: what stands there, or an escape of it. */
  function hasNeighbours(target: Target, at: number): boolean {
    const { skip, text, length } = target;
    if (skip > 0 && at > start && bytes[at - 1] !== text.charCodeAt(skip - 1) && bytes[at - 5] !== LOWER_U) return false;
    const after = skip + length;
    if (after >= text.length) return true;
    const next = bytes[at + length];
    return next === BACKSLASH || next === text.charCodeAt(after) || (target.caseless && next === text.charCodeAt(after) - 32);
  }

  function verify(at: number, target: Target, ready: Ready, hidden: boolean): void {
    const { scanned, rule } = ready;
    if (ready.before === 0 && target.skip === 0 && surelyInside(bytes, at, start, ready.left)) return;
    if (target.how === 'part' && !hidden && !hasNeighbours(target, at)) return;
    if (!hidden && target.how === 'plain' && rule.glance !== undefined && !rule.glance(bytes, at, target.text.length, start, end)) return;
    const short = scanned !== undefined && ready.window <= LONGEST_NAMED_CHARS;
    let index = decodeAround(at, ready, short ? Math.min(ready.window, FIRST_LOOK_CHARS) : ready.window);
    if (index < 0) index = decodeLiterally(at, ready);
    index -= target.skip;
    if (index < 0) return;
    const { text } = decoder;
    if (hidden || target.how !== 'plain') {
      const there = text.slice(index, index + target.text.length);
      if ((target.caseless ? lowerAscii(there) : there) !== target.text) return;
    }
    if (scanned !== undefined) {
      if (ready.before === 0 && !mayBegin(decoder, index, ready.left)) return;
      let span = scanned.find(decoder, index, target.text.length);
      if (short && span !== undefined && !decoder.complete && span.end + 1 >= decoder.length) {
        index = decodeAround(at, ready, ready.window);
        span = index < 0 ? undefined : scanned.find(decoder, index, target.text.length);
      }
      if (span !== undefined) push(span.start, span.end, decoder.text.slice(span.start, span.end), ready);
      return;
    }
    const keywordEnd = index + target.text.length;
    percented = ready.before <= PERCENT_BEFORE_CHARS && text.indexOf('%', index) >= 0;
    for (let from = Math.max(0, index - ready.before); from <= index; from += 1) {
      const span = matchAt(from, keywordEnd, ready);
      if (span !== undefined) {
        push(span.start, span.end, text.slice(span.start, span.end), ready);
        return;
      }
    }
  }

  function hit(keyword: number, at: number): void {
    const target = targets[keyword];
    if (target === undefined) return;
    if (target.how === 'signal') {
      onSignal?.(target.skip, at);
      return;
    }
    if (target.how === 'hidden' || target.how === 'needless') {
      if (at < firstNeedless) firstNeedless = at;
      if (target.how === 'hidden' && at >= revealedTo) reveal(at);
      return;
    }
    let from = at;
    if (target.how === 'escaped') {
      from = characterStart(bytes, at, start);
      if (from === at) return;
    }
    for (let i = 0; i < target.rules.length; i += 1) {
      const ready = target.rules[i];
      const head = target.heads[i];
      if (ready !== undefined && (head === undefined || mayFollow(head, from + head.skip))) verify(from, target, ready, false);
    }
  }

  /**
   * An escape that stands for a character of keywords: the text around it is decoded and looked through for keywords
   * once more, up to one keyword's length past the last such escape.
   */
  function reveal(at: number): void {
    const code = hex4(bytes, at + 2, end);
    if (code < 0 || code > 127 || inKeywords[code] !== 1) return;
    const from = characterStart(bytes, Math.max(start, at - longestKeyword * ESCAPE_BYTES), start);
    const near = at - revealedTo < NEAR_BYTES && revealedTo > start;
    hiddenDecoder.decode(bytes, from, end, near ? MAX_DECODED_CHARS : longestKeyword * (ESCAPE_BYTES + 2));
    const count = hiddenDecoder.length;
    for (let i = 0; i < count; i += 1) {
      const unit = hiddenDecoder.codeAt(i);
      hiddenBytes[i] = unit < 128 ? unit : 0xff;
    }
    prefilter.scan(hiddenBytes, 0, count, (keyword, index) => {
      const target = targets[keyword];
      if (target === undefined || target.how === 'escaped' || target.how === 'hidden' || target.how === 'needless') return;
      if (target.how === 'signal') onSignal?.(target.skip, hiddenDecoder.rawOffset(index));
      for (const ready of target.rules) verify(hiddenDecoder.rawOffset(index), target, ready, true);
    });
    // A keyword may begin near the end of the stretch and go on past it.
    revealedTo = hiddenDecoder.complete ? end : characterStart(bytes, hiddenDecoder.to - longestKeyword * ESCAPE_BYTES, start);
  }

  function scanBytes(): void {
    decoder.clear();
    revealedTo = start;
    firstNeedless = Infinity;
    candidates = [];
    prefilter.scan(bytes, start, end, hit);
  }

  function report(shift: number, from: number, to: number, found: (found: Found) => void): void {
    if (candidates.length === 0) return;
    if (candidates.length > 1) candidates.sort(inOrder);
    let last = -1;
    for (const candidate of candidates) {
      if (candidate.start < last || candidate.start < from || candidate.end > to) continue;
      last = candidate.end;
      found({ start: candidate.start + shift, end: candidate.end + shift, rule: candidate.ready.rule, certain: candidate.certain });
    }
    candidates = [];
  }

  /** Whether a key holds any rule's keyword, so that its value is judged with the key before it. */
  function keyMatters(key: string): boolean {
    const remembered = keyed.get(key);
    if (remembered !== undefined) return remembered;
    let matters = false;
    const raw = Buffer.from(`"${key}"`, 'utf8');
    prefilter.scan(raw, 0, raw.length, (keyword) => {
      if ((targets[keyword]?.rules.length ?? 0) > 0) matters = true;
    });
    if (keyed.size >= KEYS_REMEMBERED) keyed.clear();
    keyed.set(key, matters);
    return matters;
  }

  return {
    announce: (next) => prefilter.announce(next),
    leaveOut: () => prefilter.leaveOut(),
    scan(unit, found, signal) {
      json = unit.json;
      onSignal = signal;
      const { key } = unit;
      if (key !== undefined && key.length <= KEY_CHARS && unit.end - unit.start <= KEYED_VALUE_BYTES && keyMatters(key)) {
        const head = Buffer.from(`"${key}":"`, 'utf8');
        bytes = Buffer.concat([head, unit.bytes.subarray(unit.start, unit.end), Buffer.from('"')]);
        start = 0;
        end = bytes.length;
        const shift = unit.start - head.length;
        if (signal !== undefined) onSignal = (index, at) => void (at >= head.length && signal(index, at + shift));
        scanBytes();
        report(shift, head.length, end - 1, found);
        return firstNeedless + shift;
      }
      bytes = unit.bytes;
      start = unit.start;
      end = unit.end;
      scanBytes();
      report(0, start, end, found);
      return firstNeedless;
    },
  };
}

function spanOf(match: RegExpExecArray, index: number): Span {
  const group = match.indices?.groups?.['secret'];
  return group === undefined ? { start: index, end: index + match[0].length } : { start: group[0], end: group[1] };
}

/** The earlier start first, then the longer, then the more specific rule. */
function inOrder(one: Candidate, other: Candidate): number {
  return one.start - other.start || other.end - one.end || one.ready.rank - other.ready.rank;
}
