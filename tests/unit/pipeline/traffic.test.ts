import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Traffic } from '../../../src/pipeline/traffic.ts';

test('bytes are counted for each way', () => {
  const traffic = new Traffic();
  traffic.up(3);
  traffic.up(4);
  traffic.down(5);
  assert.deepEqual([traffic.requestBytes, traffic.responseBytes], [7, 5]);
});

test('silence is counted from the first asking that finds it, and ends with whatever moves', () => {
  const traffic = new Traffic();
  assert.equal(traffic.idleMs(1000), 0, 'the beginning is no silence');
  assert.equal(traffic.idleMs(1400), 400);
  for (const move of [() => traffic.up(1), () => traffic.down(1), () => traffic.moved()]) {
    move();
    assert.equal(traffic.idleMs(2000), 0);
    assert.equal(traffic.idleMs(2300), 300);
  }
});
