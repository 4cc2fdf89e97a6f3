import assert from 'node:assert/strict';
import { it } from 'node:test';
import { classesAt } from '../../../src/detect/classes.ts';

it('redacts more at each higher level, and credentials and listed values at all', () => {
  assert.deepEqual([...classesAt('low')].sort(), ['credential', 'exact']);
  assert.deepEqual([...classesAt('medium')].sort(), ['credential', 'exact', 'payment']);
  assert.deepEqual([...classesAt('high')].sort(), ['credential', 'exact', 'payment', 'personal']);
});
