/** What holds for every rule: its examples, and its name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeCommand } from '../../../../src/guards/command/judge.ts';
import { COMMAND_RULES } from '../../../../src/guards/command/rules/index.ts';
import { exampleOf } from './example.ts';

function rulesFound(text: string): string[] {
  const { command, shell } = exampleOf(text);
  return judgeCommand(command, shell).map((finding) => finding.rule);
}

describe('the list of command rules', () => {
  it('names every rule once, in kebab-case', () => {
    const ids = COMMAND_RULES.map((rule) => rule.id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
    assert.deepEqual(ids.filter((id) => !/^[a-z]+(?:-[a-z]+)*$/.test(id)), []);
  });

  for (const rule of COMMAND_RULES) {
    it(`${rule.id} finds what it must`, () => {
      assert.ok(rule.matches.length > 0);
      for (const example of rule.matches) assert.ok(rulesFound(example).includes(rule.id), example);
    });
    it(`${rule.id} leaves its near misses alone`, () => {
      assert.ok(rule.ignores.length > 0);
      for (const example of rule.ignores) assert.ok(!rulesFound(example).includes(rule.id), example);
    });
  }
});
