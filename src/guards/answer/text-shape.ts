/**
 * The shape of events that say one piece of text and nothing else, learned from one that was read: the same bytes come
 * again with another text, another number and other padding. An event of a known shape need not be read.
 */
import { readFrameTree, type JsonNode } from '../../wire/tool-call-tree.ts';
import type { OnlyPiece } from './answer-line.ts';

/** Members of an event that change from one to the next and mean nothing to a guard. */
const VARYING = new Set(['sequence_number', 'created', 'obfuscation', 'id', 'responseId']);
/** Members that hold numbers which do. */
const COUNTING = new Set(['usage', 'usageMetadata']);
const EMPTY_HOLE = 0;
const DIGITS = 1;
const STRING = 2;
const TEXT = 3;

interface Part {
  readonly literal: string;
  /** What stands behind the literal. */
  readonly hole: typeof EMPTY_HOLE | typeof DIGITS | typeof STRING | typeof TEXT;
}

export interface TextMatch extends OnlyPiece {
  /** Where the event ends. */
  readonly next: number;
}

export interface TextShape {
  /** Whether the event that begins at `at` has this shape; offsets in `text`, which holds one character a byte. */
  match(text: string, at: number): TextMatch | undefined;
}

/** The shape of a frame whose only piece is this; undefined where it cannot be told. */
export function textShape(frame: Buffer, only: OnlyPiece): TextShape | undefined {
  // Behind a CR that ends a frame an LF may come, which belongs to it.
  if (frame[frame.length - 1] !== 0x0a) return undefined;
  const root = readFrameTree(frame);
  if (root === undefined) return undefined;
  const holes = [...varying(root), { start: only.start, end: only.end, hole: TEXT } as const].sort((one, other) => one.start - other.start);
  const parts: Part[] = [];
  let from = 0;
  for (const { start, end, hole } of holes) {
    parts.push({ literal: frame.toString('latin1', from, start), hole });
    from = end;
  }
  parts.push({ literal: frame.toString('latin1', from), hole: EMPTY_HOLE });
  return { match: (text, at) => matchParts(parts, only.key, text, at) };
}

interface Hole {
  readonly start: number;
  readonly end: number;
  readonly hole: typeof DIGITS | typeof STRING;
}

function varying(root: JsonNode): Hole[] {
  return root.members.flatMap(({ key, value }) => (VARYING.has(key) ? holesIn(value) : COUNTING.has(key) ? numbersIn(value) : []));
}

function holesIn(value: JsonNode): Hole[] {
  return value.kind === 'string' ? [{ start: value.start + 1, end: value.end - 1, hole: STRING }] : numbersIn(value);
}

function numbersIn(value: JsonNode): Hole[] {
  if (value.kind === 'other') return /^\d+$/.test(value.raw) ? [{ start: value.start, end: value.end, hole: DIGITS }] : [];
  return [...value.members.map((member) => member.value), ...value.items].flatMap(numbersIn);
}

function matchParts(parts: readonly Part[], key: string | undefined, text: string, from: number): TextMatch | undefined {
  let at = from;
  let start = 0;
  let end = 0;
  for (const { literal, hole } of parts) {
    if (!text.startsWith(literal, at)) return undefined;
    at += literal.length;
    if (hole === EMPTY_HOLE) continue;
    if (hole === DIGITS) {
      while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
      continue;
    }
    const quote = quoteAfter(text, at);
    if (quote < 0) return undefined;
    if (hole === TEXT) {
      start = at;
      end = quote;
    }
    at = quote;
  }
  return { key, start, end, next: at };
}

/** The quote that closes the string whose content begins at `at`; -1 without one in the same line. */
function quoteAfter(text: string, at: number): number {
  for (let from = at; from < text.length; from++) {
    const code = text.charCodeAt(from);
    if (code === 0x22) return from;
    if (code === 0x5c) from++;
    else if (code === 0x0a || code === 0x0d) return -1;
  }
  return -1;
}
