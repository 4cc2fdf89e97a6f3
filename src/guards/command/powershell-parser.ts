/**
 * Statements, pipelines and words of PowerShell (PowerShell language specification, "about_Parsing", "about_Quoting_Rules"),
 * as far as a judge needs them: a statement is a list of words; parentheses, `$()` and script blocks are words that
 * hold scripts of their own.
 */
import { MAX_DEPTH, spend } from './syntax.ts';
import type { Assignment, Budget, Pipeline, Redirect, Script, Simple, Span, Word } from './syntax.ts';

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  readonly place: Span | undefined;
  readonly budget: Budget;
  readonly variables: Map<string, Word>;
}

const BLANK = /(?:[ \t\r]|`\r?\n)+/y;
const PLAIN = /[^\s;&|(){}<>'"`$,#]+/y;
const ASSIGNMENT = /\$(?:(?:global|script|env|local):)?([A-Za-z_]\w{0,63})[ \t]{0,8}[+]?=[ \t]{0,8}/iy;
const VARIABLE = /\$(?:\{([^}\n]{1,64})\}|((?:env:|global:|script:)?[A-Za-z_]\w{0,63}|[?_$^]))/iy;
const MAX_VALUE_CHARS = 4096;

function spanOf(reader: Reader, start: number, end: number): Span {
  return reader.place ?? { start, end };
}

function skipBlanks(reader: Reader): void {
  for (;;) {
    BLANK.lastIndex = reader.at;
    if (BLANK.test(reader.text)) reader.at = BLANK.lastIndex;
    if (reader.text.startsWith('<#', reader.at)) {
      const end = reader.text.indexOf('#>', reader.at);
      reader.at = end === -1 ? reader.text.length : end + 2;
    } else if (reader.text[reader.at] === '#') {
      const end = reader.text.indexOf('\n', reader.at);
      reader.at = end === -1 ? reader.text.length : end;
    } else {
      return;
    }
  }
}

interface Draft {
  text: string;
  quoted: boolean;
  nested: Script[];
  carried: Script[];
  sources: Span[];
}

function nest(reader: Reader, draft: Draft, closer: string): void {
  reader.at += 1;
  reader.depth += 1;
  const script = parseList(reader, closer);
  reader.depth -= 1;
  draft.nested.push(script);
  if (draft.carried.length < 8) draft.carried.push(script);
  draft.text += closer === '}' ? '{}' : '()';
}

/** The value of a script that is one string, such as `('I'+'EX')`. */
function stringOf(script: Script | undefined): string | undefined {
  const stage = script?.pipelines.length === 1 && script.pipelines[0]?.stages.length === 1 ? script.pipelines[0].stages[0] : undefined;
  if (stage?.kind !== 'simple' || stage.words.length !== 1 || stage.words[0]?.nested.length !== 0) return undefined;
  return stage.words[0].quoted ? stage.words[0].text : undefined;
}

function readVariable(reader: Reader, draft: Draft): void {
  VARIABLE.lastIndex = reader.at;
  const found = VARIABLE.exec(reader.text);
  if (!found) {
    reader.at += 1;
    draft.text += '$';
    return;
  }
  reader.at += found[0].length;
  const name = (found[1] ?? found[2] ?? '').toLowerCase();
  const value = reader.variables.get(name.replace(/^(?:env|global|script):/, ''));
  if (!value || !spend(reader.budget, value.text.length)) {
    draft.text += `$${name}`;
    return;
  }
  draft.text += value.text.slice(0, MAX_VALUE_CHARS);
  draft.carried.push(...value.carried.slice(0, Math.max(0, 8 - draft.carried.length)));
  if (draft.sources.length < 8) draft.sources.push({ start: value.start, end: value.end }, ...value.sources.slice(0, 2));
}

function readQuoted(reader: Reader, draft: Draft): void {
  const { text } = reader;
  const quote = text[reader.at] ?? '';
  draft.quoted = true;
  reader.at += 1;
  while (reader.at < text.length) {
    const character = text[reader.at] ?? '';
    if (character === quote) {
      if (text[reader.at + 1] !== quote) break;
      draft.text += quote;
      reader.at += 2;
    } else if (character === '`' && quote === '"') {
      const next = text[reader.at + 1] ?? '';
      draft.text += next === 'n' ? '\n' : next === 't' ? '\t' : next;
      reader.at += 2;
    } else if (character === '$' && quote === '"') {
      if (text[reader.at + 1] === '(' && reader.depth < MAX_DEPTH) {
        reader.at += 1;
        nest(reader, draft, ')');
      } else {
        readVariable(reader, draft);
      }
    } else {
      draft.text += character;
      reader.at += 1;
    }
  }
  reader.at = Math.min(text.length, reader.at + 1);
}

function readHereString(reader: Reader, draft: Draft): void {
  const quote = reader.text[reader.at + 1] ?? '';
  const end = reader.text.indexOf(`\n${quote}@`, reader.at);
  const stop = end === -1 ? reader.text.length : end;
  draft.text += reader.text.slice(reader.at + 2, stop).replace(/^\r?\n/, '');
  draft.quoted = true;
  reader.at = Math.min(reader.text.length, stop + 3);
}

/** `'a' + 'b'`: strings joined by plus are one string. */
function joins(reader: Reader, draft: Draft): boolean {
  if (!draft.quoted) return false;
  const plus = /[ \t]{0,8}\+[ \t]{0,8}(?=['"$])/y;
  plus.lastIndex = reader.at;
  if (!plus.test(reader.text)) return false;
  reader.at = plus.lastIndex;
  return true;
}

function readWord(reader: Reader): Word | undefined {
  const { text } = reader;
  const start = reader.at;
  const draft: Draft = { text: '', quoted: false, nested: [], carried: [], sources: [] };
  while (reader.at < text.length) {
    PLAIN.lastIndex = reader.at;
    const run = PLAIN.exec(text)?.[0] ?? '';
    draft.text += run;
    reader.at += run.length;
    const character = text[reader.at] ?? '';
    const next = text[reader.at + 1] ?? '';
    if (character === '@' && (next === "'" || next === '"')) readHereString(reader, draft);
    else if (run.endsWith('@') && (character === "'" || character === '"') && /^[ \t]*\r?\n/.test(text.slice(reader.at + 1, reader.at + 20))) {
      draft.text = draft.text.slice(0, -1);
      reader.at -= 1;
      readHereString(reader, draft);
    } else if (character === "'" || character === '"') {
      readQuoted(reader, draft);
      if (!joins(reader, draft) && /[\s,]/.test(text[reader.at] ?? ' ')) break;
    } else if (character === '`') {
      draft.text += next;
      reader.at += 2;
    } else if (character === '$' && next === '(' && reader.depth < MAX_DEPTH) {
      reader.at += 1;
      nest(reader, draft, ')');
    } else if (character === '$') {
      readVariable(reader, draft);
    } else if ((character === '(' || character === '{') && reader.depth < MAX_DEPTH) {
      // A call's arguments belong to the word they follow: `.DownloadString('http://...')`. A command's do not.
      if (draft.text.length < 64 && !draft.quoted && /^[a-z%?]{1,3}$|^[a-z]{2,16}-[a-z]{2,32}$/i.test(draft.text)) break;
      nest(reader, draft, character === '(' ? ')' : '}');
      const inner = draft.nested.at(-1);
      const value = stringOf(inner);
      if (value !== undefined && draft.text === '()') {
        draft.text = value;
        draft.nested.length = 0;
        draft.carried.length = 0;
        draft.quoted = true;
      } else if (value !== undefined) {
        draft.text = `${draft.text.slice(0, -1)}${value.slice(0, MAX_VALUE_CHARS)})`;
      }
    } else if (character === '#' && draft.text !== '') {
      draft.text += character;
      reader.at += 1;
    } else {
      break;
    }
  }
  reader.at = Math.min(reader.at, text.length);
  if (reader.at === start) return undefined;
  return { text: draft.text, ...spanOf(reader, start, reader.at), quoted: draft.quoted, nested: draft.nested, carried: draft.carried, sources: draft.sources };
}

function readRedirect(reader: Reader): Redirect | undefined {
  const found = /^(?:[\d*])?(>>|>&|>|<)/.exec(reader.text.slice(reader.at, reader.at + 4));
  if (!found) return undefined;
  reader.at += found[0].length;
  skipBlanks(reader);
  const word = readWord(reader);
  return word ? { operator: found[1] === '>>' ? '>>' : found[1] === '<' ? '<' : found[1] === '>&' ? '>&' : '>', target: word } : undefined;
}

function readSimple(reader: Reader): Simple | undefined {
  const start = reader.at;
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  let assigned = '';
  ASSIGNMENT.lastIndex = reader.at;
  const assignment = ASSIGNMENT.exec(reader.text);
  if (assignment && reader.text[reader.at + assignment[0].length] !== '=') {
    assigned = (assignment[1] ?? '').toLowerCase();
    reader.at += assignment[0].length;
  }
  for (;;) {
    skipBlanks(reader);
    const character = reader.text[reader.at];
    if (character === undefined || /[\n;|)}]/.test(character)) break;
    if (character === '&') {
      if (words.length > 0) break;
      reader.at += 1;
      continue;
    }
    if (character === ',' || (character === '<' && reader.text[reader.at + 1] === '#')) {
      reader.at += 1;
      continue;
    }
    const redirect = readRedirect(reader);
    if (redirect) {
      redirects.push(redirect);
      continue;
    }
    const before = reader.at;
    const word = readWord(reader);
    if (word) words.push(word);
    if (reader.at === before) reader.at += 1;
  }
  const first = words[0];
  if (assigned !== '' && first) {
    const value: Word = words.length === 1 ? first : { ...first, text: words.map((word) => word.text).join(' ').slice(0, MAX_VALUE_CHARS), carried: words.flatMap((word) => word.carried).slice(0, 8), end: words.at(-1)?.end ?? first.end };
    assignments.push({ name: assigned, value });
    // What runs on the right of an assignment runs all the same; a bare value does not.
    if (assigned !== 'home' && spend(reader.budget, 16)) reader.variables.set(assigned, value);
    if (words.length === 1 && (first.quoted || /^[$\d]/.test(first.text)) && first.nested.length === 0) words.length = 0;
  }
  if (words.length + assignments.length === 0) return undefined;
  return { kind: 'simple', assignments, words, redirects, ...spanOf(reader, start, start + reader.text.slice(start, reader.at).trimEnd().length) };
}

const KEYWORD = /(?:if|elseif|else|while|foreach|for|try|catch|finally|do|until|switch|return|begin|process|end)\b/iy;

function readPipeline(reader: Reader): Pipeline | undefined {
  const stages: Simple[] = [];
  const start = reader.at;
  for (;;) {
    skipBlanks(reader);
    KEYWORD.lastIndex = reader.at;
    const keyword = KEYWORD.exec(reader.text)?.[0];
    if (keyword !== undefined && /[\s({]/.test(reader.text[reader.at + keyword.length] ?? '\n')) reader.at += keyword.length;
    const stage = readSimple(reader);
    if (stage) stages.push(stage);
    if (reader.text[reader.at] !== '|' || reader.text[reader.at + 1] === '|') break;
    reader.at += 1;
    while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
  }
  const first = stages[0];
  if (!first) return undefined;
  const span = spanOf(reader, start, start + reader.text.slice(start, reader.at).trimEnd().length);
  const assignment = first.assignments[0];
  if (!assignment || (first.words.length === 0 && stages.length === 1)) return { stages, background: false, ...span };
  // `$x = Get-Content a | Out-String`: the pipeline runs, and its output is the value.
  const script: Script = { language: 'powershell', pipelines: [{ stages: [{ ...first, assignments: [] }, ...stages.slice(1)], background: false, ...span }] };
  const value: Word = { ...assignment.value, nested: [script], carried: [script] };
  if (assignment.name !== 'home' && spend(reader.budget, 16)) reader.variables.set(assignment.name, { ...value, nested: [] });
  return { stages: [{ ...first, assignments: [{ name: assignment.name, value }], words: [], redirects: [] }], background: false, ...span };
}

function parseList(reader: Reader, closer: string): Script {
  const pipelines: Pipeline[] = [];
  for (;;) {
    skipBlanks(reader);
    const character = reader.text[reader.at];
    if (character === undefined) break;
    if (character === ')' || character === '}') {
      reader.at += 1;
      if (character === closer) break;
      continue;
    }
    if (/[\n;&|]/.test(character) && !(character === '&' && /[\s('"$]/.test(reader.text[reader.at + 1] ?? ''))) {
      reader.at += 1;
      continue;
    }
    const before = reader.at;
    const pipeline = readPipeline(reader);
    if (pipeline) pipelines.push(pipeline);
    if (reader.at === before) reader.at += 1;
  }
  return { language: 'powershell', pipelines };
}

/** Parses a script; `place` and `variables` as for the POSIX parser. */
export function parsePowershell(text: string, budget: Budget, depth = 0, place?: Span, variables = new Map<string, Word>()): Script {
  const reader: Reader = { text, at: 0, depth, place, budget, variables };
  return parseList(reader, '');
}
