import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCopyPlain, createNeedlessEscapes, escapedForms, unescapeContent } from '../../../src/json/escapes.ts';

/** The copy of a text, and for each of its characters what stood for it. */
function copy(text: string): { plain: string; pieces: string[] } {
  const bytes = Buffer.from(text);
  const { bytes: made, offsets } = createCopyPlain()(bytes, 0, bytes.length, bytes.length, 0);
  const pieces = Array.from({ length: made.length }, (_, i) => bytes.toString('utf8', offsets[i], offsets[i + 1]));
  return { plain: made.toString(), pieces };
}

test('escapes that need not be are undone at each level of JSON in JSON', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\\u0041\\u002d', 'A-'],
    ['\\\\u0041', 'A'],
    ['\\\\\\\\u0041', 'A'],
    ['a\\/b\\\\/c', 'a/b/c'],
    ['\\u000a\\u0009', '\\n\\t'],
    ['\\\\u000A', '\\\\n'],
    ['\\u0022\\u005c', '\\"\\\\'],
    ['\\\\u0022', '\\\\\\"'],
    ['plain \\n \\" \\\\ \\u00e9 \\u001b \\u4e16', 'plain \\n \\" \\\\ \\u00e9 \\u001b \\u4e16'],
    ['\\\\\\u0041', '\\\\A'],
    ['end \\', 'end \\'],
    ['end \\u00', 'end \\u00'],
    ['\\u00zz', '\\u00zz'],
  ];
  for (const [raw, plain] of cases) assert.equal(copy(raw).plain, plain, raw);
});

test('each character of the copy leads back to the escape it was', () => {
  assert.deepEqual(copy('a\\u0042c\\/d').pieces, ['a', '\\u0042', 'c', '\\/', 'd']);
  assert.deepEqual(copy('\\\\\\u0042').pieces, ['\\', '\\', '\\u0042']);
});

test('a copy is as long as it must be, however many backslashes there are', () => {
  const long = `${'\\'.repeat(9000)}${'x'.repeat(9000)}${'\\u0022'.repeat(3000)}`;
  assert.equal(copy(long).plain, `${'\\'.repeat(9000)}${'x'.repeat(9000)}${'\\"'.repeat(3000)}`);
});

test('a copy ends so far behind the last escape, and holds what it must', () => {
  const bytes = Buffer.from(`ab\\u4e16cd\\u0041${'x'.repeat(5)}\\/${'y'.repeat(50)}`);
  const copyPlain = createCopyPlain();
  assert.equal(copyPlain(bytes, 0, bytes.length, 10, 8).bytes.toString(), `ab\\u4e16cdAxxxxx/${'y'.repeat(8)}`);
  assert.equal(copyPlain(bytes, 0, bytes.length, 10, 2).bytes.toString(), 'ab\\u4e16cdAxx');
  assert.equal(copyPlain(bytes, 0, bytes.length, 4, 2).bytes.toString(), 'ab\\u4');
  const { bytes: made, offsets } = copyPlain(bytes, 0, bytes.length, 10, 8);
  assert.equal(offsets[made.length], 8 + 2 + 6 + 5 + 2 + 8);
});

test('what the copy holds is what JSON.stringify would have written', () => {
  const text = 'key "a\\b/c"\n\tend';
  const needless = JSON.stringify(text).slice(1, -1).replace(/\\n/g, '\\u000a').replace(/\\"/g, '\\u0022').replaceAll('/', '\\/').replace(/k/g, '\\u006B');
  assert.equal(JSON.parse(`"${needless}"`), text, 'the sample is right');
  assert.equal(copy(needless).plain, JSON.stringify(text).slice(1, -1));
  const content = (of: string): string => JSON.stringify(of).slice(1, -1);
  assert.equal(copy(content(needless)).plain, content(content(text)), 'a level deeper');
  assert.equal(copy(content(content(needless))).plain, content(content(content(text))), 'two levels deeper');
});

test('escapes to undo are told wherever they stand, asked for in any order', () => {
  const bytes = Buffer.from('aa\\u0041bb\\/cc\\u0042');
  const escapes = createNeedlessEscapes();
  assert.deepEqual([0, 2, 3, 10, 11, 15, 0, 5].map((start) => escapes.next(bytes, start)), [2, 2, 10, 10, 14, Infinity, 2, 10]);
  assert.equal(escapes.next(Buffer.from('none'), 0), Infinity);
});

test('a text stands in JSON strings in these ways alone, and never as itself where it needs an escape', () => {
  assert.deepEqual(escapedForms('plain-text_1', 3), ['plain-text_1']);
  assert.deepEqual(escapedForms('a"b', 2), ['a\\"b', 'a\\\\\\"b']);
  assert.deepEqual(escapedForms('ü', 2), ['ü', '\\u00fc', '\\u00FC', '\\\\u00fc', '\\\\u00FC']);
});

test('escapes are taken off as often as asked, and no further than they go', () => {
  const raw = Buffer.from('a\\\\nb');
  assert.equal(unescapeContent(raw, 0, raw.length, 1), 'a\\nb');
  assert.equal(unescapeContent(raw, 0, raw.length, 2), 'a\nb');
  assert.equal(unescapeContent(raw, 0, raw.length, 3), 'a\nb');
  const odd = Buffer.from('C:\\\\dir');
  assert.equal(unescapeContent(odd, 0, odd.length, 2), 'C:\\dir');
});
