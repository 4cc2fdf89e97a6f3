import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { createPlaceholders, isPlaceholder } from '../../../src/redaction/placeholder.ts';

const KEY = Buffer.alloc(32, 7);

test('a placeholder is aegis-<kind>- and twelve characters that need no escaping anywhere', () => {
  assert.match(createPlaceholders(KEY).of('github-token', 'ghp_x'), /^aegis-github-token-[a-z2-7]{12}$/);
});

test('its last twelve characters are the HMAC of the value in base32, by whose key alone it changes', () => {
  const { idOf } = createPlaceholders(KEY);
  const digest = createHmac('sha256', KEY).update('grüße').digest();
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const expected = Array.from({ length: 12 }, (_, i) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(parseInt(bits.slice(i * 5, i * 5 + 5), 2))).join('');
  assert.equal(idOf('grüße'), expected);
  assert.equal(createPlaceholders(Buffer.from(KEY)).idOf('grüße'), expected, 'another process with the same key');
  assert.notEqual(createPlaceholders(Buffer.alloc(32, 8)).idOf('grüße'), expected);
});

test('the kind informs and does not identify', () => {
  const { of } = createPlaceholders(KEY);
  assert.equal(of('a', 'v').slice(-12), of('b', 'v').slice(-12));
});

test('thousands of values keep their own placeholders', () => {
  const { idOf } = createPlaceholders(KEY);
  const ids = new Set(Array.from({ length: 10_000 }, (_, i) => idOf(`value ${i}`)));
  assert.equal(ids.size, 10_000);
  assert.equal(idOf('value 1'), createPlaceholders(KEY).idOf('value 1'));
});

test('a placeholder is recognised in any case, and nothing that only resembles one', () => {
  const { of } = createPlaceholders(KEY);
  const placeholder = of('github-token', 'x');
  assert.ok(isPlaceholder(placeholder));
  assert.ok(isPlaceholder(placeholder.toUpperCase()));
  for (const text of ['aegis-', 'aegis-x-short', `${placeholder}!`, ` ${placeholder}`, 'aegis-k-000000000000']) assert.ok(!isPlaceholder(text), text);
});
