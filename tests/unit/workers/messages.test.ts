import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Remembered } from '../../../src/redaction/vault.ts';
import { portions } from '../../../src/workers/messages.ts';

const remembered = (id: number, chars: number): Remembered => ({ token: 't', id: String(id), value: 'v'.repeat(chars), kind: 'k', exact: true });

test('what is remembered is told in portions of a bounded size, all of it and in order', () => {
  const all = Array.from({ length: 5000 }, (_, i) => remembered(i, (i * 37) % 1000));
  const cut = [...portions(all)];
  assert.ok(cut.length > 3);
  assert.deepEqual(cut.flatMap(({ told }) => told), all);
  for (const { told, chars } of cut) {
    assert.ok(chars < 262_144 + 1001);
    assert.equal(chars, told.reduce((sum, { value, token }) => sum + value.length + token.length, 0));
  }
  assert.deepEqual([...portions([])], []);
});

test('one that is larger than a portion goes alone', () => {
  assert.deepEqual([...portions([remembered(1, 1_000_000), remembered(2, 1)])].map(({ told }) => told.length), [1, 1]);
});
