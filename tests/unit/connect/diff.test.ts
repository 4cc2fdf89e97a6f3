import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from '../../../src/connect/diff.ts';

test('only lines that differ are shown, each region with its line', () => {
  assert.deepEqual(diffLines('a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n'), ['@@ line 2', '-b', '+B', '@@ line 5', '+e']);
  assert.deepEqual(diffLines('a\n', 'a\n'), []);
  assert.deepEqual(diffLines('', 'a\nb\n'), ['@@ line 1', '+a', '+b']);
  assert.deepEqual(diffLines('\ufeffa\r\nb\r\n', '\ufeffa\r\n'), ['@@ line 2', '-b']);
});

test('what stands beside a change is never shown, for it may be a key', () => {
  const key = 'invented-key';
  for (const [before, after] of [
    [`{"env":{"KEY":"${key}"}}`, `{"env":{"KEY":"${key}","BASE":"http://x"}}`],
    [`{"env":{"KEY":"${key}","BASE":"http://old"}}`, `{"env":{"KEY":"${key}","BASE":"http://x"}}`],
    [`{"env":{"BASE":"http://old","KEY":"${key}"}}`, `{"env":{"BASE":"http://x","KEY":"${key}"}}`],
    [`{\n  "KEY": "${key}"\n}\n`, `{\n  "KEY": "${key}",\n  "BASE": "http://x"\n}\n`],
    [`{\n  "KEY": "${key}" // note\n}\n`, `{\n  "KEY": "${key}", // note\n  "BASE": "http://x"\n}\n`],
    [`{\n  "BASE": "http://x",\n  "KEY": "${key}"\n}\n`, `{\n  "BASE": "http://x"\n}\n`.replace('"http://x"', `"http://y",\n  "KEY": "${key}"`)],
    [`KEY=${key}`, `KEY=${key}\nBASE="http://x"\n`],
  ] as const) {
    const shown = diffLines(before, after).join('\n');
    assert.ok(!shown.includes(key), shown);
    assert.match(shown, /http:\/\/[xy]/);
  }
});

test('a user and password in an old address are not shown', () => {
  assert.deepEqual(diffLines('url = "https://me:invented@host/v1"\n', 'url = "http://x"\n'), ['@@ line 1', '-url = "https://…@host/v1"', '+url = "http://x"']);
});

test('a large file costs no more than its lines', () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`);
  const after = [...lines];
  after[100] = 'new';
  after[49_900] = 'new';
  assert.equal(diffLines(lines.join('\n'), after.join('\n')).filter((line) => line.startsWith('@@')).length, 1);
});
