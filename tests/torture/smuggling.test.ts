// The short form of `npm run torture`'s first part: each case once in each mode, whole and byte by byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../support/random.ts';
import { runSmuggling } from './smuggling.ts';

test('no request that smuggles another is run, and those that only look odd go up as what they are', async (t) => {
  const { random, seed } = seededRandom();
  t.diagnostic(`SEED=${seed}`);
  const { tried, leaked, faults } = await runSmuggling(t, { deliveries: ['whole', 'byte by byte'], rounds: 1, random });
  t.diagnostic(`${tried} cases`);
  assert.equal(faults.join('\n'), '');
  assert.equal(leaked, 0);
});
