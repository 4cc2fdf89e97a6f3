import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createEngine } from '../../../src/detect/engine.ts';
import { requiredLiteral, unsafePattern } from '../../../src/detect/pattern-safety.ts';
import { UserRulesError } from '../../../src/detect/checked-fields.ts';
import type { Topic } from '../../../src/guards/policy.ts';
import { loadRulesFile, parseRulesFile } from '../../../src/guards/rules-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'user-rules-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const KNOWN = new Map<string, Topic>([['github-token', 'credential'], ['named-key', 'credential'], ['delete-root', 'command']]);
const ACME = { id: 'acme-key', pattern: 'acme_[a-z0-9]{12}(?![a-z0-9])', matches: ['acme_a1b2c3d4e5f6'], ignores: ['acme_short'] };

function refusal(value: unknown): string {
  try {
    parseRulesFile(value, KNOWN);
  } catch (error) {
    assert.ok(error instanceof UserRulesError);
    return error.message;
  }
  return assert.fail('it was accepted');
}

describe('the rules of a user', () => {
  it('are found by the engine like any other', () => {
    const { rules } = parseRulesFile({ rules: [ACME] }, KNOWN);
    const bytes = Buffer.from('{\\"k\\":\\"acme_a1b2c3d4e5f6\\"}');
    const found: string[] = [];
    createEngine(rules).scan({ bytes, start: 0, end: bytes.length, json: true, key: undefined }, (f) => found.push(bytes.toString('utf8', f.start, f.end)));
    assert.deepEqual(found, ['acme_a1b2c3d4e5f6']);
  });

  it('have a kind of their id and are credentials unless they say otherwise', () => {
    const [rule] = parseRulesFile({ rules: [ACME] }, KNOWN).rules;
    assert.equal(rule?.kind, 'acme-key');
    assert.equal(rule?.class, 'credential');
    const [other] = parseRulesFile({ rules: [{ ...ACME, kind: 'badge', class: 'personal' }] }, KNOWN).rules;
    assert.equal(other?.kind, 'badge');
    assert.equal(other?.class, 'personal');
  });

  it('are found by a literal in the middle of the pattern', () => {
    const { rules } = parseRulesFile({ rules: [{ id: 'mid', pattern: '[a-z]{4}-secret-[0-9]{6}', matches: ['abcd-secret-123456'], ignores: ['abc-secret-123456'] }] }, KNOWN);
    assert.deepEqual(rules[0]?.keywords, ['-secret-']);
  });

  it('ignore case when their flags say so', () => {
    parseRulesFile({ rules: [{ ...ACME, flags: 'i', matches: ['ACME_A1B2C3D4E5F6'] }] }, KNOWN);
  });

  const refused: readonly [string, unknown, RegExp][] = [
    ['a file that is a list', [], /the rules file: must be an object/],
    ['an unknown field of the file', { rule: [] }, /unknown field "rule"/],
    ['rules that are no list', { rules: {} }, /^rules: must be a list/],
    ['a rule without an id', { rules: [{ ...ACME, id: undefined }] }, /rules\[0\]\.id/],
    ['an id with spaces', { rules: [{ ...ACME, id: 'My Rule' }] }, /rules\[0\]\.id: must be of lower-case/],
    ['an id that is taken', { rules: [ACME, ACME] }, /rules\[1\]\.id: there is a rule acme-key already/],
    ['the id of a built-in rule', { rules: [{ ...ACME, id: 'named-key' }] }, /already/],
    ['a pattern that is none', { rules: [{ ...ACME, pattern: 'acme_[' }] }, /rule acme-key, pattern: /],
    ['a pattern that matches nothing at all', { rules: [{ ...ACME, pattern: '(?:acme)?' }] }, /matches the empty text/],
    ['flags that change where it is tried', { rules: [{ ...ACME, flags: 'g' }] }, /rule acme-key, flags/],
    ['a short keyword', { rules: [{ ...ACME, keywords: ['a'] }] }, /rule acme-key, keywords\[0\]/],
    ['no literal to be found by', { rules: [{ ...ACME, pattern: '[a-z]{3}_[a-z0-9]{12}' }] }, /rule acme-key, keywords: are needed/],
    ['no example', { rules: [{ ...ACME, matches: [] }] }, /rule acme-key, matches: must hold/],
    ['an example that is not found', { rules: [{ ...ACME, matches: ['acme_a1b2c3d4e5f6', 'acme_x'] }] }, /rule acme-key, matches\[1\]: is not found/],
    ['a near miss that is found', { rules: [{ ...ACME, ignores: ['acme_a1b2c3d4e5f7'] }] }, /rule acme-key, ignores\[0\]: is found/],
    ['an unknown class', { rules: [{ ...ACME, class: 'exact' }] }, /rule acme-key, class: must be one of/],
    ['a kind with other characters', { rules: [{ ...ACME, kind: 'Acme_1' }] }, /rule acme-key, kind/],
    ['an unknown field of a rule', { rules: [{ ...ACME, regex: 'a' }] }, /rules\[0\]: has an unknown field "regex"/],
    ['a switch for no rule', { disable: ['no-such'] }, /disable\[0\]: there is no rule "no-such"/],
    ['a policy for nothing', { policy: { 'no-such': 'flag' } }, /policy: there is no topic and no rule "no-such"; topics are credential,/],
    ['an action that a topic can not have', { policy: { injection: 'redact' } }, /policy\.injection: must be one of off, flag, quarantine, block/],
    ['an action that a rule can not have', { policy: { 'delete-root': 'strip' } }, /policy\.delete-root: must be one of off, flag, block/],
    ['a policy that is a list', { policy: ['injection'] }, /policy: must be an object/],
    ['a host that is an address', { allow_hosts: ['https://api.github.com/'] }, /allow_hosts\[0\]: must be a host name/],
    ['a token entry with a policy for nothing', { tokens: { abc: { policy: { x: 'off' } } } }, /tokens, entry 1, policy: there is no topic/],
    ['a rule that is named like a topic', { rules: [{ ...ACME, id: 'injection' }] }, /injection is the name of a topic/],
    ['an allowance that is a number', { allow: [7] }, /allow\[0\]: must be an object/],
    ['an allowance with a broken pattern', { allow: [{ pattern: '(' }] }, /allow\[0\]\.pattern/],
    ['a token entry with a wrong field', { tokens: { abc: { off: [] } } }, /tokens, entry 1: has an unknown field "off"/],
    ['a pattern with quantifiers in one another', { rules: [{ ...ACME, pattern: 'acme_(?:[a-z]+)+$', matches: ['acme_abcdef'] }] }, /rule acme-key, pattern: has a quantifier without a bound inside another/],
    ['a pattern of square time', { rules: [{ ...ACME, pattern: 'acme_[a-z0-9]*[a-z0-9]*[a-z0-9]*!', matches: ['acme_a1b2!'] }] }, /rule acme-key, pattern: takes time/],
  ];
  for (const [name, value, message] of refused) {
    it(`refuse ${name}`, () => assert.match(refusal(value), message));
  }

  it('never repeat what may be a secret: a pattern, an example, a value in a name\'s place', () => {
    const secret = 'Canary4711Secret';
    for (const value of [
      { [secret]: [] }, { disable: [secret] }, { policy: { [secret]: 'off' } }, { allow: [{ [secret]: 1 }] }, { allow: [{ pattern: `${secret}(` }] }, { allow: [{ pattern: `${secret}{2}{3}` }] }, { allow_hosts: [`https://${secret}`] },
      { rules: [{ ...ACME, id: secret }] }, { rules: [{ ...ACME, pattern: `${secret}[` }] }, { rules: [{ ...ACME, pattern: `${secret}[0-9]`, matches: [secret] }] }, { rules: [{ ...ACME, [secret]: 1 }] }, { rules: [{ ...ACME, class: secret }] },
      { tokens: { [secret]: { [secret]: 1 } } },
    ]) assert.ok(!refusal(value).includes(secret), refusal(value));
    assert.match(refusal({ rules: [{ ...ACME, pattern: 'acme_[' }] }), /pattern: is not a regular expression: unterminated character class$/);
  });
});

describe('allowances and switches', () => {
  const rules = parseRulesFile({
    rules: [ACME],
    allow: ['exactly this', { pattern: 'TEST-\\d{1,4}' }],
    disable: ['named-key'],
    tokens: { tok1: { disable: ['acme-key'], allow: ['only here'] } },
  }, KNOWN);

  it('let through exact values and whole matches of a pattern', () => {
    assert.equal(rules.allows('exactly this'), true);
    assert.equal(rules.allows('exactly this!'), false);
    assert.equal(rules.allows('TEST-12'), true);
    assert.equal(rules.allows('xTEST-12'), false);
  });

  it('hold for all tokens, and more for one by any of its names', () => {
    assert.deepEqual([...rules.overrides], [['named-key', 'off']]);
    const own = rules.forToken('unknown', 'tok1');
    assert.deepEqual([...own.overrides.keys()].sort(), ['acme-key', 'named-key']);
    assert.equal(own.allows('only here'), true);
    assert.equal(own.allows('exactly this'), true);
    assert.equal(rules.forToken('other').allows('only here'), false);
  });
});

describe('policy and hosts', () => {
  const rules = parseRulesFile({
    policy: { injection: 'flag', 'delete-root': 'off' },
    allow_hosts: ['api.github.com', '*.Corp.example'],
    tokens: { tok1: { policy: { 'delete-root': 'block' }, allow_hosts: ['other.example'] } },
  }, KNOWN);

  it('are set for topics and rules, and otherwise for one token', () => {
    assert.deepEqual([...rules.overrides], [['injection', 'flag'], ['delete-root', 'off']]);
    assert.deepEqual([...rules.forToken('tok1').overrides], [['injection', 'flag'], ['delete-root', 'block']]);
  });

  it('name hosts whole or by their ending, in any case of letters', () => {
    const cases: readonly [string, boolean][] = [
      ['api.github.com', true], ['github.com', false], ['evil-api.github.com', false], ['a.corp.example', true], ['a.b.corp.example', true], ['corp.example', false], ['notcorp.example', false], ['other.example', false],
    ];
    for (const [host, allowed] of cases) assert.equal(rules.allowsHost(host), allowed, host);
    assert.equal(rules.forToken('tok1').allowsHost('other.example'), true);
    assert.equal(rules.forToken('tok1').allowsHost('api.github.com'), true);
  });
});

describe('a rules file', () => {
  it('is named in errors, with the line where its JSON breaks, and nothing of its text', () => {
    const path = join(folder, 'rules.json');
    writeFileSync(path, '{\n "allow": ["s3cret-value"],\n "rules": [}\n');
    assert.throws(() => loadRulesFile(path, KNOWN), (error: unknown) => error instanceof UserRulesError && /rules\.json: is not JSON/.test(error.message) && !error.message.includes('s3cret'));
    assert.throws(() => loadRulesFile(join(folder, 'none.json'), KNOWN), /none\.json: can't be read \(ENOENT\)/);
    writeFileSync(path, JSON.stringify({ rules: [{ ...ACME, matches: [] }] }));
    assert.throws(() => loadRulesFile(path, KNOWN), /rules\.json: rule acme-key, matches/);
  });
});

describe('the safety of patterns', () => {
  for (const [source, examples] of [['(a+)+$', ['aaa']], ['(?:a|aa)*b', ['aab']], ['(?:\\w|\\d)*!', ['a1!']], ['x(?:a*)*y', ['xay']], ['\\s*\\s*\\s*z', [' z']], ['k=.*,.*,.*;', ['k=a,b,c;']]] as const) {
    it(`refuses ${source}`, () => assert.notEqual(unsafePattern(source, '', [], examples), undefined));
  }
  for (const [source, examples] of [['acme_[a-z0-9]{12}', ['acme_a1b2c3d4e5f6']], ['key=\\w+', ['key=abc']], ['(?:ab){1,5}c', ['abc']], ['"token":\\s*"[^"]+"', ['"token": "x"']], ['\\((?:a|b)\\)+', ['(a)']]] as const) {
    it(`accepts ${source}`, () => assert.equal(unsafePattern(source, '', [], examples), undefined));
  }

  it('finds the literal that every match holds', () => {
    const cases: readonly [string, string | undefined][] = [
      ['acme_[a-z]{3}', 'acme_'], ['[a-z]{3}-key-\\d', '-key-'], ['a\\.b\\.c\\d', 'a.b.c'], ['abc?', 'ab'], ['(?:abc)def', 'def'], ['abc|def', undefined], ['[abc]d', undefined], ['ab*cde', 'cde'], ['\\d+', undefined],
    ];
    for (const [source, literal] of cases) assert.equal(requiredLiteral(source), literal, source);
  });
});
