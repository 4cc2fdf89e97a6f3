/** What holds for the families of rules together. Each rule's own examples are tried in `rules.test.ts`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from '../../../src/detect/engine.ts';
import type { Engine } from '../../../src/detect/engine.ts';
import { varied } from '../../../src/detect/rules/credential.ts';
import { RULES } from '../../../src/detect/rules/index.ts';
import { alnum, base64url, hex, sample, uuid } from '../../../src/detect/rules/samples.ts';

function finds(engine: Engine, text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  let found = false;
  engine.scan({ bytes, start: 0, end: bytes.length, json: false, key: undefined }, () => { found = true; });
  return found;
}

describe('the families of rules', () => {
  it('know the credentials of at least 150 vendors and forms', () => {
    assert.ok(RULES.filter((rule) => rule.class === 'credential').length >= 150);
    assert.ok(RULES.some((rule) => rule.class === 'payment') && RULES.some((rule) => rule.class === 'personal'));
  });

  it('do not find a token that is the end of a longer identifier', () => {
    for (const rule of RULES) {
      if ((rule.left ?? 'token') !== 'token' || (rule.before ?? 0) > 0) continue;
      const engine = createEngine([rule]);
      for (const example of rule.matches) {
        const starts = rule.keywords.some((keyword) => example.startsWith(keyword));
        // A match may begin at a keyword further on as well.
        const again = /\s/.test(example) || rule.keywords.some((keyword) => example.indexOf(keyword, 1) > 0);
        if (starts && !again) assert.equal(finds(engine, `my_x${example}`), false, `${rule.id}: my_x${example.slice(0, 40)}`);
      }
    }
  });

  it('find no token of x alone, whatever its length', () => {
    for (const rule of RULES) {
      if (rule.class !== 'credential') continue;
      const engine = createEngine([rule]);
      for (const keyword of rule.keywords.slice(0, 4)) {
        for (const length of [16, 20, 32, 36, 40, 64]) assert.equal(finds(engine, `${keyword}${'x'.repeat(length)} ${keyword}=${'x'.repeat(length)}`), false, rule.id);
      }
    }
  });

  it('take a value apart from one character over and over', () => {
    assert.equal(varied('ghp_aaaaaaaaaaaaaaaaaaaa'), false);
    assert.equal(varied(`ghp_${alnum(36)}`), true);
    assert.equal(varied('0000000000000001'), false);
  });
});

describe('invented values', () => {
  it('have the length and the alphabet asked for, and are the same each time', () => {
    assert.match(hex(40), /^[0-9a-f]{40}$/);
    assert.match(base64url(43), /^[\w-]{43}$/);
    assert.match(uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(sample('ab', 20, 3), sample('ab', 20, 3));
    assert.notEqual(alnum(30), alnum(30, 1));
  });
});

describe('everyday text that looks like a secret', () => {
  const innocent = [
    'integrity sha512-Xk4DQYB1yTd9Z5Vd2kzR0oKqQ8uQn4mBt5cXyFv0w1uS3r7pLhJ6gTz8aEoNiCbMxWvUdGfRqHsYjPlKkIeO9A==',
    'commit 5d41402abc4b2a76b9719d911017c592f1a2b3c4', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'sk_OSSL_PROVIDER_new_reserve_with_flags_and_more', 'https://example.com/users/550e8400-e29b-41d4-a716-446655440000', '"version": "4.17.21"', 'at 12:34:56.789 on 2026-11-23T12:34:56Z',
    'const re_compile_pattern_for_identifiers = require("./regexp");', 'process.env.GITHUB_TOKEN', 'Authorization: Bearer ${TOKEN}', 'AWS_SECRET_ACCESS_KEY=$(pass show aws)', 'id: 1234567890123456', 'epoch 1700000000000 1700000000000000',
  ];
  const engine = createEngine(RULES.filter((rule) => rule.class !== 'personal'));
  for (const text of innocent) {
    it(`is left alone: ${text.slice(0, 40)}`, () => {
      const bytes = Buffer.from(text);
      const found: string[] = [];
      engine.scan({ bytes, start: 0, end: bytes.length, json: false, key: undefined }, (f) => found.push(f.rule.id));
      assert.deepEqual(found, []);
    });
  }
});
