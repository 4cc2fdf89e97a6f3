// The short form of a part of `npm run torture`: each case once in each mode, whole and byte by byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../support/random.ts';
import { runHostileAnswers } from './hostile-answers.ts';

test('a hostile answer is told as an error or shows as a break, and spoils no other request', async (t) => {
  const { random } = seededRandom();
  const { tried, lost, leaked, faults } = await runHostileAnswers(t, { deliveries: ['whole', 'byte by byte'], random });
  t.diagnostic(`${tried} cases`);
  assert.equal(faults.join('\n'), '');
  assert.equal(lost + leaked, 0);
});
