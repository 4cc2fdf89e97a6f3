/**
 * Where the statements of a TOML document stand (https://toml.io/en/v1.0.0). Values are checked and found, and built only
 * where they are texts, numbers or booleans.
 */
import { bodyStart, EditError } from './document.ts';

/** A key and its value. */
export interface TomlPair {
  readonly kind: 'pair';
  /** The whole path, that of its table included. */
  readonly path: readonly string[];
  /** How many steps of the path are the table's. */
  readonly tableDepth: number;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind its line ending, or the end of the document. */
  readonly end: number;
  /** undefined for lists, inline tables and dates. */
  readonly value: string | number | boolean | undefined;
  readonly inlineTable: boolean;
}

/** `[path]` or `[[path]]`. */
export interface TomlHeader {
  readonly kind: 'table' | 'array';
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

export type TomlStatement = TomlPair | TomlHeader;

const MAX_DEPTH = 100;
const BARE_KEY = /[A-Za-z0-9_-]+/y;
const NUMBER = /^[+-]?(?:0x[0-9a-fA-F][0-9a-fA-F_]*|0o[0-7][0-7_]*|0b[01][01_]*|inf|nan|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?)$/;
const DATE = /^(?:\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,20})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?|\d{2}:\d{2}(?::\d{2}(?:\.\d{1,20})?)?)$/;
const WORD = /[^\s,#\]}=[{"']+/y;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\x1b', '"': '"', '\\': '\\' };

/** @throws EditError */
export function parseToml(text: string): readonly TomlStatement[] {
  let at = bodyStart(text);
  const statements: TomlStatement[] = [];
  let table: readonly string[] = [];

  const fail = (what: string, where = at): never => {
    throw new EditError(text, where, what);
  };
  const blanks = (): void => {
    while (text[at] === ' ' || text[at] === '\t') at++;
  };
  const atLineEnd = (): boolean => at >= text.length || text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
  const comment = (): void => {
    if (text[at] === '#') while (!atLineEnd()) at++;
  };
  /** Past the line ending, where nothing but a comment may stand before it. */
  const lineEnd = (): void => {
    blanks();
    comment();
    if (!atLineEnd()) fail('something behind the end of the value');
    if (at < text.length) at += text[at] === '\r' ? 2 : 1;
  };

  function escape(): string {
    const char = text[at++] ?? '';
    const digits = { u: 4, U: 8, x: 2 }[char];
    if (digits !== undefined) {
      const code = text.slice(at, at + digits);
      if (code.length !== digits || !/^[0-9a-fA-F]+$/.test(code) || Number.parseInt(code, 16) > 0x10ffff) fail('an escape that is not valid', at - 2);
      at += digits;
      return String.fromCodePoint(Number.parseInt(code, 16));
    }
    return ESCAPES[char] ?? fail('an escape that is not valid', at - 2);
  }

  function string(): string {
    const start = at;
    const quote = text[at] as string;
    const long = text.startsWith(quote.repeat(3), at);
    at += long ? 3 : 1;
    if (long && text.startsWith('\r\n', at)) at += 2;
    else if (long && text[at] === '\n') at++;
    let value = '';
    for (;;) {
      const char = text[at];
      if (char === undefined || (!long && (char === '\n' || char === '\r'))) return fail('a text that does not end', start);
      if (char === quote && (!long || text.startsWith(quote.repeat(3), at))) {
        if (!long) {
          at++;
          return value;
        }
        // Up to two more quotes belong to the text.
        let quotes = 3;
        while (quotes < 5 && text[at + quotes] === quote) quotes++;
        at += quotes;
        return value + quote.repeat(quotes - 3);
      }
      at++;
      if (char !== '\\' || quote === "'") {
        value += char;
        continue;
      }
      const rest = long ? /[ \t]{0,10000}\r?\n/y : undefined;
      if (rest !== undefined) rest.lastIndex = at;
      if (rest?.test(text) === true) while (/\s/.test(text[at] ?? '')) at++;
      else value += escape();
    }
  }

  function key(): string {
    if (text[at] === '"' || text[at] === "'") return text.startsWith((text[at] as string).repeat(3), at) ? fail('a key over several lines') : string();
    BARE_KEY.lastIndex = at;
    const bare = BARE_KEY.exec(text)?.[0];
    if (bare === undefined) return fail('a key is expected');
    at += bare.length;
    return bare;
  }

  function dottedKey(): string[] {
    const steps = [key()];
    for (;;) {
      blanks();
      if (text[at] !== '.') return steps;
      at++;
      blanks();
      steps.push(key());
    }
  }

  const gap = (): void => {
    for (;;) {
      blanks();
      comment();
      if (at >= text.length || !atLineEnd()) return;
      at += text[at] === '\r' ? 2 : 1;
    }
  };

  function list(depth: number): void {
    const start = at++;
    for (;;) {
      gap();
      if (text[at] === ']') break;
      if (at >= text.length) fail('a list that does not end', start);
      value(depth + 1);
      gap();
      if (text[at] === ',') at++;
      else if (text[at] !== ']') fail('a comma or ] is expected');
    }
    at++;
  }

  function inlineTable(depth: number): void {
    const start = at++;
    for (;;) {
      gap();
      if (text[at] === '}') break;
      if (at >= text.length) fail('an inline table that does not end', start);
      dottedKey();
      if (text[at] !== '=') fail('= is expected');
      at++;
      gap();
      value(depth + 1);
      gap();
      if (text[at] === ',') at++;
      else if (text[at] !== '}') fail('a comma or } is expected');
    }
    at++;
  }

  /** @returns the value where it is a scalar */
  function value(depth: number): string | number | boolean | undefined {
    if (depth > MAX_DEPTH) fail('nested too deeply');
    const char = text[at];
    if (char === '"' || char === "'") return string();
    if (char === '[') {
      list(depth);
      return undefined;
    }
    if (char === '{') {
      inlineTable(depth);
      return undefined;
    }
    const start = at;
    WORD.lastIndex = at;
    let word = WORD.exec(text)?.[0] ?? fail('a value is expected');
    at += word.length;
    // A space may stand between date and time.
    if (/^\d{4}-\d{2}-\d{2}$/.test(word) && /^ \d{2}:\d{2}/.test(text.slice(at, at + 6))) {
      WORD.lastIndex = at + 1;
      const time = WORD.exec(text)?.[0] ?? '';
      word += ` ${time}`;
      at += time.length + 1;
    }
    if (word === 'true' || word === 'false') return word === 'true';
    if (NUMBER.test(word)) return Number(word.replaceAll('_', ''));
    return DATE.test(word) ? undefined : fail('a value that is not valid', start);
  }

  while (at < text.length) {
    blanks();
    comment();
    if (atLineEnd()) {
      lineEnd();
      continue;
    }
    const start = lineStart(text, at);
    if (text[at] === '[') {
      const kind = text[at + 1] === '[' ? 'array' : 'table';
      at += kind === 'array' ? 2 : 1;
      blanks();
      const path = dottedKey();
      if (!text.startsWith(kind === 'array' ? ']]' : ']', at)) fail(kind === 'array' ? ']] is expected' : '] is expected');
      at += kind === 'array' ? 2 : 1;
      lineEnd();
      statements.push({ kind, path, start, end: at });
      table = path;
      continue;
    }
    const steps = dottedKey();
    if (text[at] !== '=') fail('= is expected');
    at++;
    blanks();
    const valueStart = at;
    const inline = text[at] === '{';
    const found = value(0);
    const valueEnd = at;
    lineEnd();
    statements.push({ kind: 'pair', path: [...table, ...steps], tableDepth: table.length, start, valueStart, valueEnd, end: at, value: found, inlineTable: inline });
  }
  return statements;
}

function lineStart(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return start === 0 ? bodyStart(text) : start;
}
