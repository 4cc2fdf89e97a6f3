// The short form of a part of `npm run torture`, which waits for their end as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSlowHeads } from './slow-heads.ts';

test('clients whose heads never end keep nobody from being served', async (t) => {
  const { lost, faults } = await runSlowHeads(t, { clients: 200, waitMs: 0 });
  assert.equal(faults.join('\n'), '');
  assert.equal(lost, 0);
});
