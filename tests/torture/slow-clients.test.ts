// The short form of a part of `npm run torture`: two dozen clients at once instead of five hundred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLOW_PARTS } from './slow-clients.ts';

for (const [i, run] of SLOW_PARTS.entries()) {
  test(`slow clients cost what may be held for them and no more (${i + 1} of ${SLOW_PARTS.length})`, async (t) => {
    const { part, faults, lost, leaked, notes } = await run(t, { clients: 24 });
    t.diagnostic(`${part}: ${String(notes)}`);
    assert.equal(faults.join('\n'), '');
    assert.equal(lost + leaked, 0);
  });
}
