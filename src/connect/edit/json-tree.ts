/**
 * Where things stand in a JSON document (RFC 8259), one with comments and trailing commas (JSONC), or JSON5
 * (https://spec.json5.org). It finds and checks; it builds no values but keys and scalars.
 */
import { BYTE_ORDER_MARK, bodyStart, EditError } from './document.ts';

export type JsonDialect = 'json' | 'jsonc' | 'json5';

export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly value: JsonNode;
  /** Offset of the comma behind it; -1 = none. */
  readonly comma: number;
}

export type JsonNode =
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly start: number; readonly end: number }
  | { readonly kind: 'scalar'; readonly start: number; readonly end: number; readonly value: string | number | boolean | null };

/** Deeper than any configuration; it bounds the recursion. */
const MAX_DEPTH = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NUMBER_5 = /[+-]?(?:Infinity|NaN|0[xX][0-9a-fA-F]+|(?:(?:0|[1-9]\d*)\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const WORD = /[A-Za-z]+/y;
const NAME_5 = /[\p{L}\p{Nl}$_\\][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}$_\u200c\u200d\\]*/uy;
const SPACE_5 = /[\s\u00a0\ufeff\u2028\u2029]/;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' };

/** @returns undefined for a document with nothing in it but whitespace and comments. @throws EditError */
export function parseJson(text: string, dialect: JsonDialect): JsonNode | undefined {
  let at = bodyStart(text);
  const fail = (what: string, where = at): never => {
    throw new EditError(text, where, what);
  };

  function skip(): void {
    at = skipTrivia(text, at, dialect);
  }

  function string(): string {
    const quote = text[at];
    const start = at++;
    let value = '';
    for (;;) {
      const char = text[at];
      if (char === undefined || char === '\n' || char === '\r') fail('a text that does not end', start);
      at++;
      if (char === quote) return value;
      if (char !== '\\') {
        if (dialect !== 'json5' && char !== undefined && char < ' ') fail('a control character in a text', at - 1);
        value += char;
        continue;
      }
      value += escape();
    }
  }

  function escape(): string {
    const char = text[at++] ?? '';
    if (char === 'u' || (char === 'x' && dialect === 'json5')) {
      const digits = text.slice(at, at + (char === 'u' ? 4 : 2));
      if (!(char === 'u' ? /^[0-9a-fA-F]{4}$/ : /^[0-9a-fA-F]{2}$/).test(digits)) fail('an escape that is not valid', at - 2);
      at += digits.length;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (dialect === 'json5') {
      if (char === '\r' && text[at] === '\n') at++;
      if (char === '' || /[1-9]/.test(char)) fail('an escape that is not valid', at - 2);
      return /[\n\r\u2028\u2029]/.test(char) ? '' : (ESCAPES[char] ?? char);
    }
    if (!'"\\/bfnrt'.includes(char) || char === '') fail('an escape that is not valid', at - 2);
    return ESCAPES[char] ?? char;
  }

  function matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined || found === '') return undefined;
    at += found.length;
    return found;
  }

  const isQuote = (): boolean => text[at] === '"' || (dialect === 'json5' && text[at] === "'");

  function scalar(): JsonNode {
    const start = at;
    if (isQuote()) return { kind: 'scalar', start, value: string(), end: at };
    const word = matched(WORD);
    if (word === 'true' || word === 'false') return { kind: 'scalar', start, end: at, value: word === 'true' };
    if (word === 'null') return { kind: 'scalar', start, end: at, value: null };
    at = start;
    const number = matched(dialect === 'json5' ? NUMBER_5 : NUMBER);
    if (number === undefined) return fail(text[start] === undefined ? 'the document ends where a value is expected' : 'a value is expected', start);
    return { kind: 'scalar', start, end: at, value: Number(number) };
  }

  function key(): string {
    if (isQuote()) return string();
    const name = dialect === 'json5' ? matched(NAME_5) : undefined;
    if (name === undefined) return fail('a key is expected');
    return name.replace(/\\u([0-9a-fA-F]{4})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  }

  /** Reads up to the closing bracket; `entry` reads one thing and is told where its comma stands. */
  function list(close: string, entry: () => (comma: number) => void): void {
    at++;
    skip();
    let afterComma = false;
    for (;;) {
      if (text[at] === close) {
        if (afterComma && dialect === 'json') fail('a comma before the end');
        at++;
        return;
      }
      const done = entry();
      skip();
      if (text[at] === ',') {
        done(at++);
        afterComma = true;
        skip();
      } else if (text[at] === close) {
        done(-1);
        afterComma = false;
      } else {
        fail(text[at] === undefined ? `the document ends before its ${close}` : `a comma or ${close} is expected`);
      }
    }
  }

  function value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) fail('nested too deeply');
    const start = at;
    if (text[at] === '{') {
      const members: JsonMember[] = [];
      list('}', () => {
        const keyStart = at;
        const name = key();
        skip();
        if (text[at] !== ':') fail('a colon is expected');
        at++;
        skip();
        const node = value(depth + 1);
        return (comma) => members.push({ key: name, keyStart, value: node, comma });
      });
      return { kind: 'object', start, end: at, members };
    }
    if (text[at] === '[') {
      list(']', () => {
        value(depth + 1);
        return () => undefined;
      });
      return { kind: 'array', start, end: at };
    }
    return scalar();
  }

  skip();
  if (at === text.length) return undefined;
  const root = value(0);
  skip();
  if (at !== text.length) fail('something behind the end of the document');
  return root;
}

/** The offset behind whitespace and, where the dialect has them, comments. @throws EditError */
export function skipTrivia(text: string, from: number, dialect: JsonDialect): number {
  let at = from;
  for (;;) {
    const char = text[at];
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r' || (dialect === 'json5' && char !== undefined && SPACE_5.test(char) && char !== BYTE_ORDER_MARK)) {
      at++;
    } else if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      if (dialect === 'json') throw new EditError(text, at, 'a comment, which JSON has none of');
      at = commentEnd(text, at);
    } else {
      return at;
    }
  }
}

/** The offset behind the comment that begins at `at`; a line comment ends before its line ending. @throws EditError */
export function commentEnd(text: string, at: number): number {
  if (text[at + 1] === '/') {
    let end = at;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    return end;
  }
  const end = text.indexOf('*/', at + 2);
  if (end === -1) throw new EditError(text, at, 'a comment that does not end');
  return end + 2;
}
