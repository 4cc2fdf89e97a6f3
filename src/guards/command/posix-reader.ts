/**
 * The words of a POSIX-like shell (POSIX.1-2024, Shell Command Language, section 2.2 to 2.6; Bash manual, "ANSI-C
 * Quoting" and "Brace Expansion"): quoting, escapes, parameter expansion and command substitution. A reader walks its
 * text once; the structure above words is in `posix-parser.ts`.
 */
import { decodeEscapes } from './decode.ts';
import { filterText, printedBy } from './filters.ts';
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
  /** The text without unknown variables, once there was one in the midst of a word. */
  bare: string | undefined;
  readonly done: string[] = [];
  readonly nested: Script[] = [];
  readonly carried: Script[] = [];
  readonly sources: Span[] = [];

  add(text: string): void {
    this.begun = true;
    this.text += text;
    if (this.bare !== undefined) this.bare += text;
  }

  /** Adds a variable of unknown value. */
  addUnknown(name: string): void {
    this.begun = true;
    if (this.text !== '') this.bare ??= this.text;
    this.text += `$${name}`;
  }

  split(): void {
    if (this.begun) this.done.push(this.text);
    this.text = '';
    this.begun = false;
  }

  /** Adds the value of a variable; unquoted, blanks in it separate words, or what `IFS` holds. */
  expand(value: Word, quoted: boolean, separators?: string): void {
    for (const script of value.carried) if (this.carried.length < MAX_CARRIED) this.carried.push(script);
    for (const span of [...value.sources, value]) if (this.sources.length < MAX_CARRIED) this.sources.push({ start: span.start, end: span.end });
    const cut = value.text.slice(0, MAX_VALUE_CHARS);
    const text = separators === undefined || quoted ? cut : [...cut].map((character) => (separators.includes(character) ? ' ' : character)).join('');
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

/** The characters that a script has set to separate words, when they are not blanks. */
function separatorsOf(reader: Reader): string | undefined {
  const set = reader.variables.get('IFS')?.text;
  return set === undefined || set === '' || set.length > 8 || !/\S/.test(set) ? undefined : set;
}

/** Adds the output of a command substitution. */
function substitute(reader: Reader, draft: Draft, script: Script, output: string | undefined, quoted: boolean, span: Span): void {
  draft.nested.push(script);
  if (draft.carried.length < MAX_CARRIED) draft.carried.push(script);
  if (output === undefined || !spend(reader.budget, output.length)) draft.add('$()');
  else draft.expand(plainWord(output, span), quoted);
}

/** How many stages of a pipeline are followed while parsing. */
const MAX_FOLLOWED = 6;

/** What a script prints that only spells out texts: `echo`, `printf`, and filters behind them; undefined for any other. */
export function plainOutput(script: Script): string | undefined {
  const pipeline = script.pipelines[0];
  if (!pipeline || script.pipelines.length > 1 || pipeline.stages.length > MAX_FOLLOWED) return undefined;
  let text: string | undefined;
  for (const stage of pipeline.stages) {
    if (stage.kind !== 'simple') return undefined;
    const [name = '', ...args] = stage.words.map((word) => word.text);
    const given = stage.redirects.find((redirect) => redirect.operator === '<<<' || redirect.operator === '<<')?.target.text;
    if (stage.redirects.some((redirect) => redirect.operator !== '<<<' && redirect.operator !== '<<' && redirect.operator !== '>&')) return undefined;
    const input: string | undefined = given ?? text;
    text = input === undefined ? printedAlone(name, args) : filterText(name, args, input)?.text;
    if (text === undefined) return undefined;
  }
  return text?.replace(/\n+$/, '');
}

/** What a program prints that has no input. */
function printedAlone(name: string, args: readonly string[]): string | undefined {
  switch (name) {
    case 'echo': case 'printf':
      return printedBy(name, args).text;
    case 'pwd':
      return '$PWD';
    case 'which': case 'command': {
      const found = args.find((arg) => !arg.startsWith('-'));
      return found === undefined ? undefined : `/usr/bin/${found}`;
    }
    case 'dirname': {
      const path = args[0] ?? '';
      return args.length === 1 && /^\/[^$]/.test(path) ? path.replace(/\/[^/]*$/, '') || '/' : undefined;
    }
    case 'ls': {
      // Names without their folder; what is asked for by a pattern comes as it was asked for.
      const listed = args.filter((arg) => !arg.startsWith('-'));
      return listed.length > 1 ? undefined : listed[0]?.includes('*') === true ? listed[0] : '*';
    }
    default:
      return undefined;
  }
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

/** `${x/a/b}`, `${x//a/b}`, `${x^^}`, `${x,,}`, `${x#a}` and `${x%a}` with plain texts; undefined for any other. */
function replacedIn(value: string, operator: string): string | undefined {
  if (operator === '') return undefined;
  if (operator === '^^') return value.toUpperCase();
  if (operator === ',,') return value.toLowerCase();
  const found = /^(\/{1,2}|#{1,2}|%{1,2})([^/*?[\]$]{1,64})(?:\/([^/]{0,64}))?$/.exec(operator);
  const [, sign = '', search = '', put = ''] = found ?? [];
  if (sign === '//') return value.replaceAll(search, () => put);
  if (sign === '/') return value.replace(search, () => put);
  if (sign.startsWith('#')) return value.startsWith(search) ? value.slice(search.length) : value;
  return sign.startsWith('%') ? (value.endsWith(search) ? value.slice(0, -search.length) : value) : undefined;
}

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
  for (const script of rest.nested) draft.nested.push(script);
  const operator = rest.text;
  const value = reader.variables.get(name);
  if (name === 'IFS') return quoted ? draft.add(' ') : draft.split();
  const cut = /^:\s?(\d{1,4})(?::(\d{1,4}))?$/.exec(operator);
  if (cut) {
    const from = Number(cut[1]);
    const length = cut[2] === undefined ? MAX_VALUE_CHARS : Number(cut[2]);
    if (value) return draft.expand({ ...value, text: value.text.slice(from, from + length) }, quoted, separatorsOf(reader));
    if (SLASHED.has(name) && from === 0 && length === 1) return draft.add('/');
  }
  if (value && spend(reader.budget, 2 * value.text.length)) {
    const replaced = replacedIn(value.text.slice(0, MAX_VALUE_CHARS), operator);
    if (replaced !== undefined) return draft.expand({ ...value, text: replaced }, quoted, separatorsOf(reader));
  }
  if (value && spend(reader.budget, value.text.length)) return draft.expand(value, quoted, separatorsOf(reader));
  const fallback = /^:?[-=](.*)$/s.exec(operator);
  for (const script of rest.carried) if (draft.carried.length < MAX_CARRIED) draft.carried.push(script);
  // An empty default of an argument says only that it may be left out.
  if (fallback && (fallback[1] !== '' || !/^\d/.test(name)) && name !== 'HOME') return draft.add(fallback[1] ?? '');
  draft.addUnknown(name);
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
  if (value && spend(reader.budget, value.text.length)) return draft.expand(value, quoted, separatorsOf(reader));
  // Positional parameters are empty in a line typed by hand, and serve to break up words.
  if (!/^[0-9@*]$/.test(name) || quoted) draft.addUnknown(name);
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
  const plain = match(PLAIN, text, start);
  // Most words are plain from end to end.
  if (plain !== '' && (start + plain.length === text.length || BREAK.test(text[start + plain.length] ?? ''))) {
    reader.at = start + plain.length;
    return [plainWord(plain, placeOf(reader, start, reader.at))];
  }
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
    ...(draft.bare === undefined || texts.length > 1 ? {} : { bare: draft.bare }),
  }));
}

/** The value of a here-document: as it stands when its delimiter was quoted, else with its expansions. */
export function readDocument(reader: Reader, body: string, span: Span, quoted: boolean): Word {
  const draft = new Draft();
  if (quoted || !body.includes('$') || !spend(reader.budget, body.length)) draft.add(body);
  else readUntil(reader.apart(body, span), draft, '');
  return { text: draft.text, start: span.start, end: span.end, quoted, nested: draft.nested, carried: draft.carried, sources: draft.sources };
}
