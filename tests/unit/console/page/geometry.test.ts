import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bars, roundMax, share, topOf } from '../../../../src/console/page/chart-geometry.ts';
import { rowWindow, scrollToRow } from '../../../../src/console/page/row-window.ts';

describe('a chart', () => {
  test('ends its axis on a round number', () => {
    assert.deepEqual([0, 0.2, 1, 2, 3, 7, 10, 11, 120, 500, 501, Number.NaN].map(roundMax), [1, 1, 1, 2, 5, 10, 10, 20, 200, 500, 1_000, 1]);
  });

  test('has a bar for each value, within its frame', () => {
    const made = bars([0, 5, 10, 20], 10, 400, 100, 2);
    assert.deepEqual(made.map(({ x }) => x), [1, 101, 201, 301]);
    assert.deepEqual(made.map(({ height }) => height), [0, 50, 100, 100]);
    for (const { y, height } of made) assert.equal(y + height, 100);
  });

  test('shows the least value that is not nothing', () => {
    assert.equal(bars([1], 1_000_000, 10, 100)[0]?.height, 1);
    assert.deepEqual(bars([], 1, 10, 10), []);
  });

  test('shares stay between nothing and all', () => {
    assert.deepEqual([share(5, 10), share(20, 10), share(-1, 10), share(1, 0)], [0.5, 1, 0, 0]);
  });

  test('sums up what is beyond the greatest few', () => {
    assert.deepEqual(topOf([['a', 1], ['b', 5], ['c', 0], ['d', 1], ['e', 2]], 3, 'others'), [['b', 5], ['e', 2], ['others', 2]]);
    assert.deepEqual(topOf([['b', 1], ['a', 1]], 2, 'others'), [['a', 1], ['b', 1]]);
  });
});

describe('a window of rows', () => {
  test('never holds more rows than are seen and some beyond', () => {
    for (let scrollTop = 0; scrollTop < 760_000; scrollTop += 997) {
      const { first, end } = rowWindow(scrollTop, 600, 38, 20_000);
      assert.ok(end - first <= 600 / 38 + 2 + 16);
      assert.ok(first * 38 <= scrollTop && end * 38 >= Math.min(scrollTop + 600, 760_000));
    }
  });

  test('of nothing, and past the end, is empty', () => {
    assert.deepEqual(rowWindow(0, 600, 38, 0), { first: 0, end: 0 });
    assert.deepEqual(rowWindow(9_999, 600, 38, 3), { first: 0, end: 3 });
    assert.deepEqual(rowWindow(0, 0, 0, 100), { first: 0, end: 8 });
  });

  test('scrolls no further than a row needs', () => {
    assert.equal(scrollToRow(5, 0, 600, 38), 0);
    assert.equal(scrollToRow(0, 100, 600, 38), 0);
    assert.equal(scrollToRow(20, 0, 600, 38), 20 * 38 + 38 - 600);
  });
});
