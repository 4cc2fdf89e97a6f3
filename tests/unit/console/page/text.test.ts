import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { segmentsOf } from '../../../../src/console/page/marking.ts';
import { masked, maskedToken, tokenIn } from '../../../../src/console/page/mask.ts';
import { seededRandom } from '../../../support/random.ts';

const ACTIONS = ['block', 'redact', 'flag'];

describe('a marked text', () => {
  test('is cut where findings begin and end', () => {
    const segments = segmentsOf('my key is abc, yes', [{ start: 10, end: 13, action: 'redact' }]);
    assert.deepEqual(segments.map(({ text, index }) => [text, index]), [['my key is ', -1], ['abc', 0], [', yes', -1]]);
  });

  test('shows the shorter of two that overlap, and of two as long the stronger', () => {
    const of = (...findings: { start: number; end: number; action: string }[]): unknown => segmentsOf('abcdef', findings).map(({ text, index }) => [text, index]);
    assert.deepEqual(of({ start: 0, end: 6, action: 'flag' }, { start: 2, end: 4, action: 'block' }), [['ab', 0], ['cd', 1], ['ef', 0]]);
    assert.deepEqual(of({ start: 0, end: 6, action: 'block' }, { start: 2, end: 4, action: 'flag' }), [['ab', 0], ['cd', 1], ['ef', 0]]);
    assert.deepEqual(of({ start: 1, end: 3, action: 'flag' }, { start: 1, end: 3, action: 'block' }), [['a', -1], ['bc', 1], ['def', -1]]);
    assert.deepEqual(of({ start: 0, end: 4, action: 'redact' }, { start: 2, end: 6, action: 'redact' }), [['abcd', 0], ['ef', 1]]);
  });

  test('takes ranges that are empty or out of bounds', () => {
    assert.deepEqual(segmentsOf('abc', [{ start: -5, end: 99, action: 'flag' }, { start: 2, end: 2, action: 'block' }, { start: 9, end: 12, action: 'block' }]).map(({ text, index }) => [text, index]), [['abc', 0]]);
    assert.deepEqual(segmentsOf('', []), []);
  });

  test('is the whole text, whatever is found', () => {
    const { random, seed } = seededRandom();
    const text = 'The quick brown fox 狐狸 jumps over 🦊 dogs.';
    for (let round = 0; round < 300; round += 1) {
      const findings = Array.from({ length: Math.floor(random() * 6) }, () => ({ start: Math.floor(random() * 50) - 3, end: Math.floor(random() * 50), action: ACTIONS[Math.floor(random() * 3)] ?? '' }));
      assert.equal(segmentsOf(text, findings).map((segment) => segment.text).join(''), text, `seed ${seed}`);
    }
  });
});

describe('a token on screen', () => {
  const TOKEN = 'Ab3k56789012345678909Qx7';
  test('shows its first and last four characters only', () => {
    assert.equal(maskedToken(TOKEN), 'Ab3k…9Qx7');
    assert.equal(maskedToken('short'), '…');
  });
  test('is found in a base URL and masked wherever it stands', () => {
    const url = `http://127.0.0.1:18080/v1/__gw__/t/${TOKEN}`;
    assert.equal(tokenIn(url), TOKEN);
    assert.equal(tokenIn('http://127.0.0.1:18080/'), '');
    assert.equal(masked(`a ${url} b ${url}/x`, TOKEN).includes(TOKEN), false);
    assert.equal(masked('nothing', ''), 'nothing');
  });
});
