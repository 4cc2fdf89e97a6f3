import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WORD } from '../../../../src/guards/injection/lexicon.ts';
import type { SignalRule } from '../../../../src/guards/injection/signal-rule.ts';
import { createSignalFinder } from '../../../../src/guards/injection/signal.ts';
import { createWordFinder, standsNear } from '../../../../src/guards/injection/words.ts';

const rule = (id: string, first: readonly string[], more: Partial<SignalRule> = {}): SignalRule => ({ id, kind: 'act', weight: 1, first, then: '', matches: [], ignores: [], ...more });

describe('the words of a text', () => {
  it('are found with their classes and places', () => {
    const words = createWordFinder([], () => true).read('the agent, a password; 助手');
    const found = Array.from({ length: words.count }, (_, i) => [words.bits[i], words.starts[i], words.ends[i]]);
    assert.ok(found.some(([bits, start, end]) => ((bits ?? 0) & WORD.machine) !== 0 && start === 4 && end === 9));
    assert.ok(found.some(([bits, start]) => ((bits ?? 0) & WORD.secret) !== 0 && start === 13));
    assert.ok(found.some(([bits, start]) => ((bits ?? 0) & WORD.foreign) !== 0 && start === 23));
  });

  it('are whole words', () => {
    assert.equal(createWordFinder([], () => true).read('reagent agentic').classes & WORD.machine, 0);
  });

  it('tell which classes stand near', () => {
    const words = createWordFinder([], () => true).read(`go ${'x '.repeat(300)}password`);
    assert.equal(standsNear(words, WORD.secret, 0), false);
    assert.equal(standsNear(words, WORD.secret, 500), true);
    assert.equal(standsNear(words, WORD.machine, 500), false);
  });

  it('may be more than fit at first, and fewer again', () => {
    const finder = createWordFinder([rule('a', ['send'])], () => true);
    assert.equal(finder.read('send the token '.repeat(3000)).headCount, 3000);
    assert.equal(finder.read('send').headCount, 1);
  });
});

describe('rules', () => {
  const ids = (rules: readonly SignalRule[], text: string): string[] => createSignalFinder(rules).find(text).map((signal) => signal.rule.id);

  it('are tried only where the next word is theirs', () => {
    const rules = [rule('one', ['to the', 'to a']), rule('two', ["don't"]), rule('three', ['[inst', '# x'])];
    assert.deepEqual(ids(rules, "to the sea, to  a hill, to sea, don't, don, [inst] # x #x"), ['one', 'one', 'two', 'three', 'three']);
  });

  it('are tried only where a class they need stands near', () => {
    const rules = [rule('one', ['send'], { needs: WORD.secret, then: '[^.]{0,300}password' })];
    assert.deepEqual(ids(rules, 'send the password'), ['one']);
    assert.deepEqual(ids(rules, 'send the letter'), []);
  });

  it('that begin with a row of signs are tried at its end', () => {
    assert.deepEqual(ids([rule('one', ['--- end'])], `${'-'.repeat(50)} end`), ['one']);
  });
});
