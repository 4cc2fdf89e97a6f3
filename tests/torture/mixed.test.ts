// The short form of `npm run torture`'s second part.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../support/random.ts';
import { runMixed } from './mixed.ts';

test('among hostile and abandoned requests every honest client gets its own answers, and nobody else\'s', async (t) => {
  const { random, seed } = seededRandom();
  t.diagnostic(`SEED=${seed}`);
  const { lost, leaked, faults, notes } = await runMixed(t, { clients: 600, random });
  t.diagnostic(String(notes));
  assert.equal(faults.join('\n'), '');
  assert.equal(lost, 0);
  assert.equal(leaked, 0);
});
