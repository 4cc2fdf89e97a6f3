// The short form of a part of `npm run torture`: every fourth byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCutRequests } from './cut-requests.ts';

test('a request that breaks off anywhere is no whole request upstream, and leaves nothing behind', async (t) => {
  const { tried, leaked, faults } = await runCutRequests(t, { step: 4 });
  t.diagnostic(`${tried} cases`);
  assert.equal(faults.join('\n'), '');
  assert.equal(leaked, 0);
});
