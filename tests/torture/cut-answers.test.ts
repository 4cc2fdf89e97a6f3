// Short forms of a part of `npm run torture`: closing and resetting after every third byte, falling silent after every tenth.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCutAnswers } from './cut-answers.ts';

for (const plan of [
  { endings: ['closes', 'resets'], step: 3, bytewise: false },
  { endings: ['falls silent'], step: 10, bytewise: false },
]) {
  test(`an upstream that ${plan.endings.join(' or ')} in the middle of its answer is told as an error or shows as a break`, async (t) => {
    const { tried, leaked, faults, notes } = await runCutAnswers(t, plan);
    t.diagnostic(`${tried} cases: ${String(notes)}`);
    assert.equal(faults.join('\n'), '');
    assert.equal(leaked, 0);
  });
}
