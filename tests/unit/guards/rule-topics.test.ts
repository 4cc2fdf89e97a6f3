import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RULES } from '../../../src/detect/rules/index.ts';
import { TOPICS } from '../../../src/guards/policy.ts';
import { GUARD_TOPICS } from '../../../src/guards/rule-topics.ts';

test('no rule has the name of another, nor of a topic, so that a policy can name each', () => {
  const names = [...RULES.map(({ id }) => id), ...GUARD_TOPICS.keys(), ...TOPICS];
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
});
