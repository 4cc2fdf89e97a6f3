import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnlyPiece } from '../../../../src/guards/answer/answer-line.ts';
import { shareShape, textShape } from '../../../../src/guards/answer/text-shape.ts';

/** A frame that says a text in a block, and where the text stands in it. */
function frameOf(text: string, index: number, id = 'a1', key = `${index}`): { frame: Buffer; only: OnlyPiece } {
  const frame = Buffer.from(`data: ${JSON.stringify({ id, type: 'content_block_delta', index, delta: { type: 'text_delta', text } })}\n\n`);
  const start = frame.indexOf(`"text":"${text}"`) + '"text":"'.length;
  return { frame, only: { key, start, end: start + text.length } };
}

test('a shape is met again with another text and another id, and in no other block', () => {
  const { frame, only } = frameOf('one', 0);
  const shape = textShape(frame, only);
  assert.ok(shape !== undefined);
  const other = frameOf('another text', 0, 'b22');
  assert.deepEqual(shape.match(other.frame.toString('latin1'), 0), { ...other.only, next: other.frame.length });
  assert.equal(shape.match(frameOf('one', 1).frame.toString('latin1'), 0), undefined);
});

test('a shape that is shared serves other streams, but not another text\'s key or place', () => {
  const { frame, only } = frameOf('one', 7);
  const shape = textShape(frame, only);
  assert.ok(shape !== undefined);
  const same = frameOf('two', 7);
  assert.notEqual(textShape(same.frame, same.only), shape, 'not before it is shared');
  shareShape(shape);
  assert.equal(textShape(same.frame, same.only), shape);
  const keyed = frameOf('two', 7, 'a1', 'other');
  assert.notEqual(textShape(keyed.frame, keyed.only), shape);
  const placed = frameOf('two', 8);
  assert.notEqual(textShape(placed.frame, placed.only), shape);
});

test('of the shared shapes a bounded number is kept', () => {
  const shapes = Array.from({ length: 40 }, (_, i) => {
    const { frame, only } = frameOf('text', 100 + i);
    const shape = textShape(frame, only);
    assert.ok(shape !== undefined);
    shareShape(shape);
    return { shape, frame, only };
  });
  const kept = shapes.filter(({ shape, frame, only }) => textShape(frame, only) === shape);
  assert.ok(kept.length >= 1 && kept.length <= 16 && kept.includes(shapes[39] as (typeof shapes)[number]), `${kept.length} are kept`);
});
