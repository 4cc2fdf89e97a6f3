import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAnswer, isReason } from '../../../src/http/upstream-answer.ts';

const GOOD = { httpVersion: '1.1', statusCode: 200, statusMessage: 'OK', rawHeaders: ['Content-Type', 'text/plain'] };

test('an answer of HTTP/1 whose body is as it says passes', () => {
  for (const change of [{}, { httpVersion: '1.0' }, { statusCode: 799 }, { statusMessage: '' }, { statusMessage: 'caf\xe9\t!' }, { rawHeaders: ['transfer-encoding', 'Chunked '] }, { rawHeaders: ['Transfer_Encoding', 'gzip'] }]) {
    checkAnswer({ ...GOOD, ...change });
  }
});

test('any other is told as the upstream\'s fault', () => {
  for (const change of [
    { httpVersion: '2.0' }, { httpVersion: '0.9' }, { statusCode: 99 }, { statusCode: 101 }, { statusCode: undefined }, { statusMessage: 'O\x00K' }, { statusMessage: 'O\x7fK' }, { statusMessage: '\x1b[2J' },
    { rawHeaders: ['Transfer-Encoding', 'gzip, chunked'] }, { rawHeaders: ['Transfer-Encoding', 'identity'] }, { rawHeaders: ['Transfer-Encoding', ''] }, { rawHeaders: ['Transfer-Encoding', 'chunked', 'transfer-encoding', 'chunked'] },
    { httpVersion: '1.0', rawHeaders: ['Transfer-Encoding', 'chunked'] },
  ]) {
    assert.throws(() => checkAnswer({ ...GOOD, ...change }), { code: 'upstream_unreachable' }, JSON.stringify(change));
  }
});

test('a reason may hold what a status line may', () => {
  for (const text of [undefined, '', 'OK', 'a b\tc', '\xff']) assert.ok(isReason(text));
  for (const text of ['\r', '\n', '\x00', 'a\x0bb', '\u0100', '\x7f']) assert.ok(!isReason(text), JSON.stringify(text));
});
