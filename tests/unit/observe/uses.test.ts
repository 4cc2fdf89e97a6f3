import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUses, sumUses } from '../../../src/observe/uses.ts';

test('requests and findings are counted by token, and those of several processes add up', () => {
  let now = 5;
  const one = createUses(() => now);
  one.began('a');
  one.found('a', 3);
  now = 9;
  one.began('a');
  one.began('b');
  assert.deepEqual(one.all(), { a: { requests: 2, findings: 3, lastUsedMs: 9 }, b: { requests: 1, findings: 0, lastUsedMs: 9 } });
  const other = createUses(() => 7);
  other.began('a');
  assert.deepEqual(sumUses([one.all(), other.all(), {}]), { a: { requests: 3, findings: 3, lastUsedMs: 9 }, b: { requests: 1, findings: 0, lastUsedMs: 9 } });
});

test('of tokens without end a bounded number is counted', () => {
  const uses = createUses();
  for (let i = 0; i < 10_050; i++) uses.began(`token ${i}`);
  assert.equal(Object.keys(uses.all()).length, 10_000);
});
