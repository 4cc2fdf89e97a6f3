/**
 * Sets and removes variables in a `.env` file as the `dotenv` package reads it (https://github.com/motdotla/dotenv):
 * `NAME=value` a line, perhaps with `export`, values bare or within ', " or `, which may go over lines.
 */
import type { PathStep, Value } from '../client.ts';
import { bodyStart, EditError, lineEnding, shownPath, spliced, type Editor, type Found, type Trace } from './document.ts';

interface Variable {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
  readonly value: string;
}

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*/y;

function parse(text: string): readonly Variable[] {
  const variables: Variable[] = [];
  for (let at = bodyStart(text); at < text.length; ) {
    const start = at;
    ASSIGNMENT.lastIndex = at;
    const [all, name] = ASSIGNMENT.exec(text) ?? [];
    if (all === undefined || name === undefined) {
      at = lineEndAfter(text, at);
      continue;
    }
    const valueStart = at + all.length;
    const quote = text[valueStart];
    const close = quote === '"' || quote === "'" || quote === '`' ? closing(text, valueStart, quote) : -1;
    if (close !== -1) {
      at = lineEndAfter(text, close);
      variables.push({ name, start, valueStart, valueEnd: close + 1, end: at, value: text.slice(valueStart + 1, close) });
      continue;
    }
    at = lineEndAfter(text, valueStart);
    const [bare = ''] = text.slice(valueStart, at).split(/[#\r\n]/, 1);
    const value = bare.trimEnd();
    variables.push({ name, start, valueStart, valueEnd: valueStart + value.length, end: at, value });
  }
  return variables;
}

function closing(text: string, open: number, quote: string): number {
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) if (text[at - 1] !== '\\') return at;
  return -1;
}

function lineEndAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

function find(text: string, path: readonly PathStep[]): Variable | undefined {
  const [name] = path;
  if (typeof name !== 'string' || path.length !== 1) throw new EditError(text, 0, `${shownPath(path)} is not a variable`);
  const [found, twice] = parse(text).filter((variable) => variable.name === name);
  if (twice !== undefined) throw new EditError(text, twice.start, `${name} stands twice`);
  return found;
}

function readPath(text: string, path: readonly PathStep[]): Found | undefined {
  const found = find(text, path);
  return found && { raw: text.slice(found.valueStart, found.valueEnd), value: found.value };
}

function tracePath(text: string, path: readonly PathStep[]): Trace {
  find(text, path);
  const body = text.slice(bodyStart(text));
  return { keep: 0, glue: body === '' || body.endsWith('\n') ? '' : lineEnding(text) };
}

function valueText(text: string, value: Value): string {
  if (typeof value !== 'string' || /["\\\r\n$]/.test(value)) throw new EditError(text, 0, 'this value can\'t be written into a .env file');
  return `"${value}"`;
}

function setPath(text: string, path: readonly PathStep[], value: Value): string {
  const found = find(text, path);
  const written = valueText(text, value);
  if (found !== undefined) return spliced(text, [{ start: found.valueStart, end: found.valueEnd, text: written }]);
  const { glue } = tracePath(text, path);
  return `${text}${glue}${String(path[0])}=${written}${glue === '' ? lineEnding(text) : ''}`;
}

function putBack(text: string, path: readonly PathStep[], raw: string): string {
  const found = find(text, path);
  if (found === undefined) throw new EditError(text, 0, `${shownPath(path)} is not there`);
  return spliced(text, [{ start: found.valueStart, end: found.valueEnd, text: raw }]);
}

function removePath(text: string, path: readonly PathStep[], { glue }: Trace): string {
  const found = find(text, path);
  if (found === undefined) return text;
  const atEnd = found.end === text.length && !text.endsWith('\n') && glue !== '' && text.slice(0, found.start).endsWith(glue);
  return spliced(text, [{ start: atEnd ? found.start - glue.length : found.start, end: found.end, text: '' }]);
}

export const dotenvEditor: Editor = { readPath, tracePath, setPath, putBack, removePath };
