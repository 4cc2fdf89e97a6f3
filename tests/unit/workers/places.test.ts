import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaces, createSharedPlaces } from '../../../src/workers/places.ts';

test('there are so many places of a kind, and one that is given back is free again', () => {
  const places = createPlaces();
  assert.deepEqual([1, 2, 3].map(() => places.take('a', 2)), [true, true, false]);
  assert.equal(places.take('b', 1), true, 'each kind has its own');
  places.give('a');
  assert.deepEqual([1, 2].map(() => places.take('a', 2)), [true, false]);
});

test('holders share the places, and what one holds is given back when it is gone', () => {
  const places = createSharedPlaces();
  assert.deepEqual([1, 1, 2].map((holder) => places.take(holder, 'a', 3)), [true, true, true]);
  assert.equal(places.take(2, 'a', 3), false);
  places.give(2, 'a');
  places.give(2, 'a');
  assert.equal(places.take(3, 'a', 3), true, 'one was given back, though it was told twice');
  assert.equal(places.take(3, 'a', 3), false);
  places.giveAll(1);
  places.giveAll(1);
  assert.deepEqual([3, 3, 3].map((holder) => places.take(holder, 'a', 3)), [true, true, false]);
  places.give(1, 'a');
  assert.equal(places.take(3, 'a', 3), false, 'who has nothing gives nothing');
});
