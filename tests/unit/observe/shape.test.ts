import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeOf } from '../../../src/observe/shape.ts';
import { seededRandom } from '../../support/random.ts';

test('of a long value the first and last two characters and the length, of a short one the length alone', () => {
  assert.equal(shapeOf(`ghp_${'x'.repeat(34)}Xy`), 'gh…Xy (40)');
  assert.equal(shapeOf('123456789012'), '12…12 (12)');
  assert.equal(shapeOf('12345678901'), '… (11)');
  assert.equal(shapeOf(''), '… (0)');
});

test('characters are not cut in two, and what can not be shown is not', () => {
  assert.equal(shapeOf('😀😀 and more 😀😀'), '😀😀…😀😀 (18)');
  assert.equal(shapeOf('\n\u202e, and more\u200b\u{e0041}'), '··…·· (15)');
  assert.equal(shapeOf(`\ud83d${'x'.repeat(20)}\ud83d`), '·x…x· (22)');
});

test('never more than four characters of a value', () => {
  const { random, seed } = seededRandom();
  for (let i = 0; i < 500; i++) {
    const value = Array.from({ length: Math.floor(random() * 60) }, () => String.fromCharCode(0x21 + Math.floor(random() * 94))).join('');
    const shown = shapeOf(value).replace(/ \(\d+\)$/, '').replace('…', '');
    assert.ok(shown.length <= 4, `seed ${seed}`);
    if (value.length < 12) assert.equal(shown, '', `seed ${seed}`);
  }
});
