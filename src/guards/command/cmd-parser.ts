/**
 * Command lines of Windows' cmd.exe (Microsoft's `cmd` reference, "Remarks"): `&`, `&&`, `||`, `|`, carets, quotes and
 * `%NAME%`. Parentheses and `if`/`for` heads are skipped, so that what they run is judged.
 */
import { plainWord, spend } from './syntax.ts';
import type { Budget, Pipeline, Redirect, Script, Simple, Span, Word } from './syntax.ts';

/** Programs whose switches may be glued to their name: `del/f/s/q`. */
const GLUED = /^(del|erase|rd|rmdir|format|copy|xcopy|dir|reg|echo|cd|md|move)(\/.*)$/i;
const HEAD = /^(?:if|for|do|else|call|@echo|not|exist|in)$/i;

interface Line {
  words: Word[];
  redirects: Redirect[];
  start: number;
  end: number;
}

/** `%NAME%`, or `!NAME!`, with the values that `set` gave. */
function expand(text: string, variables: ReadonlyMap<string, string>, budget: Budget): string {
  if (variables.size === 0 || !/[%!]/.test(text)) return text;
  return text.replace(/%([A-Za-z_]\w{0,63})%|!([A-Za-z_]\w{0,63})!/g, (whole, name: string | undefined, delayed: string | undefined) => {
    const value = variables.get((name ?? delayed ?? '').toLowerCase());
    return value !== undefined && spend(budget, value.length) ? value : whole;
  });
}

/** The body of `for %i in (a b) do`, with the first entry of its set, or the folder that `dir` lists, in its variable's place. */
function withEntry(body: readonly Word[], head: readonly Word[]): readonly Word[] {
  const name = head.find((word) => /^%{1,2}[a-z]$/i.test(word.text))?.text;
  const at = head.findIndex((word) => word.text.toLowerCase() === 'in');
  const set = head[at + 1]?.text.replace(/^\(?["']?|["']?\)?$/g, '') ?? '';
  if (name === undefined || at === -1 || set === '') return body;
  // `for /r C:\\ %f in (*.doc)` looks for them in all folders below.
  const below = head[head.findIndex((word) => /^\/r$/i.test(word.text)) + 1]?.text;
  const listed = /^dir\b(?:\s{1,4}\/\w(?::\w{1,8})?){0,8}\s{1,4}"?([^"|&]{1,256}?)"?$/i.exec(set === 'dir' ? head.slice(at + 1).map((word) => word.text.replace(/['"]/g, '')).join(' ') : set)?.[1];
  const entry = listed === undefined ? (head.some((word) => /^\/r$/i.test(word.text)) && /^[a-z]:\\/i.test(below ?? '') ? `${(below ?? '').replace(/\\+$/, '')}\\(some)\\${set}` : set) : `${listed.replace(/[\\/]+$/, '')}\\*`;
  // `dir /b` prints names without their folder.
  return body.map((word) => (word.text.includes(name) ? listed !== undefined && /[\\/]%{1,2}[a-z]$/i.test(word.text) ? { ...word, text: word.text.replace(/%{1,2}[a-z]$/i, '*') } : { ...word, text: word.text.replace(/%{1,2}(?:~\w{0,8})?[a-z](?![a-z%])/gi, (found) => (found.slice(-1).toLowerCase() === name.slice(-1).toLowerCase() ? entry : found)).slice(0, 2048) } : word));
}

/** Drops what stands before the command: `if exist x`, `for ... do`, `@`, `call`. */
function bareCommand(words: readonly Word[]): readonly Word[] {
  const first = words[0]?.text.toLowerCase() ?? '';
  if (first === 'for') {
    const at = words.findIndex((word) => word.text.toLowerCase() === 'do');
    return at === -1 ? words : withEntry(words.slice(at + 1), words.slice(1, at));
  }
  if (first === 'if') {
    const skip = words.findIndex((word, index) => index > 0 && /^(?:not|exist|\/i|defined|errorlevel)$/i.test(word.text) === false);
    const compares = words.findIndex((word) => /==/.test(word.text) || /^(?:equ|neq|lss|leq|gtr|geq)$/i.test(word.text));
    return words.slice(Math.max(skip, compares) + 1);
  }
  return HEAD.test(first) ? words.slice(1) : words;
}

function simpleOf(line: Line, place: Span | undefined): Simple | undefined {
  const bare = bareCommand(line.words);
  const first = bare[0];
  if (!first) return undefined;
  const head = first.text.replace(/^@/, '');
  const glued = first.quoted ? null : GLUED.exec(head);
  const words = glued
    ? [plainWord(glued[1] ?? '', first), ...(glued[2] ?? '').split('/').filter((part) => part !== '').map((part) => plainWord(`/${part}`, first)), ...bare.slice(1)]
    : [head === first.text ? first : plainWord(head, first), ...bare.slice(1)];
  return { kind: 'simple', assignments: [], words, redirects: line.redirects, ...(place ?? { start: line.start, end: line.end }) };
}

/** Parses command lines; `place` as for the POSIX parser. */
export function parseCmd(text: string, budget: Budget, place?: Span): Script {
  const pipelines: Pipeline[] = [];
  const variables = new Map<string, string>();
  let stages: Simple[] = [];
  let line: Line = { words: [], redirects: [], start: 0, end: 0 };
  let redirect: '>' | '>>' | '<' | undefined;
  let at = 0;

  function endWord(start: number, end: number, value: string, quoted: boolean): void {
    const word = plainWord(expand(value, variables, budget), place ?? { start, end }, quoted);
    if (line.words.length === 0 && line.redirects.length === 0) line.start = start;
    line.end = end;
    if (redirect) line.redirects.push({ operator: redirect, target: word });
    else line.words.push(word);
    redirect = undefined;
  }
  function endStage(): void {
    const simple = simpleOf(line, place);
    const assignment = simple?.words[0]?.text.toLowerCase() === 'set' ? /^([A-Za-z_]\w{0,63})=(.{0,2048})$/s.exec(simple.words.slice(1).map((word) => word.text).join(' ')) : null;
    if (assignment) variables.set((assignment[1] ?? '').toLowerCase(), assignment[2] ?? '');
    if (simple) stages.push(simple);
    line = { words: [], redirects: [], start: at, end: at };
    redirect = undefined;
  }
  function endPipeline(): void {
    endStage();
    const first = stages[0];
    const last = stages.at(-1);
    if (first && last) pipelines.push({ stages, background: false, start: first.start, end: last.end });
    stages = [];
  }

  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\n' || character === '&' || (character === '|' && text[at + 1] === '|')) {
      at += character === '|' ? 2 : 1;
      endPipeline();
    } else if (character === '|') {
      at += 1;
      endStage();
    } else if (character === '>' || character === '<') {
      redirect = character === '<' ? '<' : text[at + 1] === '>' ? '>>' : '>';
      at += redirect.length;
    } else if (/[\s()]/.test(character) || (character === ',' && line.words.length > 0)) {
      at += 1;
    } else {
      const start = at;
      let value = '';
      let inQuotes = false;
      let quoted = false;
      let opened = false;
      for (; at < text.length; at += 1) {
        const next = text[at] ?? '';
        if (next === '"') {
          inQuotes = !inQuotes;
          quoted = true;
        } else if (next === '\n' || (!inQuotes && /[\s&|<>]/.test(next))) {
          break;
        } else if (next === '^' && !inQuotes) {
          at += 1;
          value += text[at] === '\n' ? '' : (text[at] ?? '');
        } else if (next === ')' && !inQuotes && !opened) {
          break;
        } else {
          opened ||= next === '(';
          value += next;
        }
      }
      endWord(start, Math.min(at, text.length), value, quoted);
    }
  }
  endPipeline();
  return { language: 'cmd', pipelines };
}
