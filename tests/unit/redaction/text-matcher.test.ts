import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextMatcher, type Depth } from '../../../src/redaction/text-matcher.ts';

const KNOWN = new Map([
  ['abcdefghijkl', 'ONE'],
  ['mnopqrstuvwx', 'TWO'],
]);

/** The text with what was found replaced by `<value>`, and from where on it is undecided. */
function match(raw: string, depth: Depth = 1): { text: string; pending: number } {
  const bytes = Buffer.from(raw, 'latin1');
  const results = [[bytes], [...bytes].map((byte) => Buffer.of(byte))].map((pieces) => {
    const found: { start: number; end: number; value: string }[] = [];
    const matcher = new TextMatcher({ depth, lookup: (id) => KNOWN.get(id), found: (start, end, _id, value) => found.push({ start, end, value }) });
    let offset = 0;
    for (const piece of pieces) {
      matcher.feed(piece, 0, piece.length, offset);
      offset += piece.length;
    }
    let text = raw;
    for (const { start, end, value } of found.reverse()) text = `${text.slice(0, start)}<${value}>${text.slice(end)}`;
    return { text, pending: matcher.pendingFrom };
  });
  const [whole, single] = results;
  assert.ok(whole !== undefined);
  assert.deepEqual(single, whole, 'one byte at a time');
  return whole;
}

const texts: readonly (readonly [string, string, string])[] = [
  ['stands alone', 'aegis-pw-abcdefghijkl', '<ONE>'],
  ['any case', 'AeGis-PW-ABCDEFGHIJKL', '<ONE>'],
  ['text follows without a gap', 'aegis-pw-abcdefghijklmore-text', '<ONE>more-text'],
  ['text stands before without a gap', '-paegis-pw-abcdefghijkl', '-p<ONE>'],
  ['two in a row', 'aegis-pw-abcdefghijklaegis-x-mnopqrstuvwx', '<ONE><TWO>'],
  ['two joined by a hyphen', 'aegis-pw-abcdefghijkl-aegis-x-mnopqrstuvwx', '<ONE>-<TWO>'],
  ['an unknown one before a known one', 'aegis-pw-zzzzzzzzzzzz-aegis-x-mnopqrstuvwx', 'aegis-pw-zzzzzzzzzzzz-<TWO>'],
  ['the word before it', 'aegis-aegis-pw-abcdefghijkl', 'aegis-<ONE>'],
  ['a false start', 'aaeaegaegiaegisaegis-pw-abcdefghijkl', 'aaeaegaegiaegis<ONE>'],
  ['a kind with twelve letters', 'aegis-organization-key-abcdefghijkl', '<ONE>'],
  ['a kind of forty characters', `aegis-${'k'.repeat(40)}-abcdefghijkl`, '<ONE>'],
  ['a kind too long', `aegis-${'k'.repeat(41)}-abcdefghijkl`, `aegis-${'k'.repeat(41)}-abcdefghijkl`],
  ['a start inside a kind too long', `aegis-${'k'.repeat(30)}-aegis-pw-abcdefghijkl`, `aegis-${'k'.repeat(30)}-<ONE>`],
  ['a start at the limit of a kind', `aegis-${'k'.repeat(50)}aegis-pw-abcdefghijkl`, `aegis-${'k'.repeat(50)}<ONE>`],
  ['no kind', 'aegis-abcdefghijkl', 'aegis-abcdefghijkl'],
  ['an empty kind', 'aegis--abcdefghijkl', 'aegis--abcdefghijkl'],
  ['a character that no placeholder holds', 'aegis-p8-abcdefghijkl', 'aegis-p8-abcdefghijkl'],
  ['an id cut short', 'aegis-pw-abcdefghijk', 'aegis-pw-abcdefghijk'],
  ['a control byte is no hyphen', 'aegis\rpw\rabcdefghijkl', 'aegis\rpw\rabcdefghijkl'],
  ['letters as escapes', '\\u0061egis\\u002dpw-\\u0041bcdefghijk\\u006C', '<ONE>'],
  ['an escape of something else', '\\u0061egis-pw\\u00e9abcdefghijkl', '\\u0061egis-pw\\u00e9abcdefghijkl'],
  ['an escaped backslash before', '\\\\aegis-pw-abcdefghijkl', '\\\\<ONE>'],
  ['an escaped line end before', '\\naegis-pw-abcdefghijkl', '\\n<ONE>'],
  ['an escape cut wrong', '\\u00xaegis-pw-abcdefghijkl', '\\u00x<ONE>'],
];
for (const [name, raw, expected] of texts) {
  test(`a placeholder is found or left: ${name}`, () => assert.equal(match(raw).text, expected));
}

test('escapes of the second level are seen through', () => {
  assert.equal(match('{\\"a\\":\\"\\\\naegis-pw-abcdefghijkl\\"}', 2).text, '{\\"a\\":\\"\\\\n<ONE>\\"}');
  assert.equal(match('\\\\u0061egis-pw-abcdefghijk\\\\u006c', 2).text, '<ONE>');
  assert.equal(match('\\u005cu0061egis-pw-abcdefghijkl', 2).text, '<ONE>');
  assert.equal(match('\\\\\\\\u0061egis-pw-abcdefghijkl', 2).text, '\\\\\\\\u0061egis-pw-abcdefghijkl');
});

test('plain text knows no escapes', () => assert.equal(match('\\naegis-pw-abcdefghijkl', 0).text, '\\n<ONE>'));

test('only what may still become a placeholder is undecided', () => {
  assert.equal(match('plain tex').pending, -1);
  assert.equal(match('this is a').pending, 8);
  assert.equal(match('an Aegis-').pending, 3);
  assert.equal(match('aegis-pw-abcdefghijk').pending, 0);
  assert.equal(match('aegis-pw-abcdefghijkl').pending, -1);
  assert.equal(match('aegis-gate is').pending, -1);
  assert.equal(match(`x aegis-${'k'.repeat(52)}`).pending, 2);
  assert.equal(match(`x aegis-${'k'.repeat(53)}`).pending, -1);
  assert.equal(match(`x aegis-${'k'.repeat(52)}a`).pending, 60);
  assert.equal(match('end \\\\', 2).pending, 4);
  assert.equal(match('end \\\\\\\\', 2).pending, -1);
  assert.equal(match('end \\\\u006', 2).pending, 4);
  assert.equal(match('end \\\\ud8', 2).pending, -1);
  assert.equal(match('end \\u00').pending, 4);
  assert.equal(match('\\u00e9 end \\').pending, 11);
});
