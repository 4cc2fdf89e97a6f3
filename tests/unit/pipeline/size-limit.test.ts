import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSizeLimit } from '../../../src/pipeline/size-limit.ts';

test('a body of the size itself passes untouched, however it is cut', () => {
  for (const cut of [1, 2, 3, 5]) {
    const limit = createSizeLimit(5);
    const body = Buffer.from('abcde');
    const out: Buffer[] = [];
    for (let at = 0; at < body.length; at += cut) limit.push(body.subarray(at, at + cut), (bytes) => out.push(bytes));
    limit.end((bytes) => out.push(bytes));
    assert.equal(Buffer.concat(out).toString(), 'abcde');
    assert.equal(out[0]?.buffer, body.buffer, 'without a copy');
  }
});

test('one byte more is refused by name, and not handed on', () => {
  const limit = createSizeLimit(5);
  let bytes = 0;
  limit.push(Buffer.from('abcde'), (chunk) => { bytes += chunk.length; });
  assert.throws(() => limit.push(Buffer.from('f'), (chunk) => { bytes += chunk.length; }), (error: Error & { code?: string }) => error.code === 'request_body_too_large' && /5 bytes.*AEGIS_MAX_REQUEST_BODY_BYTES/.test(error.message));
  assert.equal(bytes, 5);
});
