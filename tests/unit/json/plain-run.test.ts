import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlainRun } from '../../../src/json/plain-run.ts';

/** The same, byte by byte. */
function slowEnd(bytes: Buffer, at: number): number {
  let i = at;
  while (i < bytes.length && (bytes[i] ?? 0) >= 0x20 && bytes[i] !== 0x22 && bytes[i] !== 0x5c) i++;
  return i;
}

test('a run ends at the first quote, backslash or control character, wherever it begins', () => {
  for (let lead = 0; lead < 4; lead++) {
    const bytes = Buffer.alloc(1100 + lead, 'x').subarray(lead);
    for (const [at, byte] of [[3, 0x22], [40, 0x5c], [41, 0x00], [47, 0x1f], [1094, 0x0a], [1098, 0x22]] as const) bytes[at] = byte;
    const run = createPlainRun();
    for (let at = 0; at <= bytes.length; at++) assert.equal(run.end(bytes, at), slowEnd(bytes, at), `from ${at}, ${lead} bytes into memory`);
  }
});

test('every byte is told apart, alone and beside each that ends a run', () => {
  const bytes = Buffer.alloc(2048, 'x');
  const run = createPlainRun();
  for (const neighbour of [0x78, 0x21, 0x23, 0x20, 0x5b, 0x5d, 0xa2, 0xdc, 0x80, 0xff]) {
    for (let byte = 0; byte < 256; byte++) {
      bytes.fill('x');
      bytes[1000] = neighbour;
      bytes[1001] = byte;
      bytes[1002] = neighbour;
      for (const at of [990, 998, 1000, 1001, 1002]) assert.equal(run.end(bytes, at), slowEnd(bytes, at), `${byte} beside ${neighbour}`);
    }
  }
});

test('small chunks are read as large ones are', () => {
  const bytes = Buffer.from('ab"cd\\e\u0001f');
  const run = createPlainRun();
  for (let at = 0; at <= bytes.length; at++) assert.equal(run.end(bytes, at), slowEnd(bytes, at));
});
