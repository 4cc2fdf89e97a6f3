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
  for (let depth = 0; depth <= 3; depth++) {
    assert.equal(found(known, `<${text}>`).length, 1, `depth ${depth}`);
    text = JSON.stringify(text).slice(1, -1);
  }
  assert.equal(found(known, 'line1 \\"q\\"\\n/\\u00fc\\\\x').length, 1, 'beyond ASCII escaped');
  assert.equal(found(known, 'line1 \\"q\\"\\n\\/ü\\\\x').length, 1, 'slashes escaped');
});

test('the longest of several values at one place is taken', () => {
  const known = createKnownValues();
  known.add('abcdefgh1', 'short');
  known.add('abcdefgh1-and-more', 'long');
  assert.deepEqual(found(known, 'abcdefgh1-and-more abcdefgh1-an'), ['long:abcdefgh1-and-more', 'short:abcdefgh1']);
});

test('a deleted value is found no longer, one with the same beginning still is', () => {
  const known = createKnownValues();
  known.add('abcdefgh1', 'one');
  known.add('abcdefgh2', 'two');
  known.delete('abcdefgh1');
  assert.deepEqual(found(known, 'abcdefgh1 abcdefgh2'), ['two:abcdefgh2']);
  assert.equal(known.size, 1);
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
