import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isToken, mintToken, parseTokenSegment, tokenFingerprint } from '../../../src/tokens/token.ts';

test('a minted token is 24 base62 characters, and no two are alike', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 5000; i++) {
    const token = mintToken();
    assert.match(token, /^[0-9A-Za-z]{24}$/);
    assert.ok(isToken(token));
    seen.add(token);
  }
  assert.equal(seen.size, 5000);
});

test('every character of the alphabet comes about as often as every other', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 5000; i++) for (const char of mintToken()) counts.set(char, (counts.get(char) ?? 0) + 1);
  assert.equal(counts.size, 62);
  // 120,000 characters, 1,935 expected of each; taking bytes modulo 62 would give the first eight a quarter more. Seven deviations are 305.
  for (const [char, count] of counts) assert.ok(Math.abs(count - 120_000 / 62) < 305, `${char}: ${count}`);
});

test('tokens written by hand may have dashes and single underscores', () => {
  for (const text of ['Ab3k9Qx7', 'a', '0', 'my-token', 'my_token', 'a_', 'a-', 'x'.repeat(128), 'constructor', 'toString']) assert.ok(isToken(text), text);
});

test('what can not stand in a URL or would read as a mode is no token', () => {
  for (const text of ['', '_a', '-a', 'a__b', 'a__', '__proto__', 'a b', 'a/b', 'a%20', 'a.b', '.', '..', 'ä', 'a\n', 'a?b', 'x'.repeat(129), 'a__redact']) assert.ok(!isToken(text), JSON.stringify(text));
});

test('a long text is judged in time in line with its length', () => {
  assert.ok(!isToken('a_'.repeat(500_000)));
});

test('the segment splits at the first two underscores', () => {
  assert.deepEqual(parseTokenSegment('Ab1'), { token: 'Ab1', mode: undefined });
  assert.deepEqual(parseTokenSegment('A_b__redact'), { token: 'A_b', mode: 'redact' });
  assert.deepEqual(parseTokenSegment('Ab1__passthrough'), { token: 'Ab1', mode: 'passthrough' });
  assert.deepEqual(parseTokenSegment('__redact'), { token: '', mode: 'redact' });
  for (const segment of ['Ab1__', 'Ab1___redact', 'Ab1__full', 'Ab1__redact__passthrough', '__proto__']) {
    assert.throws(() => parseTokenSegment(segment), { code: 'invalid_filter_mode' }, segment);
  }
});

test('the message about a mode does not repeat the token', () => {
  assert.throws(() => parseTokenSegment('canary4711__x'), (error: Error) => !error.message.includes('canary'));
});

test('a fingerprint is short, always the same, and no part of the token', () => {
  assert.equal(tokenFingerprint('Ab3k9Qx7'), tokenFingerprint('Ab3k9Qx7'));
  assert.match(tokenFingerprint('Ab3k9Qx7'), /^[0-9a-f]{8}$/);
  assert.notEqual(tokenFingerprint('Ab3k9Qx7'), tokenFingerprint('Ab3k9Qx8'));
});
