/** Sets and removes single values in JSON, JSONC and JSON5 by splicing. */
import type { PathStep, Value } from '../client.ts';
import { bodyStart, EditError, indentAt, lineEnding, shownPath, spliced, type Editor, type Found, type Splice, type Trace } from './document.ts';
import { commentEnd, parseJson, type JsonDialect, type JsonMember, type JsonNode } from './json-tree.ts';

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;

/** Where a path leads: the deepest object on it, how many steps that took, and the member of the next step. */
interface Walk {
  readonly root: ObjectNode;
  readonly objects: readonly ObjectNode[];
  readonly member: JsonMember | undefined;
}

const DEFAULT_UNIT = '  ';

function keys(text: string, path: readonly PathStep[]): readonly string[] {
  return path.map((step) => {
    if (typeof step !== 'string') throw new EditError(text, 0, `${shownPath(path)} leads into a list`);
    return step;
  });
}

/** @throws EditError where a step is not an object, or a key stands twice */
function walk(text: string, path: readonly string[], dialect: JsonDialect): Walk | undefined {
  const root = parseJson(text, dialect);
  if (root === undefined) return undefined;
  if (root.kind !== 'object') throw new EditError(text, root.start, 'the document is not an object');
  const objects = [root];
  for (const [depth, key] of path.entries()) {
    const found = (objects[depth] as ObjectNode).members.filter((member) => member.key === key);
    const [member, twice] = found;
    if (twice !== undefined) throw new EditError(text, twice.keyStart, `the key ${JSON.stringify(key)} stands twice`);
    if (member === undefined || depth === path.length - 1) return { root, objects, member };
    if (member.value.kind !== 'object') throw new EditError(text, member.value.start, `${shownPath(path.slice(0, depth + 1))} is not an object`);
    objects.push(member.value);
  }
  return { root, objects, member: undefined };
}

export function readPath(text: string, path: readonly PathStep[], dialect: JsonDialect): Found | undefined {
  const found = walk(text, keys(text, path), dialect);
  if (found?.member === undefined || found.objects.length !== path.length) return undefined;
  const { value } = found.member;
  return { raw: text.slice(value.start, value.end), value: value.kind === 'scalar' ? value.value : undefined };
}

function tracePath(text: string, path: readonly PathStep[], dialect: JsonDialect): Trace {
  const found = walk(text, keys(text, path), dialect);
  if (found === undefined) return { keep: -1, glue: text };
  const last = found.objects.at(-1) as ObjectNode;
  return { keep: found.objects.length - 1, glue: last.members.length === 0 ? text.slice(last.start, last.end) : '' };
}

/** Sets one value. @throws EditError */
export function setPath(text: string, path: readonly PathStep[], value: Value, dialect: JsonDialect): string {
  const steps = keys(text, path);
  const found = walk(text, steps, dialect);
  const style = styleOf(text, found?.root);
  if (found === undefined) {
    const begin = bodyStart(text);
    const blank = /^\s*$/.test(text.slice(begin));
    const lead = blank ? text.slice(0, begin) : text.endsWith('\n') ? text : text + style.eol;
    return `${lead}{${style.eol}${style.unit}${rendered(steps, value, style.unit, false, style)}${style.eol}}${style.eol}`;
  }
  const depth = found.objects.length - 1;
  if (found.member !== undefined) {
    const { value: old } = found.member;
    if (old.kind !== 'scalar') throw new EditError(text, old.start, `${shownPath(path)} holds ${old.kind === 'object' ? 'an object' : 'a list'}`);
    return spliced(text, [{ start: old.start, end: old.end, text: JSON.stringify(value) }]);
  }
  const rest = steps.slice(depth);
  const into = found.objects[depth] as ObjectNode;
  return spliced(text, into.members.length === 0 ? firstMember(text, found, rest, value, style) : furtherMember(text, into, rest, value, style, dialect));
}

interface Style {
  readonly eol: string;
  readonly unit: string;
  readonly colon: string;
}

function styleOf(text: string, root: ObjectNode | undefined): Style {
  const first = root?.members[0];
  const own = first !== undefined && beginsLine(text, first.keyStart) ? indentAt(text, first.keyStart) : '';
  const outer = root === undefined ? '' : indentAt(text, root.start);
  const compact = first !== undefined && text[first.value.start - 1] === ':';
  return { eol: lineEnding(text), unit: own.length > outer.length && own.startsWith(outer) ? own.slice(outer.length) : DEFAULT_UNIT, colon: compact ? ':' : ': ' };
}

function beginsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === ' ' || text[before] === '\t') before--;
  return before < 0 || text[before] === '\n' || text[before] === '\r';
}

/** `"a": {"b": value}` for the steps that are not there yet. */
function rendered(steps: readonly string[], value: Value, indent: string, inline: boolean, style: Style): string {
  const [key = '', ...rest] = steps;
  const name = JSON.stringify(key) + style.colon;
  if (rest.length === 0) return name + JSON.stringify(value);
  if (inline) return `${name}{${rendered(rest, value, '', true, style)}}`;
  const inner = indent + style.unit;
  return `${name}{${style.eol}${inner}${rendered(rest, value, inner, false, style)}${style.eol}${indent}}`;
}

/** An object whose members stand on one line, or one without members that stands in such a one. */
function isInline(text: string, objects: readonly ObjectNode[], depth: number): boolean {
  const object = objects[depth] as ObjectNode;
  const last = object.members.at(-1);
  if (last !== undefined) return !text.slice(object.start, last.keyStart).includes('\n');
  return depth > 0 && !text.slice(object.start, object.end).includes('\n') && isInline(text, objects, depth - 1);
}

function firstMember(text: string, found: Walk, rest: readonly string[], value: Value, style: Style): readonly Splice[] {
  const depth = found.objects.length - 1;
  const object = found.objects[depth] as ObjectNode;
  const [open, close] = [object.start + 1, object.end - 1];
  const inside = text.slice(open, close);
  if (isInline(text, found.objects, depth)) return [{ start: close, end: close, text: rendered(rest, value, '', true, style) }];
  const outer = indentAt(text, object.start);
  const indent = outer + style.unit;
  const member = indent + rendered(rest, value, indent, false, style);
  if (inside.trim() === '') return [{ start: open, end: close, text: style.eol + member + style.eol + outer }];
  // Comments stay before it.
  const behind = open + inside.trimEnd().length;
  return [{ start: behind, end: close, text: style.eol + member + style.eol + outer }];
}

function furtherMember(text: string, object: ObjectNode, rest: readonly string[], value: Value, style: Style, dialect: JsonDialect): readonly Splice[] {
  const last = object.members.at(-1) as JsonMember;
  const inline = !text.slice(object.start, last.keyStart).includes('\n');
  const indent = beginsLine(text, last.keyStart) ? indentAt(text, last.keyStart) : indentAt(text, object.start) + style.unit;
  const gap = inline ? style.colon.slice(1) : style.eol + indent;
  const member = gap + rendered(rest, value, indent, inline, style);
  if (last.comma !== -1) {
    const at = inline ? last.comma + 1 : lineTail(text, last.comma + 1, dialect);
    return [{ start: at, end: at, text: `${member},` }];
  }
  const end = last.value.end;
  const at = inline ? end : lineTail(text, end, dialect);
  return at === end ? [{ start: end, end, text: `,${member}` }] : [{ start: end, end, text: ',' }, { start: at, end: at, text: member }];
}

/** Behind the comments that stand on the same line, which belong to what is before them; `from` itself if there is none. */
function lineTail(text: string, from: number, dialect: JsonDialect): number {
  let tail = from;
  for (let at = from; ; ) {
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (dialect === 'json' || text[at] !== '/') return tail;
    const end = commentEnd(text, at);
    if (text.slice(at, end).includes('\n')) return tail;
    tail = at = end;
  }
}

function putBack(text: string, path: readonly PathStep[], raw: string, dialect: JsonDialect): string {
  const found = walk(text, keys(text, path), dialect);
  if (found?.member === undefined || found.objects.length !== path.length) throw new EditError(text, 0, `${shownPath(path)} is not there`);
  const { start, end } = found.member.value;
  return spliced(text, [{ start, end, text: raw }]);
}

function removePath(text: string, path: readonly PathStep[], { keep, glue }: Trace, dialect: JsonDialect): string {
  const steps = keys(text, path);
  let result = text;
  for (let depth = steps.length; depth > Math.max(keep, 0); depth--) {
    const found = walk(result, steps.slice(0, depth), dialect);
    if (found?.member === undefined || found.objects.length !== depth) break;
    const { value } = found.member;
    if (depth < steps.length && (value.kind !== 'object' || result.slice(value.start + 1, value.end - 1).trim() !== '')) break;
    result = withoutMember(result, found.objects[depth - 1] as ObjectNode, found.member);
  }
  if (keep === -1) return onlyOpens(result, dialect) ? glue : result;
  const left = glue === '' ? undefined : walk(result, steps.slice(0, keep), dialect);
  const container = keep === 0 ? left?.root : left?.member?.value;
  if (container?.kind !== 'object' || container.members.length > 0) return result;
  const now = result.slice(container.start, container.end);
  return squeezed(now) === squeezed(glue) ? spliced(result, [{ start: container.start, end: container.end, text: glue }]) : result;
}

const squeezed = (text: string): string => text.replace(/\s+/g, '');

function onlyOpens(text: string, dialect: JsonDialect): boolean {
  const root = parseJson(text, dialect);
  return root?.kind === 'object' && text.slice(root.start + 1, root.end - 1).trim() === '';
}

function withoutMember(text: string, object: ObjectNode, member: JsonMember): string {
  const index = object.members.indexOf(member);
  const before = object.members[index - 1];
  let start = member.keyStart;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  const ownLine = text[start - 1] === '\n';
  if (ownLine) start -= text[start - 2] === '\r' ? 2 : 1;
  else if (index === 0) start = member.keyStart;
  let end = member.comma === -1 ? member.value.end : member.comma + 1;
  if (!ownLine && index === 0 && member.comma !== -1) while (text[end] === ' ' || text[end] === '\t') end++;
  const splices: Splice[] = [{ start, end, text: '' }];
  // The last one takes the comma before it along, which it needed; not one that the document has at its ends anyway.
  if (member.comma === -1 && before !== undefined) {
    if (before.comma >= start) splices[0] = { start: before.comma, end, text: '' };
    else splices.push({ start: before.comma, end: before.comma + 1, text: '' });
  }
  return spliced(text, splices);
}

/** The editor of one dialect. */
export function jsonEditor(dialect: JsonDialect): Editor {
  return {
    readPath: (text, path) => readPath(text, path, dialect),
    tracePath: (text, path) => tracePath(text, path, dialect),
    setPath: (text, path, value) => setPath(text, path, value, dialect),
    putBack: (text, path, raw) => putBack(text, path, raw, dialect),
    removePath: (text, path, trace) => removePath(text, path, trace, dialect),
  };
}
