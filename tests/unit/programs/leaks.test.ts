// The search for a secret in what an upstream received must find it in every spelling, or the matrix says nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findLeak } from '../../../scripts/programs/leaks.ts';

const SECRET = 'vK7-qTz2"mLw9/xRp4';
const inBody = (text: string): Buffer => Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: text }] }));

describe('a leak', () => {
  const leaks: readonly (readonly [string, Buffer])[] = [
    ['as it is', Buffer.from(`a: ${SECRET}`)],
    ['escaped in JSON', inBody(`a: ${SECRET}`)],
    ['in JSON within JSON', inBody(JSON.stringify({ a: JSON.stringify([SECRET]) }))],
    ['in needless escapes', Buffer.from(`{"a":"${[...SECRET].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`)],
    ['as a key', Buffer.from(JSON.stringify({ [SECRET]: 1 }))],
    ['in hex', inBody(Buffer.from(SECRET).toString('hex'))],
    ['percent-encoded', inBody(`https://a.example/?q=${encodeURIComponent(SECRET)}`)],
    ...['', 'a', 'ab', 'abc'].map((before): readonly [string, Buffer] => [`in base64 after ${before.length} bytes`, inBody(Buffer.from(`${before}${SECRET} and more`).toString('base64'))]),
    ['in base64 for addresses', inBody(Buffer.from(`a${SECRET}b`).toString('base64url'))],
  ];
  for (const [where, body] of leaks) it(`is found ${where}`, () => assert.notEqual(findLeak(body, SECRET), undefined));

  it('is not found where there is none', () => {
    for (const body of [inBody('a: aegis-password-k7q2m6xd4t2p'), inBody(SECRET.slice(1)), inBody(Buffer.from([...SECRET].reverse().join('')).toString('base64')), Buffer.from('{broken'), Buffer.alloc(0)]) {
      assert.equal(findLeak(body, SECRET), undefined, body.toString());
    }
  });
});
