import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COOKIE_NAME, createSessions, MAX_ENDED, SESSION_MS } from '../../../src/console/sessions.ts';

const SECRET = 'a'.repeat(64);

test('a session is known by its cookie until it ends, in every process that has the secret and the key', () => {
  let now = 1_000_000;
  const one = createSessions(SECRET, 'key', () => now);
  const other = createSessions(SECRET, 'key', () => now);
  const cookie = `${COOKIE_NAME}=${one.open()}`;
  for (const sessions of [one, other]) assert.equal(sessions.find(cookie)?.expiresMs, now + SESSION_MS);
  assert.equal(one.find(`a=b; ${COOKIE_NAME}=other-service; ${cookie}; c=d`)?.expiresMs, now + SESSION_MS, 'among others of its name');
  now += SESSION_MS - 1;
  assert.ok(one.find(cookie) !== undefined);
  now += 1;
  assert.equal(one.find(cookie), undefined);
});

test('another secret or key knows nothing of it', () => {
  const cookie = `${COOKIE_NAME}=${createSessions(SECRET, 'key').open()}`;
  assert.equal(createSessions('b'.repeat(64), 'key').find(cookie), undefined);
  assert.equal(createSessions(SECRET, 'key2').find(cookie), undefined);
});

test('a cookie that was changed in any character is none', () => {
  const sessions = createSessions(SECRET, 'key');
  const value = sessions.open();
  for (let i = 0; i < value.length - 1; i++) {
    const swapped = value.charAt(i) === 'A' ? 'B' : 'A';
    const changed = value.slice(0, i) + (/\d/.test(value.charAt(i)) ? String((Number(value.charAt(i)) + 1) % 10) : swapped) + value.slice(i + 1);
    assert.equal(sessions.find(`${COOKIE_NAME}=${changed}`), undefined, `character ${i}`);
  }
  for (const cookie of [undefined, '', COOKIE_NAME, `${COOKIE_NAME}=`, `${COOKIE_NAME}=..`, `x${COOKIE_NAME}=${value}`, `${COOKIE_NAME}=${value}x`, `${COOKIE_NAME}=${value.slice(0, -1)}`, `${COOKIE_NAME}="${value}"`]) {
    assert.equal(sessions.find(cookie), undefined, cookie);
  }
});

test('a session that was ended holds no longer, of which a bounded number is remembered', () => {
  const sessions = createSessions(SECRET, 'key');
  const cookie = `${COOKIE_NAME}=${sessions.open()}`;
  const session = sessions.find(cookie);
  assert.ok(session !== undefined && sessions.isOpen(session));
  sessions.end(session.nonce);
  assert.ok(!sessions.isOpen(session));
  assert.equal(sessions.find(cookie), undefined);
  for (let i = 0; i < MAX_ENDED; i++) sessions.end(`other ${i}`);
  assert.ok(sessions.isOpen(session), 'so many logouts of people who had the key forget the first');
});
