/**
 * Finds secrets in strings. A pass over the raw bytes finds the keywords of all rules; only where one stands are the
 * escapes around it decoded and the rule's pattern run, and what it finds is mapped back to the bytes.
 */
import { isDistinctive, isReference } from './checks.ts';
import { mayBegin, surelyInside } from './boundary.ts';
import { MAX_DECODED_CHARS, characterStart, createDecoder, hex4 } from './decode.ts';
import { headAfter, slashForms, unescapedPart } from './keyword.ts';
import type { Head } from './keyword.ts';
import { createPrefilter, lowerAscii } from './prefilter.ts';
import type { Rule, ScannedRule, Span } from './rule.ts';

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
   * Calls `found` for everything found in the unit, in order of `start`, never overlapping.
   *
   * @returns where the first escape stands in the unit that JSON need not have written (`\\u0041`, `\\/`) and behind which
   * a known value may hide; Infinity without one
   */
  scan(unit: ScanUnit, found: (found: Found) => void): number;
  /** Says that units of these bytes come next; until others are announced they must not change. Makes short units cheap. */
  announce(bytes: Buffer): void;
}

const DEFAULT_WINDOW_CHARS = 512;
const MAX_WINDOW_CHARS = 16_384;
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

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
/** A part of a keyword is looked for in its stead when it is so long. */
const SHORTEST_PART_CHARS = 3;

/** A rule made ready: its pattern with indices where it has a group, its limits with their defaults. */
interface Ready {
  readonly rule: Rule;
  readonly rank: number;
  readonly pattern: RegExp;
  readonly left: 'token' | 'digit' | 'none';
  readonly before: number;
  readonly window: number;
  readonly scanned: ScannedRule | undefined;
}

interface Target {
  readonly text: string;
  readonly caseless: boolean;
  /**
   * `plain`: the literal is the keyword. `part`: it is a part of it, `skip` characters from its start, since the rest
   * may be escaped. `slashed`: it is how the keyword begins when its first slash is escaped. `escaped`: it is the code
   * of the first character's \u escape. `hidden`: it begins an escape that may hide any keyword. But for `plain`,
   * `text` is compared once decoded. `needless`: it is an escape that hides no keyword.
   */
  readonly how: 'plain' | 'part' | 'slashed' | 'escaped' | 'hidden' | 'needless';
  readonly skip: number;
  /** Bytes of the literal. */
  readonly length: number;
  readonly rules: Ready[];
  /** For each of the rules, what its pattern asks of the bytes behind the keyword. */
  readonly heads: (Head | undefined)[];
}

interface Candidate {
  start: number;
  end: number;
  ready: Ready;
  certain: boolean;
}

function makeReady(rule: Rule, rank: number): Ready {
  const grouped = rule.pattern.source.includes('(?<secret>');
  const flags = rule.pattern.flags;
  if (!flags.includes('y')) throw new TypeError(`the pattern of rule ${rule.id} is not sticky`);
  return {
    rule,
    rank,
    pattern: grouped && !flags.includes('d') ? new RegExp(rule.pattern.source, `${flags}d`) : rule.pattern,
    // A rule that finds by code sees to its own boundaries unless it says otherwise.
    left: rule.left ?? ('find' in rule ? 'none' : 'token'),
    before: rule.before ?? 0,
    window: Math.min(rule.window ?? DEFAULT_WINDOW_CHARS, MAX_WINDOW_CHARS),
    scanned: 'find' in rule ? (rule as ScannedRule) : undefined,
  };
}

/**
 * Makes an engine of rules. It keeps buffers between calls and is not re-entrant: `found` must not call `scan`.
 *
 * @throws TypeError for a pattern that is not sticky
 * @throws RangeError for a keyword shorter than two bytes
 */
export function createEngine(rules: readonly Rule[]): Engine {
  const targets: Target[] = [];
  const literals: string[] = [];
  const known = new Map<string, Target>();
  /** ASCII characters that occur in keywords: an escape that stands for one may hide a keyword. */
  const inKeywords = new Uint8Array(128);

  function add(literal: string, caseless: boolean, how: Target['how'], text: string, skip: number, ready: Ready | undefined): void {
    const id = `${how} ${caseless ? 'i' : 'c'} ${skip} ${literal} ${text}`;
    let target = known.get(id);
    if (target === undefined) {
      target = { text, caseless, how, skip, length: Buffer.byteLength(literal), rules: [], heads: [] };
      known.set(id, target);
      targets.push(target);
      literals.push(literal);
    }
    if (ready !== undefined) {
      target.rules.push(ready);
      target.heads.push(how === 'plain' ? headAfter(text, ready.rule) : undefined);
    }
  }

  rules.forEach((rule, rank) => {
    const ready = makeReady(rule, rank);
    const caseless = rule.caseless === true;
    for (const keyword of rule.keywords) {
      const text = caseless ? lowerAscii(keyword) : keyword;
      const part = unescapedPart(text);
      if (part === text) add(text, caseless, 'plain', text, 0, ready);
      else if (part.length >= SHORTEST_PART_CHARS) add(part, caseless, 'part', text, text.indexOf(part), ready);
      else for (const written of slashForms(text)) add(written, caseless, written === text ? 'plain' : 'slashed', text, 0, ready);
      for (const character of text) {
        const code = character.charCodeAt(0);
        if (code < 128) {
          inKeywords[code] = 1;
          if (caseless) inKeywords[character.toUpperCase().charCodeAt(0)] = 1;
        }
      }
      const first = text.charCodeAt(0);
      if (first >= 128) add(`u${first.toString(16).padStart(4, '0')}`, true, 'escaped', text, 0, ready);
    }
  });
  add('\\u00', false, 'hidden', '', 0, undefined);
  add('\\/', false, 'needless', '', 0, undefined);
  const prefilter = createPrefilter(
    targets.map(({ caseless, how, rules: wanting }, index) => ({
      text: literals[index] ?? '',
      caseless,
      initial: how === 'plain' && wanting.every((ready) => ready.left === 'token' && ready.before === 0),
    })),
  );
  const longestKeyword = literals.reduce((most, literal) => Math.max(most, literal.length), 0);

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
  /** Hidden keywords are looked for up to here. */
  let revealedTo = 0;
  let firstNeedless = Infinity;

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
    if (match === null || index + match[0].length < keywordEnd) return undefined;
    const group = match.indices?.groups?.['secret'];
    return group === undefined ? { start: index, end: index + match[0].length } : { start: group[0], end: group[1] };
  }

  /** Whether the bytes from `at` on may be what a pattern asks for; an escape may be anything. */
  function mayFollow(head: Head, at: number): boolean {
    const { table, count } = head;
    if (at + count > end) return false;
    for (let i = at; i < at + count; i += 1) {
      const byte = bytes[i] ?? 0;
      if (byte === BACKSLASH) return true;
      if (table[byte] === 0) return false;
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
      const how = targets[keyword]?.how;
      if (how !== 'hidden' && how !== 'needless') matters = true;
    });
    if (keyed.size >= KEYS_REMEMBERED) keyed.clear();
    keyed.set(key, matters);
    return matters;
  }

  return {
    announce: (next) => prefilter.announce(next),
    scan(unit, found) {
      json = unit.json;
      const { key } = unit;
      if (key !== undefined && key.length <= KEY_CHARS && unit.end - unit.start <= KEYED_VALUE_BYTES && keyMatters(key)) {
        const head = Buffer.from(`"${key}":"`, 'utf8');
        bytes = Buffer.concat([head, unit.bytes.subarray(unit.start, unit.end), Buffer.from('"')]);
        start = 0;
        end = bytes.length;
        scanBytes();
        report(unit.start - head.length, head.length, end - 1, found);
        return firstNeedless + unit.start - head.length;
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

/** The earlier start first, then the longer, then the more specific rule. */
function inOrder(one: Candidate, other: Candidate): number {
  return one.start - other.start || other.end - one.end || one.ready.rank - other.ready.rank;
}
