// Readers of JSON: the request's scanner against JSON.parse, and the readers of events and answers against it as well.
import assert from 'node:assert/strict';
import { KEY_MAX_BYTES } from '../../../src/json/key-names.ts';
import { JsonScanner, JsonSyntaxError } from '../../../src/json/scanner.ts';
import { readEvent } from '../../../src/wire/event-document.ts';
import { readTree, type JsonNode } from '../../../src/wire/tool-call-tree.ts';
import { orDeclared, type Dice, type FuzzTarget } from '../target.ts';
import { cutsOf, mutated, requestOf, valueOf, written } from '../texts.ts';

/** Several values in a row, as the scanner takes them, each as JSON.parse reads it; undefined where that refuses one. */
export function parsedRow(bytes: Buffer): unknown[] | undefined {
  let text = bytes.toString('utf8');
  if (text.startsWith('\ufeff')) text = text.slice(1);
  const values: unknown[] = [];
  for (let at = 0; ; ) {
    while (at < text.length && /[ \t\r\n\u001e]/.test(text.charAt(at))) at++;
    if (at >= text.length) return values;
    const end = endOfValue(text, at);
    try {
      values.push(JSON.parse(text.slice(at, end)));
    } catch {
      return undefined;
    }
    at = end;
  }
}

function endOfValue(text: string, start: number): number {
  const literal = /^(?:true|false|null)/.exec(text.slice(start, start + 5));
  if (literal !== null) return start + literal[0].length;
  const first = text.charAt(start);
  if (!/["{[]/.test(first)) {
    const rest = /^[^ \t\r\n{["]+/.exec(text.slice(start));
    return start + (rest?.[0].length ?? 1);
  }
  let levels = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) if (text.charAt(at) === '\\') at++;
    } else if (char === '{' || char === '[') {
      levels++;
    } else if (char === '}' || char === ']') {
      levels--;
    }
    if (levels === 0) return at + 1;
  }
  return text.length;
}

const keyOf = (key: string): string => JSON.stringify(['key', key]);

/** A longer key may be told as none: it is nobody's field name. Escaped it is six times as long at most. */
const KEY_MOST_CHARS = KEY_MAX_BYTES / 6;

function valueAt(keys: readonly (string | undefined)[], text: string): string {
  return JSON.stringify(['value', text, ...keys.map((key) => (key === undefined || key.length > KEY_MOST_CHARS ? '?' : key))]);
}

/** The strings of a text with the keys that lead to them, as the scanner tells them. */
function scanned(chunks: readonly Buffer[]): string[] {
  const strings: string[] = [];
  let content: Buffer[] = [];
  const scanner = new JsonScanner({
    content(bytes, start, end, last, isKey) {
      content.push(Buffer.from(bytes.subarray(start, end)));
      if (!last) return;
      const text = JSON.parse(`"${Buffer.concat(content).toString('utf8')}"`) as string;
      content = [];
      const keys = Array.from({ length: scanner.path.depth }, (_, up) => scanner.path.at(up)).reverse();
      strings.push(isKey ? keyOf(text) : valueAt(keys, text));
    },
  });
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return strings;
}

function walked(value: unknown, keys: readonly string[], out: string[]): void {
  if (typeof value === 'string') out.push(valueAt(keys, value));
  else if (Array.isArray(value)) for (const item of value) walked(item, keys, out);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      out.push(keyOf(key));
      walked(inner, [...keys, key], out);
    }
  }
}

/** A JSON text, a row of them, or one that was damaged. */
function inputOf(dice: Dice): Buffer {
  const one = (): string => written(dice, dice.chance(0.5) ? requestOf(dice) : valueOf(dice));
  const text = dice.chance(0.2) ? dice.join(['\n', ' ', '', '\u001e', '\r\n'], 1, 1) + one() + dice.pick(['\n', '', ' ', ',']) + one() : one();
  const bytes = Buffer.from(`${dice.chance(0.05) ? '\ufeff' : ''}${text}`);
  return dice.chance(0.5) ? mutated(dice, bytes) : bytes;
}

const scanner: FuzzTarget = {
  name: 'json-scanner',
  run(dice) {
    const bytes = inputOf(dice);
    const expected = parsedRow(bytes);
    const strings = orDeclared(() => scanned([bytes]), JsonSyntaxError);
    assert.equal(strings !== undefined, expected !== undefined, 'it accepts what JSON.parse accepts, and nothing else');
    assert.deepEqual(orDeclared(() => scanned(cutsOf(dice, bytes)), JsonSyntaxError), strings, 'the cut changes nothing');
    if (strings === undefined || expected === undefined) return;
    const wanted: string[] = [];
    for (const value of expected) walked(value, [], wanted);
    const left = new Map<string, number>();
    for (const string of strings) left.set(string, (left.get(string) ?? 0) + 1);
    for (const string of wanted) {
      const count = left.get(string) ?? 0;
      // A key that comes twice is told twice; JSON.parse keeps the last alone.
      assert.ok(count > 0, `${string} was not told`);
      left.set(string, count - 1);
    }
    if (strings.length === wanted.length) assert.ok([...left.values()].every((count) => count === 0));
  },
};

function plain(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
  if (node.kind === 'array') return node.items.map(plain);
  return node.kind === 'string' ? node.text : (JSON.parse(node.raw) as unknown);
}

const trees: FuzzTarget = {
  name: 'json-trees',
  run(dice) {
    const bytes = inputOf(dice);
    const tree = readTree(bytes, 0, bytes.length);
    const event = readEvent(bytes, [{ start: 0, end: bytes.length }]);
    for (const leaf of event?.leaves ?? []) assert.ok(leaf.start >= 0 && leaf.start <= leaf.end && leaf.end <= bytes.length, 'a leaf lies within');
    if (tree !== undefined) assert.ok(tree.root.start >= 0 && tree.end <= bytes.length);
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch {
      return;
    }
    assert.ok(tree?.isWhole === true, 'what JSON.parse reads is whole');
    assert.deepEqual(plain(tree.root), value);
    const wanted: string[] = [];
    walked(value, [], wanted);
    const told = new Set((event?.leaves ?? []).filter(({ kind }) => kind === 'string').map((leaf) => JSON.parse(`"${bytes.toString('utf8', leaf.start, leaf.end)}"`) as string));
    for (const [kind, text = ''] of wanted.map((string) => JSON.parse(string) as string[])) if (kind === 'value') assert.ok(told.has(text), text);
  },
};

export const JSON_TARGETS: readonly FuzzTarget[] = [scanner, trees];
