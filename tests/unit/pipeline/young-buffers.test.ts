import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buffersPassed } from '../../../src/pipeline/young-buffers.ts';

const CHUNK_BYTES = 65_536;
/** V8 by itself lets 32 MB gather. */
const MOST_BYTES = 24_000_000;

test('what has passed does not gather until V8 would see to it', async () => {
  let most = 0;
  for (let i = 0; i < 2_000; i++) {
    Buffer.allocUnsafeSlow(CHUNK_BYTES);
    buffersPassed(CHUNK_BYTES);
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  assert.ok(most < MOST_BYTES, `${most} bytes of buffers at a time`);
});
