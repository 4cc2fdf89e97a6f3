// The short form of a part of `npm run torture`: every spelling of a host, in two of URLs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAddresses } from './addresses.ts';

test('an address that no upstream may have is refused in every spelling, and local ones are taken', async (t) => {
  const { tried, leaked, faults } = await runAddresses(t, { everyUrl: false });
  t.diagnostic(`${tried} spellings`);
  assert.equal(faults.join('\n'), '');
  assert.equal(leaked, 0);
});
