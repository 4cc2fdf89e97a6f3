import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countHeader, firstHeader, joinedHeader } from '../../../src/http/raw-headers.ts';

const RAW = ['Host', 'a', 'X-Host', 'b', 'hOST', 'c', 'Upgrade', 'h2c', 'upgrade', 'websocket', 'X-Empty', ''];

test('a header is found whatever its case, and only by its whole name', () => {
  assert.equal(firstHeader(RAW, 'host'), 'a');
  assert.equal(firstHeader(RAW, 'x-host'), 'b');
  assert.equal(firstHeader(RAW, 'x-empty'), '');
  assert.equal(firstHeader(RAW, 'hos'), undefined);
  assert.equal(firstHeader(['a', 'host'], 'host'), undefined);
});

test('repeated headers are one list', () => {
  assert.equal(joinedHeader(RAW, 'upgrade'), 'h2c, websocket');
  assert.equal(joinedHeader(RAW, 'upgrade', '; '), 'h2c; websocket');
  assert.equal(joinedHeader(RAW, 'x-host'), 'b');
  assert.equal(joinedHeader(RAW, 'x-empty'), '');
  assert.equal(joinedHeader(RAW, 'expect'), undefined);
});

test('headers of a name are counted', () => {
  assert.deepEqual(['host', 'x-host', 'expect'].map((name) => countHeader(RAW, name)), [2, 1, 0]);
});
