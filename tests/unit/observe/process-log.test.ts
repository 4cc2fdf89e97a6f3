import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeLines } from '../../../src/observe/process-log.ts';

/** What a sink is given, piece by piece. */
function pieces(text: string): { now: string[]; later: string[]; done: number } {
  const now: string[] = [];
  const later: string[] = [];
  let done = 0;
  const sink = wholeLines({
    write(piece, told) {
      later.push(piece);
      told();
    },
    writeNow: (piece) => void now.push(piece),
  });
  sink.write(text, () => done++);
  sink.writeNow(text);
  return { now, later, done };
}

test('lines go in pieces that a pipe takes whole, in order and with nothing left out', () => {
  const text = Array.from({ length: 500 }, (_, i) => `line ${i} ${'ä'.repeat(i % 90)}\n`).join('');
  const { now, later, done } = pieces(text);
  assert.equal(later.join(''), text);
  assert.deepEqual(now, later);
  assert.equal(done, 1);
  assert.ok(later.length > 5);
  for (const piece of later) {
    assert.ok(Buffer.byteLength(piece) <= 4096);
    assert.ok(piece.endsWith('\n'));
  }
});

test('a line that is too long for it goes alone, and not in two', () => {
  const long = `${'x'.repeat(5000)}\n`;
  assert.deepEqual(pieces(`a\n${long}b\n`).later, ['a\n', long, 'b\n']);
});
