/** Sets and removes single values in YAML's block mappings, and entries of its block sequences, by splicing whole lines. */
import type { PathStep, Value } from '../client.ts';
import { quoted } from '../quote.ts';
import { bodyStart, EditError, lineEnding, shownPath, spliced, type Editor, type Found, type Trace } from './document.ts';
import { parseYaml, type YamlContent, type YamlEntry, type YamlItem } from './yaml-blocks.ts';

type Step = YamlEntry | YamlItem;

/** How far a path leads: what was found at each step, and what stands at the last of them. */
interface Walk {
  readonly steps: readonly Step[];
  /** Of the last step found; of the document when there is none. */
  readonly content: YamlContent | undefined;
}

const UNIT = 2;

const isKey = (step: PathStep): step is string => typeof step === 'string';

function entryOf(text: string, entries: readonly YamlEntry[], key: string, editing: boolean): YamlEntry | undefined {
  const [found, twice] = entries.filter((entry) => entry.key === key);
  if (twice !== undefined) throw new EditError(text, twice.keyStart, `the key ${key} stands twice`);
  const merge = editing ? entries.find((entry) => entry.key === '<<') : undefined;
  if (merge !== undefined) throw new EditError(text, merge.keyStart, 'a merge key, which can\'t be edited around safely');
  return found;
}

function itemOf(text: string, items: readonly YamlItem[], field: string, value: string): YamlItem | undefined {
  const [found, twice] = items.filter((item) => {
    const content = item.content();
    const at = content.kind === 'mapping' ? entryOf(text, content.entries, field, false)?.content() : undefined;
    return at?.kind === 'scalar' && at.value === value;
  });
  if (twice !== undefined) throw new EditError(text, twice.dash, `two entries have the ${field} ${JSON.stringify(value)}`);
  return found;
}

/** @throws EditError where something else than the path needs stands in the way */
function walk(text: string, path: readonly PathStep[]): Walk {
  const steps: Step[] = [];
  let content: YamlContent | undefined = parseYaml(text);
  for (const [depth, step] of path.entries()) {
    if (content === undefined || content.kind === 'none' || content.kind === 'empty-flow') break;
    const where = shownPath(path.slice(0, depth));
    if (content.kind === 'opaque') throw new EditError(text, content.start, `${where} holds ${content.what}, which can't be edited safely`);
    if (content.kind === 'scalar') throw new EditError(text, content.start, `${where} holds a text`);
    if (isKey(step) !== (content.kind === 'mapping')) throw new EditError(text, steps.at(-1)?.start ?? 0, `${where} is not a ${isKey(step) ? 'mapping' : 'list'}`);
    const found: Step | undefined = content.kind === 'mapping' ? entryOf(text, content.entries, step as string, true) : itemOf(text, content.items, (step as Exclude<PathStep, string>).field, (step as Exclude<PathStep, string>).value);
    if (found === undefined) break;
    steps.push(found);
    content = found.content();
  }
  return { steps, content };
}

function readPath(text: string, path: readonly PathStep[]): Found | undefined {
  const { steps, content } = walk(text, path);
  const last = steps.at(-1);
  if (steps.length !== path.length || last === undefined) return undefined;
  if (content?.kind === 'scalar') return { raw: text.slice(content.start, content.end), value: content.value };
  if ('dash' in last) return { raw: text.slice(last.dash, last.textEnd), value: undefined };
  return { raw: text.slice(last.colonEnd, last.end).trim(), value: undefined };
}

const BLOCK_TEXT = /(?:^|[:\-] {1,100})[|>](?:\d?[+-]?|[+-]\d)[ \t]{0,100}(?:#.*)?\r?$/m;
const KEPT_BLOCK_TEXT = /(?:^|[:\-] {1,100})[|>](?:\d?\+|\+\d)[ \t]{0,100}(?:#.*)?\r?$/m;

/**
 * The line ending that what is there lacks at its end.
 * @throws EditError where a block text may end there, whose meaning a line ending would change
 */
function endGlue(text: string, at: number): string {
  if (at <= bodyStart(text) || text[at - 1] === '\n') return '';
  if (BLOCK_TEXT.test(text)) throw new EditError(text, text.length, 'the file has a block text and no line ending at its end; end its last line first');
  return lineEnding(text);
}

/** Blank lines behind a block text may be part of it. */
function noKeptBlanks(text: string): void {
  const found = KEPT_BLOCK_TEXT.exec(text);
  if (found !== null) throw new EditError(text, found.index, 'a block text that keeps its blank lines, which can\'t be edited around safely');
}

/** Where new lines go: at the end of what the last step found holds, or right behind its key. */
function placeFor(text: string, { steps, content }: Walk): { readonly at: number; readonly column: number } {
  const last = steps.at(-1);
  if (content?.kind === 'mapping') return { at: content.entries.at(-1)?.end ?? text.length, column: content.column };
  if (content?.kind === 'sequence') return { at: content.items.at(-1)?.end ?? text.length, column: content.column };
  if (last === undefined) return { at: text.length, column: 0 };
  const lineStart = text.lastIndexOf('\n', last.start) + 1;
  const key = 'keyStart' in last ? last.keyStart : last.dash;
  return { at: last.end, column: key - Math.max(lineStart, bodyStart(text)) + UNIT };
}

function tracePath(text: string, path: readonly PathStep[]): Trace {
  const found = walk(text, path);
  const { steps, content } = found;
  const last = steps.at(-1);
  // With a list or mapping in brackets, the rest of its line is put back when it is empty again.
  if (content?.kind === 'empty-flow' && last !== undefined && steps.length < path.length) {
    return { keep: steps.length, glue: text.slice('dash' in last ? last.dash + 1 : last.colonEnd, content.end) };
  }
  return { keep: steps.length, glue: endGlue(text, placeFor(text, found).at) };
}

/** A value as block lines, the first without its indentation. */
function rendered(text: string, path: readonly PathStep[], value: Value, column: number, eol: string): string {
  const indent = ' '.repeat(column);
  const [step, ...rest] = path;
  if (step === undefined) {
    if (typeof value !== 'object') return scalar(value);
    if (Array.isArray(value)) throw new EditError(text, 0, 'lists are not set in YAML');
    return Object.entries(value).map(([key, inner]) => `${keyText(key)}: ${scalar(inner as Value)}`).join(eol + indent);
  }
  if (!isKey(step)) return `- ${rendered(text, rest, value, column + UNIT, eol)}`;
  const [next] = rest;
  if (next === undefined && typeof value !== 'object') return `${keyText(step)}: ${scalar(value)}`;
  return `${keyText(step)}:${eol}${' '.repeat(column + UNIT)}${rendered(text, rest, value, column + UNIT, eol)}`;
}

const keyText = (key: string): string => (/^[A-Za-z_][\w-]*$/.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : quoted(key));

function scalar(value: Value): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

function setPath(text: string, path: readonly PathStep[], value: Value): string {
  const found = walk(text, path);
  const { steps, content } = found;
  if (steps.length === path.length) {
    if (content?.kind !== 'scalar' || typeof value === 'object') {
      throw new EditError(text, steps.at(-1)?.start ?? 0, `${shownPath(path)} holds ${content?.kind === 'opaque' ? content.what : 'more than a text'}, which can't be replaced safely`);
    }
    return spliced(text, [{ start: content.start, end: content.end, text: scalar(value) }]);
  }
  noKeptBlanks(text);
  const eol = lineEnding(text);
  const rest = path.slice(steps.length);
  const { at, column } = placeFor(text, found);
  const lines = ' '.repeat(column) + rendered(text, rest, value, column, eol);
  if (content?.kind === 'empty-flow') {
    const last = steps.at(-1) as Step;
    return spliced(text, [
      { start: 'dash' in last ? last.dash + 1 : last.colonEnd, end: content.end, text: '' },
      { start: at, end: at, text: endGlue(text, at) === '' ? lines + eol : eol + lines },
    ]);
  }
  const glue = endGlue(text, at);
  return spliced(text, [{ start: at, end: at, text: glue === '' ? lines + eol : glue + lines }]);
}

function putBack(text: string, path: readonly PathStep[], raw: string): string {
  const { steps, content } = walk(text, path);
  if (steps.length !== path.length || content?.kind !== 'scalar') throw new EditError(text, 0, `${shownPath(path)} is not there as a text`);
  return spliced(text, [{ start: content.start, end: content.end, text: raw }]);
}

function removePath(text: string, path: readonly PathStep[], { keep, glue }: Trace): string {
  let result = text;
  let noLineEnd = false;
  for (let depth = path.length; depth > keep; depth--) {
    const { steps, content } = walk(result, path.slice(0, depth));
    const last = steps.at(-1);
    if (steps.length !== depth || last === undefined) break;
    if (depth < path.length && content?.kind !== 'none') break;
    const own = 'keyStart' in last ? last.keyStart : last.dash;
    if (!/^\s*$/.test(result.slice(last.start, own))) throw new EditError(result, own, `${shownPath(path.slice(0, depth))} begins its list's entry and can't be taken out of it safely`);
    noLineEnd ||= last.end === result.length && !result.endsWith('\n');
    result = spliced(result, [{ start: last.start, end: last.end, text: '' }]);
  }
  if (result === text || glue === '') return result;
  if (!/[[{]/.test(glue)) return noLineEnd && result.endsWith(glue) ? result.slice(0, -glue.length) : result;
  const { steps, content } = walk(result, path.slice(0, keep));
  const last = steps.at(-1);
  if (last === undefined || content?.kind !== 'none') return result;
  const at = 'dash' in last ? last.dash + 1 : last.colonEnd;
  const restored = spliced(result, [{ start: at, end: at, text: glue }]);
  return noLineEnd && /\r?\n$/.test(restored) ? restored.replace(/\r?\n$/, '') : restored;
}

export const yamlEditor: Editor = { readPath, tracePath, setPath, putBack, removePath };
