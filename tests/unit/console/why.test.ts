import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_REASONS } from '../../../src/console/command-reasons.ts';
import { whyOf } from '../../../src/console/why.ts';
import { RULES } from '../../../src/detect/rules/index.ts';
import { COMMAND_RULES } from '../../../src/guards/command/rules/index.ts';
import { GUARD_TOPICS } from '../../../src/guards/rule-topics.ts';
import { TOPICS } from '../../../src/guards/policy.ts';

test('every rule has a sentence, and each rule of commands one of its own', () => {
  const unknown = 'A rule of this gateway found it.';
  for (const rule of [...RULES.map(({ id }) => id), ...GUARD_TOPICS.keys(), 'known', 'too-long-to-judge', 'too-many-programs']) {
    const why = whyOf(rule, 'nothing');
    assert.match(why, /^[A-Z].*\.$/, rule);
    assert.notEqual(why, unknown, rule);
  }
  assert.equal(whyOf('nothing', 'nothing'), unknown);
  const judged = [...COMMAND_RULES.map(({ id }) => id), 'too-long-to-judge', 'too-many-programs'];
  assert.deepEqual(Object.keys(COMMAND_REASONS).sort(), judged.sort());
  assert.equal(new Set(Object.values(COMMAND_REASONS)).size, judged.length);
});

test('a rule of the user\'s own is explained by its topic', () => {
  for (const topic of TOPICS) assert.match(whyOf('acme-key', topic), /^Found by a rule for .*\.$/);
});
