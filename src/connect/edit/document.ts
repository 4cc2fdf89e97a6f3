/**
 * What the editors of all formats have in common: a place, a fault with its line and column, splices, line endings.
 *
 * An editor changes a document by the smallest splice. It reads it only to find places: nothing but the value that is set
 * is ever written again, so comments, order, indentation, line endings and a byte order mark stay as they are.
 */
import type { PathStep, Value } from '../client.ts';

/** The document is not valid, or holds something that can't be edited without a risk to the rest. */
export class EditError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(text: string, at: number, what: string) {
    const { line, column } = placeOf(text, at);
    super(`line ${line}, column ${column}: ${what}`);
    this.name = 'EditError';
    this.line = line;
    this.column = column;
  }
}

/** What stands at a path: its own bytes, and what they mean (undefined where the reader does not look inside). */
export interface Found {
  readonly raw: string;
  readonly value: unknown;
}

/**
 * What was there before a path was set, so far as removing it must know: how many steps of the path led to a container
 * (-1: there was not even a document), and the layout that setting it has to change.
 */
export interface Trace {
  readonly keep: number;
  readonly glue: string;
}

export interface Editor {
  /** @returns undefined when nothing stands there. @throws EditError */
  readPath(text: string, path: readonly PathStep[]): Found | undefined;
  /** @throws EditError */
  tracePath(text: string, path: readonly PathStep[]): Trace;
  /** @throws EditError; the text is then as it was */
  setPath(text: string, path: readonly PathStep[], value: Value): string;
  /** Puts the bytes of an earlier value back where one stands now. @throws EditError */
  putBack(text: string, path: readonly PathStep[], raw: string): string;
  /** Removes what stands there, and the containers that setting it had made, if nothing else is in them. @throws EditError */
  removePath(text: string, path: readonly PathStep[], trace: Trace): string;
}

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices that don't overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const { start, end, text: put } of [...splices].sort((a, b) => b.start - a.start || b.end - a.end)) {
    result = result.slice(0, start) + put + result.slice(end);
  }
  return result;
}

/** Line and column of an offset, both from 1; a column counts UTF-16 units. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: at - start + 1 };
}

export const BYTE_ORDER_MARK = '\ufeff';

/** Where the document begins behind a byte order mark. */
export function bodyStart(text: string): number {
  return text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
}

/** The line ending in use; a line feed where there is none yet. */
export function lineEnding(text: string): string {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** The whitespace at the beginning of the line that holds `at`. */
export function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  let end = start === 0 ? bodyStart(text) : start;
  const from = end;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return text.slice(from, end);
}

/** A path as messages show it. */
export function shownPath(path: readonly PathStep[]): string {
  return path.map((step) => (typeof step === 'string' ? step : `[${step.field}=${step.value}]`)).join('.').replaceAll('.[', '[');
}
