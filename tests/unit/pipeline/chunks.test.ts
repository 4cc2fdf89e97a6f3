import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, Joiner, joinSmall } from '../../../src/pipeline/chunks.ts';

const texts = (chunks: readonly Buffer[]): string[] => chunks.map(String);

test('one chunk is handed on without a copy', () => {
  const chunk = Buffer.from('a');
  assert.equal(join([chunk]), chunk);
  assert.equal(joinSmall([chunk])[0], chunk);
  assert.deepEqual(texts([join([chunk, Buffer.from('b')])]), ['ab']);
});

test('small chunks become one, large ones stay as they are', () => {
  assert.deepEqual(texts(joinSmall([Buffer.from('a'), Buffer.from('b'), Buffer.from('c')])), ['abc']);
  const large = [Buffer.alloc(20_000, 1), Buffer.alloc(20_000, 2)];
  assert.equal(joinSmall(large), large);
  assert.deepEqual(joinSmall([]), []);
});

test('neighbours in memory become one again without a copy, whatever their size', () => {
  const whole = Buffer.alloc(60_000, 'x');
  const joiner = new Joiner();
  joiner.add(whole.subarray(0, 20_000));
  joiner.add(whole.subarray(20_000, 20_000));
  joiner.add(whole.subarray(20_000, 60_000));
  const [piece, ...others] = joiner.take();
  assert.equal(others.length, 0);
  assert.equal(piece?.buffer, whole.buffer);
  assert.ok(piece?.equals(whole));
  assert.equal(joiner.take().length, 0);
});

test('what lies apart keeps its order', () => {
  const whole = Buffer.from('abcdef');
  const joiner = new Joiner();
  for (const piece of [whole.subarray(0, 1), Buffer.from('-'), whole.subarray(1, 2), whole.subarray(3, 6), whole.subarray(2, 3)]) joiner.add(piece);
  assert.equal(Buffer.concat([...joiner.take()]).toString(), 'a-bdefc');
});
