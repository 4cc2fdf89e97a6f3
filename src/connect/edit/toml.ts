/** Sets and removes single values in TOML by splicing whole lines, or one value within its line. */
import type { PathStep, Value } from '../client.ts';
import { quoted } from '../quote.ts';
import { bodyStart, EditError, indentAt, lineEnding, shownPath, spliced, type Editor, type Found, type Trace } from './document.ts';
import { parseToml, type TomlPair, type TomlStatement } from './toml-lines.ts';

type Path = readonly string[];

function keys(text: string, path: readonly PathStep[]): Path {
  return path.map((step) => {
    if (typeof step !== 'string') throw new EditError(text, 0, `${shownPath(path)} leads into a list`);
    return step;
  });
}

const startsWith = (path: Path, prefix: Path): boolean => prefix.length <= path.length && prefix.every((step, i) => step === path[i]);
const isSame = (a: Path, b: Path): boolean => a.length === b.length && startsWith(a, b);

/**
 * The pair at a path.
 * @throws EditError where a value, an inline table or a list of tables is in the way
 */
function pairAt(text: string, statements: readonly TomlStatement[], path: Path): TomlPair | undefined {
  let found: TomlPair | undefined;
  for (const statement of statements) {
    if (statement.kind === 'array' && startsWith(path, statement.path)) {
      throw new EditError(text, statement.start, `${statement.path.join('.')} is a list of tables`);
    }
    if (statement.kind !== 'pair') {
      if (startsWith(statement.path, path)) throw new EditError(text, statement.start, `${path.join('.')} is a table`);
      continue;
    }
    if (isSame(statement.path, path)) {
      if (found !== undefined) throw new EditError(text, statement.start, `${path.join('.')} stands twice`);
      found = statement;
    } else if (startsWith(path, statement.path)) {
      throw new EditError(text, statement.valueStart, `${statement.path.join('.')} is ${statement.inlineTable ? 'an inline table, which can\'t be added to safely' : 'not a table'}`);
    } else if (startsWith(statement.path, path)) {
      throw new EditError(text, statement.start, `${path.join('.')} is a table`);
    }
  }
  return found;
}

/** Where the lines of a table end, and what a key in it is called there. */
interface Home {
  readonly at: number;
  /** The table's path as its header has it; keys below it are dotted. */
  readonly header: Path;
  readonly indent: string;
}

function homeOf(text: string, statements: readonly TomlStatement[], table: Path): Home | undefined {
  const headers = statements.filter((statement) => statement.kind === 'table' && isSame(statement.path, table));
  const [header, twice] = headers;
  if (twice !== undefined) throw new EditError(text, twice.start, `the table ${table.join('.')} stands twice`);
  if (table.length === 0 || header !== undefined) {
    const first = header === undefined ? 0 : statements.indexOf(header) + 1;
    let last: TomlStatement | undefined = header;
    let own: TomlPair | undefined;
    for (const statement of statements.slice(first)) {
      if (statement.kind !== 'pair') break;
      last = own = statement;
    }
    return last === undefined ? undefined : { at: last.end, header: table, indent: own === undefined ? '' : indentAt(text, own.start + 1) };
  }
  // A table that dotted keys have made can have no header of its own.
  const dotted = statements.filter((statement): statement is TomlPair => statement.kind === 'pair' && statement.tableDepth < table.length && startsWith(statement.path, table)).at(-1);
  return dotted === undefined ? undefined : { at: dotted.end, header: dotted.path.slice(0, dotted.tableDepth), indent: indentAt(text, dotted.start + 1) };
}

/** Blank lines between what is there and what is put behind it. */
function glueAt(text: string, at: number, wantsBlankLine: boolean): string {
  const before = text.slice(bodyStart(text), at);
  if (before === '') return '';
  const eol = lineEnding(text);
  const ended = before.endsWith('\n') ? '' : eol;
  return ended + (wantsBlankLine && !/\n\r?\n$/.test(before + ended) && before.trim() !== '' ? eol : '');
}

const keyText = (step: string): string => (/^[A-Za-z0-9_-]+$/.test(step) ? step : quoted(step));
const pathText = (path: Path): string => path.map(keyText).join('.');

function valueText(text: string, value: Value): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw new EditError(text, 0, 'only single values are set in TOML');
}

function readPath(text: string, path: readonly PathStep[]): Found | undefined {
  const steps = keys(text, path);
  const pair = pairAt(text, parseToml(text), steps);
  return pair && { raw: text.slice(pair.valueStart, pair.valueEnd), value: pair.value };
}

/** A key of the document itself stands before every table: at the end of such keys, or at the very beginning. */
function rootGlue(text: string): string {
  const rest = text.slice(bodyStart(text));
  return rest === '' || /^\r?\n/.test(rest) ? '' : lineEnding(text);
}

function tracePath(text: string, path: readonly PathStep[]): Trace {
  const steps = keys(text, path);
  const statements = parseToml(text);
  pairAt(text, statements, steps);
  const table = steps.slice(0, -1);
  const home = homeOf(text, statements, table);
  if (home !== undefined) return { keep: table.length, glue: glueAt(text, home.at, false) };
  if (table.length === 0) return { keep: 0, glue: rootGlue(text) };
  return { keep: table.length - 1, glue: glueAt(text, text.length, true) };
}

function setPath(text: string, path: readonly PathStep[], value: Value): string {
  const steps = keys(text, path);
  const statements = parseToml(text);
  const pair = pairAt(text, statements, steps);
  if (pair !== undefined) {
    if (pair.value === undefined) throw new EditError(text, pair.valueStart, `${pathText(steps)} holds ${pair.inlineTable ? 'an inline table' : 'no single value'}`);
    return spliced(text, [{ start: pair.valueStart, end: pair.valueEnd, text: valueText(text, value) }]);
  }
  const table = steps.slice(0, -1);
  const eol = lineEnding(text);
  const home = homeOf(text, statements, table);
  if (home !== undefined) {
    const glue = glueAt(text, home.at, false);
    const line = `${home.indent}${pathText(steps.slice(home.header.length))} = ${valueText(text, value)}`;
    return spliced(text, [{ start: home.at, end: home.at, text: glue === '' ? line + eol : glue + line }]);
  }
  const line = `${keyText(steps.at(-1) ?? '')} = ${valueText(text, value)}${eol}`;
  if (table.length === 0) {
    const start = bodyStart(text);
    return spliced(text, [{ start, end: start, text: line + rootGlue(text) }]);
  }
  return `${text}${glueAt(text, text.length, true)}[${pathText(table)}]${eol}${line}`;
}

function putBack(text: string, path: readonly PathStep[], raw: string): string {
  const pair = pairAt(text, parseToml(text), keys(text, path));
  if (pair === undefined) throw new EditError(text, 0, `${shownPath(path)} is not there`);
  return spliced(text, [{ start: pair.valueStart, end: pair.valueEnd, text: raw }]);
}

function removePath(text: string, path: readonly PathStep[], { keep, glue }: Trace): string {
  const steps = keys(text, path);
  const pair = pairAt(text, parseToml(text), steps);
  if (pair === undefined) return text;
  const table = steps.slice(0, -1);
  const isRoot = table.length === 0;
  let { start, end } = pair;
  if (isRoot && start === bodyStart(text)) {
    if (glue !== '' && text.startsWith(glue, end)) end += glue.length;
  } else if (keep === table.length && end === text.length && !text.endsWith('\n') && glue !== '' && text.slice(0, start).endsWith(glue)) {
    // The line ending that the line before had none of.
    start -= glue.length;
  }
  const without = spliced(text, [{ start, end, text: '' }]);
  return keep < table.length ? withoutEmptyTable(without, table, glue) : without;
}

/** Takes the table's header away where nothing stands below it, comments neither. */
function withoutEmptyTable(text: string, table: Path, glue: string): string {
  const statements = parseToml(text);
  const index = statements.findIndex((statement) => statement.kind === 'table' && isSame(statement.path, table));
  const header = statements[index];
  if (header === undefined) return text;
  const next = statements[index + 1];
  if (next?.kind === 'pair' || text.slice(header.end, next?.start ?? text.length).trim() !== '') return text;
  // A comment beside the header is somebody's too.
  if (text.slice(header.start, header.end).includes('#')) return text;
  const start = glue !== '' && text.slice(0, header.start).endsWith(glue) ? header.start - glue.length : header.start;
  return spliced(text, [{ start, end: header.end, text: '' }]);
}

export const tomlEditor: Editor = { readPath, tracePath, setPath, putBack, removePath };
