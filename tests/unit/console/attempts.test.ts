import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAttempts, WINDOW_MS } from '../../../src/console/attempts.ts';

test('so many failures from one address, then it waits until the first of them is a minute old', () => {
  let now = 0;
  const attempts = createAttempts({ perAddress: 3, inAll: 100 }, () => now);
  for (let i = 0; i < 3; i++) {
    assert.equal(attempts.waitMs('a'), 0);
    attempts.failed('a');
    now += 1000;
  }
  assert.equal(attempts.waitMs('a'), WINDOW_MS - 3000);
  assert.equal(attempts.waitMs('b'), 0, 'others do not wait');
  now = WINDOW_MS - 1;
  assert.ok(attempts.waitMs('a') >= 1);
  now = WINDOW_MS;
  assert.equal(attempts.waitMs('a'), 0);
  attempts.failed('a');
  assert.ok(attempts.waitMs('a') > 0, 'one has become free, and not all');
});

test('so many failures in all, from however many addresses', () => {
  let now = 0;
  const attempts = createAttempts({ perAddress: 3, inAll: 10 }, () => now);
  for (let i = 0; i < 10; i++) attempts.failed(`address ${i}`);
  assert.equal(attempts.waitMs('a new one'), WINDOW_MS);
  now = WINDOW_MS;
  assert.equal(attempts.waitMs('a new one'), 0);
});
