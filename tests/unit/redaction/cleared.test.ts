import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClearedTexts } from '../../../src/redaction/cleared.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

test('a text is known by its bytes and by how it was looked at', () => {
  const cleared = createClearedTexts();
  cleared.add(cleared.markOf(bytes('a text'), 'user'));
  assert.ok(cleared.has(cleared.markOf(bytes('a text'), 'user')));
  assert.ok(!cleared.has(cleared.markOf(bytes('a text'), 'untrusted')));
  assert.ok(!cleared.has(cleared.markOf(bytes('a text.'), 'user')));
});

test('a mark holds nothing of the text', () => {
  const cleared = createClearedTexts();
  const mark = cleared.markOf(bytes('somebody\'s words'.repeat(100)), '');
  assert.match(mark, /^[A-Za-z0-9+/]{43}=$/);
});

test('what is in use stays, what is not goes, and there are never more than two generations', () => {
  const cleared = createClearedTexts({ generationEntries: 10 });
  const mark = (i: number): string => cleared.markOf(bytes(`text ${i}`), '');
  cleared.add(mark(0));
  for (let i = 1; i <= 1000; i++) {
    cleared.add(mark(i));
    assert.ok(cleared.has(mark(0)), `after ${i}`);
  }
  const kept = Array.from({ length: 1001 }, (_, i) => i).filter((i) => cleared.has(mark(i)));
  assert.ok(kept.length <= 20 && kept.includes(1000) && !kept.includes(500), kept.join(' '));
});
