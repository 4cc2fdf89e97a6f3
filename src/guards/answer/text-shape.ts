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
const DIGITS = '[0-9]*';
const STRING = '[^"\\\\\r\n]*';

export interface TextMatch extends OnlyPiece {
  /** Where the event ends. */
  readonly next: number;
}

export interface TextShape {
  /** Whether the event that begins at `at` has this shape; offsets in `text`, which holds one character a byte. */
  match(text: string, at: number): TextMatch | undefined;
}

/** Shapes that were met again, of all streams: nearly all streams of a vendor have the same few. */
const MET_AGAIN: TextShape[] = [];
const MET_AGAIN_MAX = 16;

/** Lets other streams have a shape that has been met again. */
export function shareShape(shape: TextShape): void {
  if (MET_AGAIN.includes(shape)) return;
  if (MET_AGAIN.length === MET_AGAIN_MAX) MET_AGAIN.pop();
  MET_AGAIN.unshift(shape);
}

/** The shape of a frame whose only piece is this, another stream's where that is the same; undefined where it cannot be told. */
export function textShape(frame: Buffer, only: OnlyPiece): TextShape | undefined {
  const text = frame.toString('latin1');
  const known = MET_AGAIN.find((shape) => {
    const match = shape.match(text, 0);
    return match !== undefined && match.next === frame.length && match.key === only.key && match.start === only.start && match.end === only.end;
  });
  return known ?? newShape(frame, only);
}

function newShape(frame: Buffer, only: OnlyPiece): TextShape | undefined {
  // Behind a CR that ends a frame an LF may come, which belongs to it.
  if (frame[frame.length - 1] !== 0x0a) return undefined;
  const root = readFrameTree(frame);
  if (root === undefined) return undefined;
  const holes = varying(root).sort((one, other) => one.start - other.start);
  // Native comparisons of what stands before the text and behind it: half of what the same in a loop would cost.
  const before = pattern(frame, 0, only.start, holes);
  const behind = pattern(frame, only.end, frame.length, holes);
  return { match: (text, at) => matchAround(before, behind, only.key, text, at) };
}

/** What `frame[start, end)` looks like from one event to the next. */
function pattern(frame: Buffer, start: number, end: number, holes: readonly Hole[]): RegExp {
  let source = '';
  let from = start;
  for (const hole of holes) {
    if (hole.start < start || hole.end > end) continue;
    source += literal(frame, from, hole.start) + hole.source;
    from = hole.end;
  }
  return new RegExp(source + literal(frame, from, end), 'y');
}

function literal(frame: Buffer, start: number, end: number): string {
  return frame.toString('latin1', start, end).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

interface Hole {
  readonly start: number;
  readonly end: number;
  readonly source: string;
}

function varying(root: JsonNode): Hole[] {
  return root.members.flatMap(({ key, value }) => (VARYING.has(key) ? holesIn(value) : COUNTING.has(key) ? numbersIn(value) : []));
}

function holesIn(value: JsonNode): Hole[] {
  return value.kind === 'string' ? [{ start: value.start + 1, end: value.end - 1, source: STRING }] : numbersIn(value);
}

function numbersIn(value: JsonNode): Hole[] {
  if (value.kind === 'other') return /^\d+$/.test(value.raw) ? [{ start: value.start, end: value.end, source: DIGITS }] : [];
  return [...value.members.map((member) => member.value), ...value.items].flatMap(numbersIn);
}

function matchAround(before: RegExp, behind: RegExp, key: string | undefined, text: string, at: number): TextMatch | undefined {
  before.lastIndex = at;
  if (!before.test(text)) return undefined;
  const start = before.lastIndex;
  const end = quoteAfter(text, start);
  if (end < 0) return undefined;
  behind.lastIndex = end;
  return behind.test(text) ? { key, start, end, next: behind.lastIndex } : undefined;
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
