import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Paragraphs } from '../../../../src/guards/answer/paragraph.ts';

/** The paragraphs of a text that comes by `size` characters, and what is left. */
function cut(text: string, size: number): string[] {
  const paragraphs = new Paragraphs();
  const found: string[] = [];
  let waiting = '';
  for (let at = 0; at < text.length; at += size) {
    waiting += text.slice(at, at + size);
    const end = paragraphs.end(waiting);
    if (end === 0) continue;
    found.push(waiting.slice(0, end));
    waiting = waiting.slice(end);
    paragraphs.forget(end);
  }
  return [...found, waiting];
}

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['one\ntwo\n\nthree', ['one\ntwo\n\n', 'three']],
  ['one\n \t\r\ntwo\n\n\nthree\n', ['one\n \t\r\n', 'two\n\n', '\n', 'three\n']],
  ['```sh\na\n\nb\n```\nc\n\nd', ['```sh\na\n\nb\n```\n', 'c\n\n', 'd']],
  ['~~~\na\n```\n\n~~\n~~~~ \nb', ['~~~\na\n```\n\n~~\n~~~~ \n', 'b']],
  ['   ````\na\n```\n\n```` x\n````\nb', ['   ````\na\n```\n\n```` x\n````\n', 'b']],
  ['    ```\n\nindented code', ['    ```\n\n', 'indented code']],
  ['```\nnever closed\n\nx', ['```\nnever closed\n\nx']],
];

test('a paragraph ends with a blank line, a fenced block with its fence', () => {
  for (const [text, expected] of CASES) assert.deepEqual(cut(text, 1), expected);
});

test('however the text comes, no paragraph is cut elsewhere', () => {
  for (const [text, expected] of CASES) {
    for (let size = 2; size <= text.length; size++) {
      const ends = new Set(expected.map((_, at) => expected.slice(0, at + 1).join('').length));
      let length = 0;
      for (const piece of cut(text, size)) {
        length += piece.length;
        assert.ok(ends.has(length) || length === text.length, `${JSON.stringify(text)} by ${size}`);
      }
    }
  }
});

test('a long line costs no more than its length', () => {
  const cost = (n: number): number => {
    const text = `${'` '.repeat(n)}\n${' '.repeat(n)}\n\n`;
    const before = process.cpuUsage();
    for (let round = 0; round < 20; round++) new Paragraphs().end(text);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  cost(1000);
  assert.ok(cost(80_000) < cost(20_000) * 14 + 50_000);
});
