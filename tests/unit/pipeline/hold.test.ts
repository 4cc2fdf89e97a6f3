import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hold } from '../../../src/pipeline/hold.ts';

test('it gathers up to its limit and tells once that it is over', () => {
  const hold = new Hold(4);
  const [a, b, c] = [Buffer.from('ab'), Buffer.from('cd'), Buffer.from('e')];
  assert.ok(hold.add(a) && hold.add(b));
  assert.ok(!hold.overflowed);
  assert.ok(!hold.add(c));
  assert.ok(hold.overflowed);
  assert.deepEqual(hold.chunks, [a, b, c]);
  assert.equal(hold.bytes, 5);
});

test('what is let go is no longer kept', () => {
  const hold = new Hold(4);
  hold.add(Buffer.from('ab'));
  assert.equal(Buffer.concat(hold.release()).toString(), 'ab');
  assert.equal(hold.chunks.length, 0);
  assert.equal(hold.release().length, 0);
});

test('a limit of nothing holds nothing but emptiness', () => {
  const hold = new Hold(0);
  assert.ok(hold.add(Buffer.alloc(0)));
  assert.ok(!hold.add(Buffer.from('a')));
});
