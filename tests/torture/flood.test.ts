// The short forms of parts of `npm run torture`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConnections, runFlood, runRefusals, type FloodPlan } from './flood.ts';

const PLAN: FloodPlan = { flooders: 48, honest: 40, surplus: 60 };

for (const [name, run] of [
  ['a flood of one token and of unknown ones does not starve another', runFlood],
  ['connections beyond the limit are told so, and those within it are served', runConnections],
  ['what will be refused is refused before its body has come', runRefusals],
] as const) {
  test(name, async (t) => {
    const { tried, lost, leaked, faults, notes = [] } = await run(t, PLAN);
    t.diagnostic([`${tried} requests`, ...notes].join('; '));
    assert.equal(faults.join('\n'), '');
    assert.equal(lost + leaked, 0);
  });
}
