import assert from 'node:assert/strict';
import { test } from 'node:test';
import { characterBytes, isPair } from '../../../src/json/utf8.ts';
import { seededRandom } from '../../support/random.ts';

test('characters are counted as Buffer.toString makes them, malformed ones too', () => {
  const { random, seed } = seededRandom();
  const some = [0x41, 0x22, 0x5c, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xc3, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff];
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 9) }, () => some[Math.floor(random() * some.length)] ?? 0));
    let units = 0;
    for (let at = 0; at < bytes.length; ) {
      const count = characterBytes(bytes, at, bytes.length);
      assert.equal(bytes.toString('utf8', at, at + count).length, isPair(count) ? 2 : 1, `SEED=${seed} ${bytes.toString('hex')} at ${at}`);
      units += isPair(count) ? 2 : 1;
      at += count;
    }
    assert.equal(units, bytes.toString('utf8').length, `SEED=${seed} ${bytes.toString('hex')}`);
  }
});
