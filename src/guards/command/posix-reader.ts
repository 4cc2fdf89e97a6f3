/**
 * The words of a POSIX-like shell (POSIX.1-2024, Shell Command Language, section 2.2 to 2.6; Bash manual, "ANSI-C
 * Quoting" and "Brace Expansion"): quoting, escapes, parameter expansion and command substitution. A reader walks its
 * text once; the structure above words is in `posix-parser.ts`.
 */
import { decodeEscapes } from './decode.ts';
import { MAX_DEPTH, plainWord, spend } from './syntax.ts';
import type { Budget, Script, Span, Word } from './syntax.ts';

const MAX_VALUE_CHARS = 4096;
const MAX_BRACE_WORDS = 64;
const MAX_CARRIED = 8;

/** A here-document whose body begins after the line's end. */
export interface PendingDocument {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly indented: boolean;
  fill(body: Word): void;
}

export interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  /** The words or signs that end the groups around the cursor, innermost last. */
  readonly closers: string[];
  readonly variables: Map<string, Word>;
  readonly budget: Budget;
  /** The place all words get, when `text` is no stretch of the command itself. */
  readonly place: Span | undefined;
  readonly documents: PendingDocument[];
  /** Parses a list of commands up to a closing sign and past it. */
  parseList(closer: string): Script;
  /** A reader, one level deeper, of a text that is no stretch of this reader's; it shares variables and budget. */
  apart(text: string, place: Span): Reader;
}

/** The place in the command of a stretch of the reader's text. */
export function placeOf(reader: Reader, start: number, end: number): Span {
  // A closer that never comes is passed over all the same, perhaps past the end.
  return reader.place ?? { start, end: Math.min(end, reader.text.length) };
}

const PLAIN = /[^\s;&|()<>'"\\$`{}]+/y;
const QUOTED_PLAIN = /[^"\\$`]+/y;
const BRACED_PLAIN = /[^}"'\\$`]+/y;
const DOCUMENT_PLAIN = /[^\\$]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]/y;
const BREAK = /[\s;&|()<>]/;
const BLANKS = /\s+/;

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** A word under construction; unquoted expansions may turn it into several. */
class Draft {
  text = '';
  quoted = false;
  /** Whether there is a word at all: `""` is one, nothing is none. */
  begun = false;
  braces = false;
  readonly done: string[] = [];
  readonly nested: Script[] = [];
  readonly carried: Script[] = [];
  readonly sources: Span[] = [];

  add(text: string): void {
    this.begun = true;
    this.text += text;
  }

  split(): void {
    if (this.begun) this.done.push(this.text);
    this.text = '';
    this.begun = false;
  }

  /** Adds the value of a variable; unquoted, blanks in it separate words. */
  expand(value: Word, quoted: boolean): void {
    for (const script of value.carried) if (this.carried.length < MAX_CARRIED) this.carried.push(script);
    for (const span of [...value.sources, value]) if (this.sources.length < MAX_CARRIED) this.sources.push({ start: span.start, end: span.end });
    const text = value.text.slice(0, MAX_VALUE_CHARS);
    if ((quoted && value.list !== true) || !/\s/.test(text)) {
      this.add(text);
      return;
    }
    text.split(BLANKS).forEach((part, index) => {
      if (index > 0) this.split();
      if (part !== '') this.add(part);
    });
  }
}

/** Adds the output of a command substitution. */
function substitute(reader: Reader, draft: Draft, script: Script, output: string | undefined, quoted: boolean, span: Span): void {
  draft.nested.push(script);
  if (draft.carried.length < MAX_CARRIED) draft.carried.push(script);
  if (output === undefined || !spend(reader.budget, output.length)) draft.add('$()');
  else draft.expand(plainWord(output, span), quoted);
}

/** What a script of one plain `echo`, `printf` or `which` prints; undefined when it is anything else. */
function plainOutput(script: Script): string | undefined {
  const stage = script.pipelines.length === 1 && script.pipelines[0]?.stages.length === 1 ? script.pipelines[0].stages[0] : undefined;
  if (stage?.kind !== 'simple' || stage.redirects.length > 0) return undefined;
  const [name, ...args] = stage.words.map((word) => word.text);
  const values = args.filter((arg) => !/^-[a-zA-Z]+$/.test(arg));
  if (name === 'echo') return values.join(' ');
  if (name === 'printf') return decodeEscapes(values.length > 1 && values[0] === '%s' ? values.slice(1).join('') : values.join(' '));
  if (name === 'pwd') return '$PWD';
  if (name === 'which' || name === 'command') return values[0];
  return undefined;
}

function readBackticks(reader: Reader, draft: Draft, quoted: boolean): void {
  const start = reader.at;
  let end = start + 1;
  while (end < reader.text.length && reader.text[end] !== '`') end += reader.text[end] === '\\' ? 2 : 1;
  const inner = reader.text.slice(start + 1, end).replace(/\\([`\\$])/g, '$1');
  reader.at = Math.min(reader.text.length, end + 1);
  if (!spend(reader.budget, inner.length)) return draft.add('$()');
  const span = placeOf(reader, start, reader.at);
  const script = reader.apart(inner, span).parseList('');
  substitute(reader, draft, script, plainOutput(script), quoted, span);
}

function readAnsi(reader: Reader, draft: Draft): void {
  const start = reader.at + 2;
  let end = start;
  while (end < reader.text.length && reader.text[end] !== "'") end += reader.text[end] === '\\' ? 2 : 1;
  draft.add(decodeEscapes(reader.text.slice(start, end)));
  draft.quoted = true;
  reader.at = Math.min(reader.text.length, end + 1);
}

/** Variables whose value begins with a slash, so that a cut of one character spells it. */
const SLASHED = new Set(['HOME', 'PATH', 'PWD', 'SHELL']);

function readBraced(reader: Reader, draft: Draft, quoted: boolean): void {
  reader.at += 2;
  const indirect = match(/[!#]/y, reader.text, reader.at);
  reader.at += indirect.length;
  const name = match(NAME, reader.text, reader.at);
  reader.at += name.length;
  const rest = new Draft();
  reader.depth += 1;
  readUntil(reader, rest, '}');
  reader.depth -= 1;
  draft.nested.push(...rest.nested);
  const operator = rest.text;
  const value = reader.variables.get(name);
  if (name === 'IFS') return quoted ? draft.add(' ') : draft.split();
  const cut = /^:\s?(\d{1,4})(?::(\d{1,4}))?$/.exec(operator);
  if (cut) {
    const from = Number(cut[1]);
    const length = cut[2] === undefined ? MAX_VALUE_CHARS : Number(cut[2]);
    if (value) return draft.expand({ ...value, text: value.text.slice(from, from + length) }, quoted);
    if (SLASHED.has(name) && from === 0 && length === 1) return draft.add('/');
  }
  if (value && spend(reader.budget, value.text.length)) return draft.expand(value, quoted);
  const fallback = /^:?[-=](.*)$/s.exec(operator);
  for (const script of rest.carried) if (draft.carried.length < MAX_CARRIED) draft.carried.push(script);
  if (fallback && name !== 'HOME') return draft.add(fallback[1] ?? '');
  draft.add(`$${name}`);
}

function readDollar(reader: Reader, draft: Draft, quoted: boolean): void {
  const { text } = reader;
  const start = reader.at;
  const next = text[start + 1] ?? '';
  if (next === "'" && !quoted) return readAnsi(reader, draft);
  if (next === '"' && !quoted) {
    reader.at += 1;
    return;
  }
  if (next === '(' && reader.depth < MAX_DEPTH) {
    reader.at += 2;
    reader.depth += 1;
    const script = reader.parseList(')');
    reader.depth -= 1;
    substitute(reader, draft, script, plainOutput(script), quoted, placeOf(reader, start, reader.at));
    return;
  }
  if (next === '{' && reader.depth < MAX_DEPTH) return readBraced(reader, draft, quoted);
  const name = match(NAME, text, start + 1);
  if (name === '') {
    reader.at += 1;
    return draft.add('$');
  }
  reader.at += 1 + name.length;
  if (name === 'IFS') return quoted ? draft.add(' ') : draft.split();
  const value = reader.variables.get(name);
  if (value && spend(reader.budget, value.text.length)) return draft.expand(value, quoted);
  // Positional parameters are empty in a line typed by hand, and serve to break up words.
  if (!/^[0-9@*]$/.test(name) || quoted) draft.add(`$${name}`);
}

/** Reads the inside of double quotes, of `${...}`, or of a here-document, up to `closer` and past it. */
function readUntil(reader: Reader, draft: Draft, closer: '"' | '}' | ''): void {
  const { text } = reader;
  const plain = closer === '"' ? QUOTED_PLAIN : closer === '}' ? BRACED_PLAIN : DOCUMENT_PLAIN;
  while (reader.at < text.length) {
    const run = match(plain, text, reader.at);
    if (run !== '') {
      draft.add(run);
      reader.at += run.length;
      continue;
    }
    const character = text[reader.at] ?? '';
    if (character === closer) {
      reader.at += 1;
      return;
    }
    if (character === '\\') {
      const next = text[reader.at + 1] ?? '';
      reader.at += 2;
      if (next !== '\n') draft.add('$`"\\'.includes(next) || closer === '}' ? next : `\\${next}`);
    } else if (character === '$') {
      readDollar(reader, draft, true);
    } else if (character === '`' && reader.depth < MAX_DEPTH) {
      readBackticks(reader, draft, true);
    } else {
      // Quotes within braces only group.
      if (closer !== '}' || (character !== '"' && character !== "'")) draft.add(character);
      reader.at += 1;
    }
  }
}

/** `{a,b}` in unquoted text: the words it stands for. */
function expandBraces(text: string): readonly string[] {
  let words: readonly string[] = [text];
  for (let round = 0; round < 4; round += 1) {
    let changed = false;
    const next: string[] = [];
    for (const word of words) {
      const found = /\{([^{}]{0,512},[^{}]{0,512})\}/.exec(word.slice(0, MAX_VALUE_CHARS));
      if (!found || next.length > MAX_BRACE_WORDS) {
        next.push(word);
        continue;
      }
      changed = true;
      const before = word.slice(0, found.index);
      const after = word.slice(found.index + found[0].length);
      for (const part of (found[1] ?? '').split(',')) next.push(before + part + after);
    }
    words = next.slice(0, MAX_BRACE_WORDS);
    if (!changed) break;
  }
  return words;
}

/** Reads one word as written; expansions may make it several words, or none. */
export function readWord(reader: Reader): Word[] {
  const { text } = reader;
  const start = reader.at;
  const draft = new Draft();
  while (reader.at < text.length) {
    const run = match(PLAIN, text, reader.at);
    if (run !== '') {
      draft.add(run);
      reader.at += run.length;
      continue;
    }
    const character = text[reader.at] ?? '';
    if (BREAK.test(character)) break;
    if (character === '\\') {
      const next = text[reader.at + 1] ?? '';
      reader.at += 2;
      if (next === '\n') continue;
      draft.add(next);
      draft.quoted = true;
    } else if (character === "'") {
      const end = text.indexOf("'", reader.at + 1);
      const stop = end === -1 ? text.length : end;
      draft.add(text.slice(reader.at + 1, stop));
      draft.quoted = true;
      reader.at = stop + 1;
    } else if (character === '"') {
      reader.at += 1;
      draft.add('');
      draft.quoted = true;
      readUntil(reader, draft, '"');
    } else if (character === '$') {
      readDollar(reader, draft, false);
    } else if (character === '`' && reader.depth < MAX_DEPTH) {
      readBackticks(reader, draft, false);
    } else {
      if (character === '{') draft.braces = true;
      draft.add(character);
      reader.at += 1;
    }
  }
  reader.at = Math.min(reader.at, text.length);
  draft.split();
  const texts = draft.braces && !draft.quoted ? draft.done.flatMap(expandBraces) : draft.done;
  const span = placeOf(reader, start, reader.at);
  // Substitutions run once, however many words come of them.
  return texts.map((value, index) => ({
    text: value, start: span.start, end: span.end, quoted: draft.quoted,
    nested: index === 0 ? draft.nested : [], carried: draft.carried, sources: draft.sources,
  }));
}

/** The value of a here-document: as it stands when its delimiter was quoted, else with its expansions. */
export function readDocument(reader: Reader, body: string, span: Span, quoted: boolean): Word {
  const draft = new Draft();
  if (quoted || !body.includes('$') || !spend(reader.budget, body.length)) draft.add(body);
  else readUntil(reader.apart(body, span), draft, '');
  return { text: draft.text, start: span.start, end: span.end, quoted, nested: draft.nested, carried: draft.carried, sources: draft.sources };
}
