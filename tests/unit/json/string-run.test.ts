import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StringRun } from '../../../src/json/string-run.ts';
import { seededRandom } from '../../support/random.ts';

/** The same, byte by byte. */
function slowEnd(bytes: Buffer, at: number): number {
  let i = at;
  while (i < bytes.length) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x5c && i + 1 < bytes.length && '"\\\\/bfnrt'.includes(String.fromCharCode(bytes[i + 1] ?? 0))) i += 2;
    else if (byte < 0x20 || byte === 0x22 || byte === 0x5c) return i;
    else i++;
  }
  return i;
}

function reading(bytes: Buffer): StringRun {
  const run = new StringRun();
  run.read(bytes);
  return run;
}

test('a run ends at the first quote, control character or other escape, wherever it begins', () => {
  const bytes = Buffer.alloc(1100, 'x');
  for (const [at, byte] of [[3, 0x22], [40, 0x5c], [41, 0x00], [47, 0x1f], [60, 0x5c], [61, 0x6e], [62, 0x5c], [63, 0x75], [1094, 0x0a], [1099, 0x5c]] as const) bytes[at] = byte;
  const run = reading(bytes);
  for (let at = 0; at <= bytes.length; at++) assert.equal(run.end(at), slowEnd(bytes, at), `from ${at}`);
});

test('every byte is told apart, alone and beside each that ends a run', () => {
  for (const neighbour of [0x78, 0x21, 0x23, 0x20, 0x5b, 0x5d, 0xa2, 0xdc, 0x80, 0xff, 0x5c]) {
    for (let byte = 0; byte < 256; byte++) {
      const bytes = Buffer.alloc(80, 'x');
      bytes[40] = neighbour;
      bytes[41] = byte;
      bytes[42] = neighbour;
      const run = reading(bytes);
      for (const at of [0, 30, 38, 40, 41, 42]) assert.equal(run.end(at), slowEnd(bytes, at), `${byte} beside ${neighbour} from ${at}`);
    }
  }
});

test('what lies on either side of the end of a part is seen as in the middle of one', () => {
  const { random, seed } = seededRandom();
  const bytes = Buffer.from(Array.from({ length: 200_000 }, () => (random() < 0.02 ? 0x5c : random() < 0.4 ? 0x6e : 0x61)));
  const run = reading(bytes);
  for (const at of [0, 1, 65_530, 131_000]) {
    let place = at;
    while (place < bytes.length) {
      const end = run.end(place);
      assert.equal(end, slowEnd(bytes, place), `from ${place}, seed ${seed}`);
      place = end + 1;
    }
  }
  for (let lead = 65_500; lead < 65_570; lead++) {
    const text = Buffer.concat([Buffer.alloc(lead, 'x'), Buffer.from('\\n\\"yz"'), Buffer.alloc(50, 'x')]);
    assert.equal(reading(text).end(0), lead + 6, `${lead} bytes before`);
  }
});

test('two that read in turn do not see each other', () => {
  const one = reading(Buffer.from(`${'a'.repeat(100)}"`));
  const other = reading(Buffer.from(`${'b'.repeat(50)}"${'b'.repeat(100)}`));
  assert.deepEqual([one.end(0), other.end(0), one.end(20), other.end(20), other.end(51)], [100, 50, 100, 50, 151]);
});

test('a chunk is read anew when it is given again', () => {
  const bytes = Buffer.alloc(64, 'x');
  const run = reading(bytes);
  assert.equal(run.end(0), 64);
  bytes[50] = 0x22;
  run.read(bytes);
  assert.equal(run.end(0), 50);
});
