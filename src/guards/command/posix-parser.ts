/**
 * Pipelines, groups and redirections of a POSIX-like shell (POSIX.1-2024, Shell Command Language, section 2.7 to 2.10).
 * It forgives everything: what it can't make sense of is skipped, since a shell that refuses a line does no harm.
 */
import { placeOf, plainOutput, readDocument, readWord } from './posix-reader.ts';
import type { PendingDocument, Reader } from './posix-reader.ts';
import { remember, rememberSimple } from './posix-variables.ts';
import { MAX_DEPTH, plainWord } from './syntax.ts';
import type { Assignment, Budget, Group, Pipeline, Redirect, RedirectOperator, Script, Simple, Span, Stage, Word } from './syntax.ts';

const BARE = /[A-Za-z!{}[]+/y;
const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;
const BACKSLASH = 0x5c;
const BLANK = /[ \t\r]+/y;
const ASSIGNMENT = /([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]\n]{0,64}\])?\+?=/y;
const REDIRECT = /(?:\d{1,3}|&)?(<<-|<<<|<<|<>|<&|>>|>\||>&|&>>|&>|<|>)/y;
/** Words that only wrap what follows. */
const SKIPPED = new Set(['then', 'else', 'elif', 'do', '!', 'time', 'coproc']);
const CLOSED_BY: ReadonlyMap<string, string> = new Map([['if', 'fi'], ['while', 'done'], ['until', 'done'], ['for', 'done'], ['select', 'done'], ['case', 'esac'], ['{', '}']]);
const CLOSERS = new Set(['fi', 'done', 'esac', '}']);
const OPERATORS: ReadonlyMap<string, RedirectOperator> = new Map([['<<-', '<<'], ['<<<', '<<<'], ['<<', '<<'], ['<>', '<>'], ['<&', '<&'], ['>>', '>>'], ['&>>', '>>'], ['>|', '>'], ['>&', '>&'], ['&>', '>'], ['<', '<'], ['>', '>']]);

function skipBlanks(reader: Reader): void {
  for (;;) {
    const character = reader.text.charCodeAt(reader.at);
    if (character !== SPACE && character !== TAB && character !== RETURN && character !== BACKSLASH) return;
    BLANK.lastIndex = reader.at;
    if (BLANK.test(reader.text)) reader.at = BLANK.lastIndex;
    if (reader.text[reader.at] !== '\\' || reader.text[reader.at + 1] !== '\n') return;
    reader.at += 2;
  }
}

function readDocuments(reader: Reader): void {
  for (const document of reader.documents.splice(0)) {
    const start = reader.at;
    let end = reader.text.length;
    let line = start;
    let after = end;
    while (line < reader.text.length) {
      const stop = reader.text.indexOf('\n', line);
      const lineEnd = stop === -1 ? reader.text.length : stop;
      const shown = reader.text.slice(line, Math.min(lineEnd, line + 256));
      if ((document.indented ? shown.replace(/^\t+/, '') : shown).replace(/\r$/, '') === document.delimiter) {
        end = line;
        after = lineEnd;
        break;
      }
      line = lineEnd + 1;
    }
    document.fill(readDocument(reader, reader.text.slice(start, end), placeOf(reader, start, end), document.quoted));
    reader.at = Math.min(after, reader.text.length);
    if (reader.text[reader.at] === '\n') reader.at += 1;
  }
}

/** Skips separators, comments and ends of lines between commands. */
function skipSeparators(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    skipBlanks(reader);
    const character = text[reader.at];
    if (character === '\n') {
      reader.at += 1;
      if (reader.documents.length > 0) readDocuments(reader);
    } else if (character === '#') {
      skipComment(reader);
    } else if (character === ';' || character === '&' || character === '|') {
      if (character === '&' && text[reader.at + 1] === '>') return;
      reader.at += 1;
    } else {
      return;
    }
  }
}

function skipComment(reader: Reader): void {
  const end = reader.text.indexOf('\n', reader.at);
  reader.at = end === -1 ? reader.text.length : end;
}

/** The next bare word, without moving past it. */
function peekBare(reader: Reader): string {
  BARE.lastIndex = reader.at;
  const word = BARE.exec(reader.text)?.[0] ?? '';
  const next = reader.text[reader.at + word.length];
  return word.length < 9 && (next === undefined || /[\s;&|()<>]/.test(next)) ? word : '';
}

function readProcessSubstitution(reader: Reader): Word {
  const start = reader.at;
  reader.at += 2;
  reader.depth += 1;
  const script = reader.parseList(')');
  reader.depth -= 1;
  const span = placeOf(reader, start, reader.at);
  const content = plainOutput(script);
  return { ...plainWord(reader.text[start] === '<' ? '<()' : '>()', span), nested: [script], carried: [script], ...(content === undefined ? {} : { content }) };
}

function isProcessSubstitution(reader: Reader): boolean {
  const character = reader.text[reader.at];
  return (character === '<' || character === '>') && reader.text[reader.at + 1] === '(' && reader.depth < MAX_DEPTH;
}

/** Reads a redirection when one stands here. */
function readRedirect(reader: Reader): Redirect | undefined {
  if (!/[<>&\d]/.test(reader.text[reader.at] ?? '')) return undefined;
  REDIRECT.lastIndex = reader.at;
  const found = REDIRECT.exec(reader.text);
  const operator = OPERATORS.get(found?.[1] ?? '');
  if (!found || !operator) return undefined;
  reader.at += found[0].length;
  skipBlanks(reader);
  const start = reader.at;
  const words = isProcessSubstitution(reader) ? [readProcessSubstitution(reader)] : readWord(reader);
  const word = words[0] ?? plainWord('', placeOf(reader, start, start));
  if (operator !== '<<') return { operator, target: word };
  const redirect = { operator, target: plainWord('', placeOf(reader, reader.at, reader.at)) };
  const document: PendingDocument = {
    delimiter: word.text, quoted: word.quoted, indented: found[1] === '<<-',
    fill: (body) => { redirect.target = body; },
  };
  reader.documents.push(document);
  return redirect;
}

function readArray(reader: Reader): Word[] {
  const words: Word[] = [];
  reader.at += 1;
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    const before = reader.at;
    words.push(...readWord(reader));
    if (reader.at === before) reader.at += 1;
  }
  reader.at = Math.min(reader.at + 1, reader.text.length);
  return words;
}

/** Several words as the value of one variable. */
function joined(words: readonly Word[], span: Span): Word {
  return {
    text: words.map((word) => word.text).join(' '), ...span,
    quoted: true, nested: words.flatMap((word) => word.nested), carried: words.flatMap((word) => word.carried).slice(0, 8), sources: words.flatMap((word) => word.sources).slice(0, 8),
  };
}

function readAssignment(reader: Reader): Assignment | undefined {
  ASSIGNMENT.lastIndex = reader.at;
  const found = ASSIGNMENT.exec(reader.text);
  if (!found) return undefined;
  reader.at += found[0].length;
  const start = reader.at;
  const words = reader.text[start] === '(' ? readArray(reader) : readWord(reader);
  const first = words[0];
  const whole = joined(words, placeOf(reader, start, reader.at));
  const value: Word = reader.text[start] === '(' ? { ...whole, list: true } : words.length === 1 && first ? first : whole;
  return { name: found[1] ?? '', value };
}

function readSimple(reader: Reader): Simple | Group | undefined {
  const { text } = reader;
  const start = reader.at;
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  let test = false;
  for (;;) {
    skipBlanks(reader);
    const character = text[reader.at];
    // A comment is left to the list, so that it does not count as part of the statement.
    if (character === undefined || (character === '#' && reader.at > start)) break;
    if (isProcessSubstitution(reader)) {
      words.push(readProcessSubstitution(reader));
      continue;
    }
    if (!test) {
      const redirect = readRedirect(reader);
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
    }
    if (character === '(' && words.length === 1 && assignments.length === 0 && /^\([ \t]{0,16}\)/.test(text.slice(reader.at, reader.at + 18))) {
      reader.at = text.indexOf(')', reader.at) + 1;
      return readFunction(reader, words[0]?.text ?? '', start);
    }
    if (test && /[&|()<>]/.test(character)) {
      reader.at += 1;
      continue;
    }
    if (/[\n;&|()<>]/.test(character)) break;
    if (words.length === 0) {
      const assignment = readAssignment(reader);
      if (assignment) {
        assignments.push(assignment);
        continue;
      }
    }
    const before = reader.at;
    const read = readWord(reader);
    if (reader.at === before) reader.at += 1;
    for (const word of read) words.push(word);
    if (words[0]?.text === '[[' && !words[0].quoted) test = words.at(-1)?.text !== ']]';
  }
  rememberSimple(reader, assignments, words);
  if (words.length + assignments.length + redirects.length === 0) return undefined;
  return { kind: 'simple', assignments, words, redirects, ...placeOf(reader, start, trimEnd(text, start, reader.at)) };
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

function readFunction(reader: Reader, name: string, start: number): Group | undefined {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
  // `f() f() f()` goes as deep as it is long: what lies deeper is read as what comes next.
  if (reader.depth >= MAX_DEPTH) return undefined;
  reader.depth += 1;
  const stage = readBody(reader);
  reader.depth -= 1;
  if (!stage) return undefined;
  const body: Script = stage.kind === 'group' ? stage.body : { language: 'posix', pipelines: [{ stages: [stage], start: stage.start, end: stage.end, background: false }] };
  return { kind: 'group', keyword: 'function', name, body, redirects: stage.redirects, ...placeOf(reader, start, reader.at) };
}

function readBody(reader: Reader): Stage | undefined {
  // `f(){a;}`: the brace of a body needs no blank after it.
  return reader.text[reader.at] === '{' && reader.depth < MAX_DEPTH ? readGroup(reader, '{', '}', reader.at) : readStage(reader);
}

function readGroupRedirects(reader: Reader): Redirect[] {
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(reader);
    const redirect = readRedirect(reader);
    if (!redirect) return redirects;
    redirects.push(redirect);
  }
}

/** The list of words of `for x in ...`, as a variable that holds all of them. */
function readLoopHead(reader: Reader): Pipeline | undefined {
  skipBlanks(reader);
  const name = readWord(reader)[0]?.text ?? '';
  skipBlanks(reader);
  if (peekBare(reader) !== 'in') return undefined;
  reader.at += 2;
  const start = reader.at;
  const words: Word[] = [];
  for (;;) {
    skipBlanks(reader);
    const before = reader.at;
    for (const word of readWord(reader)) words.push(word);
    if (reader.at === before) break;
  }
  if (words.length === 0) return undefined;
  const value: Word = { ...joined(words, placeOf(reader, start, reader.at)), list: true };
  remember(reader, name, value);
  const span = placeOf(reader, start, trimEnd(reader.text, start, reader.at));
  return { stages: [{ kind: 'simple', assignments: [{ name, value }], words: [], redirects: [], ...span }], background: false, ...span };
}

function readGroup(reader: Reader, opener: string, closer: string, start: number): Group {
  reader.at += opener.length;
  const head = opener === 'for' || opener === 'select' ? readLoopHead(reader) : undefined;
  if (opener === 'case') {
    const subject = /[^\n]{0,512}?\sin\b/y;
    subject.lastIndex = reader.at;
    if (subject.test(reader.text)) reader.at = subject.lastIndex;
  }
  reader.depth += 1;
  const list = reader.parseList(closer);
  const body: Script = head ? { ...list, pipelines: [head, ...list.pipelines] } : list;
  reader.depth -= 1;
  const end = reader.at;
  const redirects = readGroupRedirects(reader);
  return { kind: 'group', keyword: closer === 'done' ? 'loop' : 'list', name: '', body, redirects, ...placeOf(reader, start, redirects.length > 0 ? reader.at : end) };
}

/** Skips `pattern)` before a branch of `case`. */
function skipPattern(reader: Reader): void {
  const pattern = /\(?[^()\n;&<>]{0,200}\)/y;
  pattern.lastIndex = reader.at;
  if (pattern.test(reader.text)) reader.at = pattern.lastIndex;
}

function readStage(reader: Reader): Stage | undefined {
  for (;;) {
    skipBlanks(reader);
    const start = reader.at;
    const character = reader.text[start];
    if (reader.closers.at(-1) === 'esac') skipPattern(reader);
    if (character === '(') {
      if (reader.depth < MAX_DEPTH) return readGroup(reader, '(', ')', start);
      reader.at += 1;
      continue;
    }
    const bare = peekBare(reader);
    const closer = CLOSED_BY.get(bare);
    if (closer !== undefined && reader.depth < MAX_DEPTH) return readGroup(reader, bare, closer, start);
    if (bare === 'function') {
      reader.at += bare.length;
      skipBlanks(reader);
      const name = readWord(reader)[0]?.text ?? '';
      skipBlanks(reader);
      if (reader.text.startsWith('()', reader.at)) reader.at += 2;
      return readFunction(reader, name, start);
    }
    if (CLOSERS.has(bare)) return undefined;
    if (!SKIPPED.has(bare)) return readSimple(reader);
    reader.at += bare.length;
    if (/[\n;]/.test(reader.text[reader.at] ?? '')) return undefined;
  }
}

function readPipeline(reader: Reader): Pipeline | undefined {
  const start = reader.at;
  const stages: Stage[] = [];
  let end = start;
  let background = false;
  for (;;) {
    const stage = readStage(reader);
    if (stage) {
      stages.push(stage);
      end = trimEnd(reader.text, start, reader.at);
    }
    skipBlanks(reader);
    if (reader.text[reader.at] === '|' && reader.text[reader.at + 1] !== '|') {
      reader.at += reader.text[reader.at + 1] === '&' ? 2 : 1;
      while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
      continue;
    }
    background = reader.text[reader.at] === '&' && reader.text[reader.at + 1] !== '&';
    break;
  }
  return stages.length === 0 ? undefined : { stages, background, ...placeOf(reader, start, end) };
}

function parseList(reader: Reader, closer: string): Script {
  const pipelines: Pipeline[] = [];
  reader.closers.push(closer);
  for (;;) {
    skipSeparators(reader);
    const character = reader.text[reader.at];
    if (character === undefined) break;
    if (character === ')') {
      if (closer === ')') reader.at += 1;
      else if (!reader.closers.includes(')')) {
        reader.at += 1;
        continue;
      }
      break;
    }
    const bare = peekBare(reader);
    if (CLOSERS.has(bare) && reader.closers.includes(bare)) {
      if (closer === bare) reader.at += bare.length;
      break;
    }
    const before = reader.at;
    const pipeline = readPipeline(reader);
    if (pipeline) pipelines.push(pipeline);
    if (reader.at === before) reader.at += 1;
  }
  reader.closers.pop();
  return { language: 'posix', pipelines };
}

function createReader(text: string, depth: number, place: Span | undefined, variables: Map<string, Word>, budget: Budget): Reader {
  const reader: Reader = {
    text, at: 0, depth, closers: [], variables, budget, place, documents: [],
    parseList: (closer) => parseList(reader, closer),
    apart: (inner, span) => createReader(inner, reader.depth + 1, span, variables, budget),
  };
  return reader;
}

/**
 * Parses a script.
 *
 * @param place where all words are said to be, for a text that is no stretch of the command
 * @param variables what is known already; it is added to
 */
export function parsePosix(text: string, budget: Budget, depth = 0, place?: Span, variables = new Map<string, Word>()): Script {
  return createReader(text, depth, place, variables, budget).parseList('');
}
