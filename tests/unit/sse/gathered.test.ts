import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gathered } from '../../../src/sse/gathered.ts';
import { seededRandom } from '../../support/random.ts';

test('what was gathered is what came, in few pieces', () => {
  const { random, seed } = seededRandom();
  for (const most of [1, 3, 5000]) {
    const gathered = new Gathered();
    const came: Buffer[] = [];
    for (let count = 0; count < 3000; count++) {
      const piece = Buffer.alloc(1 + Math.floor(random() * most), count);
      came.push(piece);
      gathered.add(piece);
    }
    const whole = Buffer.concat(came);
    assert.equal(gathered.length, whole.length);
    const pieces = gathered.take();
    assert.ok(pieces.length < 100, `${pieces.length}`);
    assert.ok(Buffer.concat(pieces).equals(whole), `SEED=${seed}`);
    assert.deepEqual([gathered.length, gathered.take()], [0, []]);
  }
});

test('few pieces stay as they came', () => {
  const gathered = new Gathered();
  const pieces = [Buffer.from('a'), Buffer.from('bc')];
  for (const piece of pieces) gathered.add(piece);
  assert.ok(gathered.take().every((piece, at) => piece === pieces[at]));
});
