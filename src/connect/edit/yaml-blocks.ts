/**
 * Where the entries of YAML's block mappings and sequences stand (https://yaml.org/spec/1.2.2). Only what lies on the way
 * to a path is read; the rest is passed over by its indentation. What can't be told apart safely is an error: several
 * documents, directives, complex keys, tabs as indentation, anchors, aliases and tags on the way.
 */
import { bodyStart, EditError } from './document.ts';

interface Line {
  readonly start: number;
  /** Before the line ending. */
  readonly end: number;
  /** Behind the line ending. */
  readonly next: number;
  /** Spaces at the beginning. */
  readonly indent: number;
  readonly kind: 'blank' | 'comment' | 'content';
}

/** What stands behind a key or a dash. */
export type YamlContent =
  | { readonly kind: 'none'; readonly at: number }
  | { readonly kind: 'scalar'; readonly start: number; readonly end: number; readonly value: string | undefined }
  | { readonly kind: 'empty-flow'; readonly start: number; readonly end: number }
  | { readonly kind: 'mapping'; readonly column: number; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'sequence'; readonly column: number; readonly items: readonly YamlItem[] }
  /** Found by indentation alone: flow collections, block scalars, texts over several lines, what has an anchor, alias or tag. */
  | { readonly kind: 'opaque'; readonly start: number; readonly what: string };

export interface YamlEntry {
  readonly key: string;
  readonly keyStart: number;
  /** Behind the colon. */
  readonly colonEnd: number;
  /** Where its first line begins. */
  readonly start: number;
  /** Behind its last line's line ending. */
  readonly end: number;
  content(): YamlContent;
}

export interface YamlItem {
  readonly dash: number;
  readonly start: number;
  readonly end: number;
  /** Before the last line's line ending. */
  readonly textEnd: number;
  content(): YamlContent;
}

/** The document's mapping; undefined when there is nothing but blanks and comments. @throws EditError */
export function parseYaml(text: string): Extract<YamlContent, { kind: 'mapping' }> | undefined {
  const lines = linesOf(text);
  let first = lines.findIndex((line) => line.kind === 'content');
  const head = lines[first];
  if (head === undefined) return undefined;
  if (text[head.start] === '%') throw new EditError(text, head.start, 'a directive, which can\'t be edited around safely');
  if (/^---[ \t]*(?:#.*)?$/.test(text.slice(head.start, head.end))) {
    first = lines.findIndex((line, i) => i > first && line.kind === 'content');
    if (first === -1) return undefined;
  }
  for (const line of lines.slice(first)) {
    if (line.indent === 0 && /^(?:---|\.\.\.)(?:[ \t]|$)/.test(text.slice(line.start, line.end))) {
      throw new EditError(text, line.start, 'several documents in one file, which can\'t be edited safely');
    }
  }
  const line = lines[first] as Line;
  const content = blockAt(text, lines, first, lines.length, line.start + line.indent, line.indent);
  if (content.kind !== 'mapping') throw new EditError(text, line.start + line.indent, 'the document is not a block mapping');
  return content;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = bodyStart(text); start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? text.length : feed + 1;
    const end = feed === -1 ? text.length : text[feed - 1] === '\r' ? feed - 1 : feed;
    let at = start;
    while (text[at] === ' ') at++;
    const indent = Math.min(at, end) - start;
    while (text[at] === '\t' || text[at] === ' ') at++;
    lines.push({ start, end, next, indent, kind: at >= end ? 'blank' : text[at] === '#' ? 'comment' : 'content' });
    start = next;
  }
  return lines;
}

const isDash = (text: string, at: number, end: number): boolean => text[at] === '-' && (at + 1 >= end || text[at + 1] === ' ' || text[at + 1] === '\t');

/** The block that begins at `offset` in line `from`, in column `column`, within the lines before `to`. */
function blockAt(text: string, lines: readonly Line[], from: number, to: number, offset: number, column: number): YamlContent {
  const line = lines[from] as Line;
  if (isDash(text, offset, line.end)) return { kind: 'sequence', column, items: itemsOf(text, lines, from, to, offset, column) };
  if (keyAt(text, offset, line.end) === undefined) return inlineContent(text, lines, from, to, offset);
  return { kind: 'mapping', column, entries: entriesOf(text, lines, from, to, offset, column) };
}

/** The last line that belongs to what begins in line `from`, and the one where the next begins: all that is indented further, without blank lines at the end. */
function lastLineOf(text: string, lines: readonly Line[], from: number, to: number, column: number, withDashes: boolean): { readonly last: number; readonly next: number } {
  let last = from;
  let i = from + 1;
  for (; i < to; i++) {
    const line = lines[i] as Line;
    if (line.kind === 'blank') continue;
    if (line.indent <= column) {
      if (line.kind === 'comment') {
        // It belongs to what comes behind it.
        const content = nextContent(lines, i, to);
        if (content === -1 || !belongs(text, lines[content] as Line, column, withDashes)) break;
        i = content - 1;
        continue;
      }
      if (!belongs(text, line, column, withDashes)) break;
    }
    last = i;
  }
  while (i < to && (lines[i] as Line).kind !== 'content') i++;
  return { last, next: i };
}

function nextContent(lines: readonly Line[], from: number, to: number): number {
  for (let i = from; i < to; i++) if ((lines[i] as Line).kind === 'content') return i;
  return -1;
}

/** A sequence that is a key's value may stand in the key's own column. */
function belongs(text: string, line: Line, column: number, withDashes: boolean): boolean {
  return line.indent > column || (withDashes && line.indent === column && isDash(text, line.start + line.indent, line.end));
}

function entriesOf(text: string, lines: readonly Line[], from: number, to: number, offset: number, column: number): readonly YamlEntry[] {
  const entries: YamlEntry[] = [];
  for (let i = from; i < to; ) {
    const line = lines[i] as Line;
    const keyStart = i === from ? offset : line.start + line.indent;
    if (text[keyStart] === '\t') throw new EditError(text, keyStart, 'a tab as indentation');
    if (i !== from && line.indent !== column) throw new EditError(text, keyStart, 'indented unlike the keys before it');
    const key = keyAt(text, keyStart, line.end);
    if (key === undefined) throw new EditError(text, keyStart, 'a key is expected');
    const { last, next } = lastLineOf(text, lines, i, to, column, true);
    const [first, end] = [i, (lines[last] as Line).next];
    entries.push({
      key: key.name,
      keyStart,
      colonEnd: key.end,
      start: line.start,
      end,
      content: () => contentAfter(text, lines, first, last + 1, key.end, column, true),
    });
    i = next;
  }
  return entries;
}

function itemsOf(text: string, lines: readonly Line[], from: number, to: number, offset: number, column: number): readonly YamlItem[] {
  const items: YamlItem[] = [];
  for (let i = from; i < to; ) {
    const line = lines[i] as Line;
    const dash = i === from ? offset : line.start + line.indent;
    if (i !== from && (line.indent !== column || !isDash(text, dash, line.end))) throw new EditError(text, dash, 'an entry of the list is expected');
    const { last, next } = lastLineOf(text, lines, i, to, column, false);
    const { end: textEnd, next: end } = lines[last] as Line;
    const first = i;
    items.push({ dash, start: line.start, end, textEnd, content: () => contentAfter(text, lines, first, last + 1, dash + 1, column, false) });
    i = next;
  }
  return items;
}

/** What stands behind a colon or a dash, on its line or below. */
function contentAfter(text: string, lines: readonly Line[], from: number, to: number, after: number, column: number, isKey: boolean): YamlContent {
  const line = lines[from] as Line;
  let at = after;
  while (text[at] === ' ' || text[at] === '\t') at++;
  if (at >= line.end || text[at] === '#') {
    for (let i = from + 1; i < to; i++) {
      const below = lines[i] as Line;
      if (below.kind !== 'content') continue;
      const start = below.start + below.indent;
      if (text[start] === '\t') throw new EditError(text, start, 'a tab as indentation');
      return blockAt(text, lines, i, to, start, below.indent);
    }
    return { kind: 'none', at: after };
  }
  // A mapping may begin right behind a dash, in the column where it stands.
  if (!isKey) return blockAt(text, lines, from, to, at, column + (at - (after - 1)));
  return inlineContent(text, lines, from, to, at);
}

function inlineContent(text: string, lines: readonly Line[], from: number, to: number, start: number): YamlContent {
  const line = lines[from] as Line;
  const char = text[start] ?? '';
  if (char === '&' || char === '*' || char === '!') return { kind: 'opaque', start, what: 'an anchor, alias or tag' };
  if (char === '|' || char === '>') return { kind: 'opaque', start, what: 'a block text' };
  const below = lines.slice(from + 1, to).some((later) => later.kind === 'content');
  if (char === '[' || char === '{') {
    const empty = /(?:\[[ \t]*\]|\{[ \t]*\})/y;
    empty.lastIndex = start;
    const found = empty.exec(text)?.[0];
    if (found === undefined || below || !/^[ \t]*(?:[ \t]#.*)?$/.test(text.slice(start + found.length, line.end))) return { kind: 'opaque', start, what: 'a list or mapping in one line' };
    return { kind: 'empty-flow', start, end: start + found.length };
  }
  if (below) return { kind: 'opaque', start, what: 'a text over several lines' };
  if (char === '"' || char === "'") {
    const end = quoteEnd(text, start, line.end);
    if (end === undefined || !/^[ \t]*(?:[ \t]#.*)?$/.test(text.slice(end, line.end))) throw new EditError(text, start, 'a text that does not end, or something behind it');
    return { kind: 'scalar', start, end, value: unquoted(text.slice(start, end)) };
  }
  const end = plainEnd(text, start, line.end);
  return { kind: 'scalar', start, end, value: text.slice(start, end) };
}

/** A plain text ends before a comment. */
function plainEnd(text: string, start: number, lineEnd: number): number {
  let end = lineEnd;
  for (let at = text.indexOf('#', start); at !== -1 && at < lineEnd; at = text.indexOf('#', at + 1)) {
    if (text[at - 1] === ' ' || text[at - 1] === '\t') {
      end = at;
      break;
    }
  }
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return end;
}

/** Behind the closing quote, if it is on this line. */
function quoteEnd(text: string, start: number, lineEnd: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < lineEnd; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at + 1;
    }
  }
  return undefined;
}

/** The text within quotes; undefined with escapes that JSON does not know. */
function unquoted(text: string): string | undefined {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function keyAt(text: string, start: number, lineEnd: number): { readonly name: string; readonly end: number } | undefined {
  const char = text[start] ?? '';
  if (char === '?' && (start + 1 >= lineEnd || text[start + 1] === ' ')) throw new EditError(text, start, 'a complex key, which can\'t be edited around safely');
  if (char === '"' || char === "'") {
    const end = quoteEnd(text, start, lineEnd);
    if (end === undefined) return undefined;
    let colon = end;
    while (text[colon] === ' ') colon++;
    const name = unquoted(text.slice(start, end));
    return text[colon] === ':' && name !== undefined && endsKey(text, colon, lineEnd) ? { name, end: colon + 1 } : undefined;
  }
  if (char === '' || '&*!|>%@`[]{},#'.includes(char)) return undefined;
  for (let at = start; at < lineEnd; at++) {
    if (text[at] === '#' && (text[at - 1] === ' ' || text[at - 1] === '\t')) return undefined;
    if (text[at] === ':' && endsKey(text, at, lineEnd)) return { name: text.slice(start, at).trimEnd(), end: at + 1 };
  }
  return undefined;
}

const endsKey = (text: string, colon: number, lineEnd: number): boolean => colon + 1 >= lineEnd || text[colon + 1] === ' ' || text[colon + 1] === '\t';
