import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKnownValues, isKnowable, type KnownValues } from '../../../src/redaction/known-values.ts';

function found(known: KnownValues, text: string): string[] {
  const bytes = Buffer.from(text);
  const hits: string[] = [];
  known.find(bytes, 0, bytes.length, (start, end, kind) => hits.push(`${kind}:${bytes.toString('utf8', start, end)}`));
  return hits;
}

test('a value is found whatever stands around it', () => {
  const known = createKnownValues();
  known.add('hunter2Xq9', 'password');
  assert.deepEqual(found(known, 'hunter2Xq9'), ['password:hunter2Xq9']);
  assert.deepEqual(found(known, 'xxhunter2Xq9yyhunter2Xq9'), ['password:hunter2Xq9', 'password:hunter2Xq9']);
  assert.deepEqual(found(known, '你的hunter2Xq9很弱'), ['password:hunter2Xq9']);
  assert.deepEqual(found(known, 'hunter2Xq'), []);
});

test('a value is found in every escaping that JSON in JSON gives it', () => {
  const value = 'line1 "q"\n/ü\\x';
  const known = createKnownValues();
  known.add(value, 'k');
  let text = value;
  for (let depth = 1; depth <= 3; depth++) {
    text = JSON.stringify(text).slice(1, -1);
    assert.equal(found(known, `<${text}>`).length, 1, `depth ${depth}`);
  }
  assert.equal(found(known, 'line1 \\"q\\"\\n/\\u00fc\\\\x').length, 1, 'beyond ASCII escaped');
  assert.equal(found(known, 'line1 \\"q\\"\\n/\\u00FC\\\\x').length, 1, 'in capitals');
});

test('an escape is not taken for part of a value that ends or begins as it is written', () => {
  const known = createKnownValues();
  known.add('secret-99\\', 'k');
  assert.deepEqual(found(known, 'a secret-99\\" b'), [], 'the quote after it has its backslash still');
  assert.deepEqual(found(known, 'a secret-99\\\\\\" b'), ['k:secret-99\\\\']);
});

test('the longest of several values at one place is taken', () => {
  const known = createKnownValues();
  known.add('abcdefgh1', 'short');
  known.add('abcdefgh1-and-more', 'long');
  assert.deepEqual(found(known, 'abcdefgh1-and-more abcdefgh1-an'), ['long:abcdefgh1-and-more', 'short:abcdefgh1']);
});

test('values that overlap are both told, one within another is not', () => {
  const known = createKnownValues();
  known.add('first-half-of-it', 'one');
  known.add('of-it-and-more-x', 'two');
  known.add('half-of-it', 'inner');
  assert.deepEqual(found(known, '<first-half-of-it-and-more-x>'), ['one:first-half-of-it', 'two:of-it-and-more-x']);
});

test('short and plain values are not looked for without their context', () => {
  for (const value of ['short1', 'password', 'Password', 'PRODUCTION', '12345678', 'aaaaaaaaaa', 'abababab']) {
    assert.ok(!isKnowable(value), value);
    assert.ok(!createKnownValues().add(value, 'k'), value);
  }
  for (const value of ['hunter2Xq9', '4539148803436467', 'correct horse battery', 'lowercaseonlybutquitelong']) assert.ok(isKnowable(value), value);
});

test('twenty thousand values are each found, and nothing else', () => {
  const known = createKnownValues();
  const value = (i: number): string => `sk-${(i * 7919).toString(36).padStart(8, 'q')}-${i}x`;
  for (let i = 0; i < 20_000; i++) assert.ok(known.add(value(i), 'k'));
  for (let i = 0; i < 20_000; i += 997) assert.equal(found(known, `a ${value(i)} b`).length, 1);
  assert.deepEqual(found(known, 'sk-nothing-of-the-kind and ordinary text, sk-'), []);
});

test('values are found at both ends, of every length, whichever came first and after others went', () => {
  const lengths = [8, 9, 11, 12, 15, 16, 17, 24, 40, 200];
  const value = (length: number, salt: string): string => Array.from({ length }, (_, i) => 'k7Zq2mX9dw4tp'.charAt((i * 5 + salt.charCodeAt(0) + i * i) % 13)).join('');
  for (const order of [lengths, [...lengths].reverse()]) {
    const known = createKnownValues();
    for (const length of order) assert.ok(known.add(value(length, 'a'), `k${length}`));
    for (const length of lengths) assert.deepEqual(found(known, value(length, 'a')), [`k${length}:${value(length, 'a')}`], `${length}`);
    for (let i = 0; i < 5000; i++) known.add(`filler-${i * 7919}-x`, 'filler');
    for (let i = 0; i < 5000; i++) known.delete(`filler-${i * 7919}-x`);
    for (const length of lengths) assert.equal(found(known, `.${value(length, 'a')}.`).length, 1, `${length}`);
    assert.deepEqual(found(known, 'filler-7919-x'), []);
    for (const length of lengths) known.delete(value(length, 'a'));
    assert.equal(known.size, 0);
    assert.deepEqual(found(known, value(200, 'a')), []);
  }
});

test('only what lies whole in the range is found', () => {
  const known = createKnownValues();
  known.add('hunter2Xq9-and-more', 'k');
  const bytes = Buffer.from('..hunter2Xq9-and-more..');
  for (const [start, end, count] of [[0, 23, 1], [2, 21, 1], [3, 23, 0], [0, 20, 0]] as const) {
    let seen = 0;
    known.find(bytes, start, end, () => void seen++);
    assert.equal(seen, count, `${start} to ${end}`);
  }
});
