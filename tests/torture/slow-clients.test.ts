// The short form of a part of `npm run torture`: some of its shapes, with two dozen clients instead of five hundred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowPart } from './slow-clients.ts';

for (const what of ['slow readers of events', 'slow writers within the hold', 'slow writers beyond the hold, to an upstream that does not read']) {
  test(`${what} cost what may be held for them and no more`, async (t) => {
    const { faults, lost, leaked, notes } = await slowPart(what)(t, { clients: 24 });
    t.diagnostic(String(notes));
    assert.equal(faults.join('\n'), '');
    assert.equal(lost + leaked, 0);
  });
}
