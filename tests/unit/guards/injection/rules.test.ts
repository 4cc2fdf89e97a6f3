/** What holds for every sign: its examples, and its shape. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SIGNAL_RULES } from '../../../../src/guards/injection/rules/index.ts';
import { createSignalFinder, patternOf } from '../../../../src/guards/injection/signal.ts';

/** Quantifiers without an upper bound, outside character classes. */
function unboundedQuantifiers(source: string): string[] {
  const bare = source.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 'c').replace(/\(\?<?[=!:]|\(\?<\w+>/g, '(');
  return bare.match(/[*+]|\{\d+,\}/g) ?? [];
}

function matchesSomewhere(pattern: RegExp, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return true;
  }
  return false;
}

describe('the signs', () => {
  it('have ids of their own', () => {
    const ids = SIGNAL_RULES.map((rule) => rule.id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
  });

  for (const rule of SIGNAL_RULES) {
    it(`${rule.id}: is well-formed and keeps to its examples`, () => {
      assert.match(rule.id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      assert.ok(rule.weight > 0 && rule.weight <= 4);
      assert.ok(rule.matches.length > 0 && rule.ignores.length > 0);
      const pattern = patternOf(rule);
      assert.deepEqual(unboundedQuantifiers(pattern.source), []);
      for (const text of rule.matches) assert.ok(matchesSomewhere(pattern, text), `must match: ${text}`);
      for (const text of rule.ignores) assert.ok(!matchesSomewhere(pattern, text), `must not match: ${text}`);
    });
  }

  it('are found by their first words wherever they stand', () => {
    for (const rule of SIGNAL_RULES) {
      const finder = createSignalFinder([rule]);
      for (const text of rule.matches) {
        for (const lead of ['', '. ', '\n']) {
          // A head is a whole word: an example that begins within one is found only by its pattern.
          const found = finder.find(`${lead}${text} `);
          assert.ok(found.length > 0 || !rule.first.some((first) => text.startsWith(first)), `${rule.id}: ${text}`);
        }
      }
    }
  });
});
