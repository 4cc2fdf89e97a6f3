import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExchangeNotes } from '../../../src/observe/notes.ts';

const finding = (rule: string, action = 'redact') => ({ rule, kind: 'k', action, place: 'p' });

test('the same finding again is counted, another is kept apart, and the first of so many', () => {
  const notes = new ExchangeNotes();
  assert.deepEqual(notes.findings, []);
  const told = (): string => notes.findings.map(({ rule, count }) => `${rule}${count}`).join();
  for (const [key, expected] of [['a', 'a1'], ['a', 'a2'], ['b', 'a2,b1'], ['a', 'a3,b1'], ['b', 'a3,b2'], ['c', 'a3,b2,c1']] as const) {
    notes.note(key, finding(key, key === 'c' ? 'flag' : 'redact'), 'credential', 'request', 'a value that is long');
    assert.equal(told(), expected);
  }
  assert.deepEqual([notes.count, notes.redactions], [6, 5]);
  assert.deepEqual(notes.findings[2], { rule: 'c', kind: 'k', topic: 'credential', action: 'flag', place: 'p', direction: 'request', shape: 'a·…ng (20)', count: 1 });
  for (let i = 0; i < 200; i++) notes.note(`more ${i}`, finding('x'), 'credential', 'response', 'v');
  assert.equal(notes.findings.length, 100);
  assert.equal(notes.count, 206);
});
