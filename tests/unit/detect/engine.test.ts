import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from '../../../src/detect/engine.ts';
import type { Found } from '../../../src/detect/engine.ts';
import type { Rule } from '../../../src/detect/rule.ts';
import { RULES } from '../../../src/detect/rules/index.ts';
import { alnum, hex } from '../../../src/detect/rules/samples.ts';

const rule = (id: string, more: Partial<Rule> & Pick<Rule, 'keywords' | 'pattern'>): Rule => ({ id, kind: 'test', class: 'credential', page: 'https://example.com', matches: [], ignores: [], ...more });
const TOKEN = rule('token', { keywords: ['tok_'], pattern: /tok_[a-z0-9]{8}(?![a-z0-9])/y });

interface Scan { readonly found: Found[]; readonly texts: string[] }

function scan(rules: readonly Rule[], text: string, options: { json?: boolean; key?: string } = {}): Scan {
  const bytes = Buffer.from(`<<${text}>>`, 'utf8');
  const found: Found[] = [];
  createEngine(rules).scan({ bytes, start: 2, end: bytes.length - 2, json: options.json ?? true, key: options.key }, (f) => found.push(f));
  return { found, texts: found.map((f) => bytes.toString('utf8', f.start, f.end)) };
}

describe('the engine', () => {
  it('gives the raw bytes of what it finds', () => {
    assert.deepEqual(scan([TOKEN], 'é tok_abcd1234, 密tok_efgh5678码').texts, ['tok_abcd1234', 'tok_efgh5678']);
  });

  it('sees boundaries through escapes of any depth', () => {
    for (const before of ['\\n', '\\\\n', '\\\\\\\\n', '\\t', '\\"', '\\\\\\"', '\\u000a', '\\\\u0022', '%3D', '%0a', '\\u001b[1;32m']) {
      assert.deepEqual(scan([TOKEN], `${before}tok_abcd1234\\n`).texts, ['tok_abcd1234'], before);
    }
    for (const before of ['a', 'Z', '0', '_', '\\u0041', '%41', 'm']) {
      assert.deepEqual(scan([TOKEN], `${before}tok_abcd1234`).texts, [], before);
    }
  });

  it('finds a token hidden by escapes, and gives the escapes with it', () => {
    for (const hidden of ['\\u0074ok_abcd1234', 'to\\u006B_abcd1234', 'tok_\\u0061bcd1234', 'tok_abcd123\\u0034', '\\\\u0074\\\\u006f\\\\u006b\\\\u005fabcd1234']) {
      assert.deepEqual(scan([TOKEN], `x = ${hidden}; y`).texts, [hidden]);
    }
    assert.deepEqual(scan([rule('path', { keywords: ['a/b/'], pattern: /a\/b\/[0-9]{4}/y })], 'see a\\/b\\/1234').texts, ['a\\/b\\/1234']);
    assert.deepEqual(scan([rule('quoted', { keywords: ['"pin"'], left: 'none', pattern: /"pin":"(?<secret>[0-9]{4})"/y })], '{\\"pin\\":\\"1234\\"}').texts, ['1234']);
  });

  it('finds many hidden tokens, one after the other', () => {
    const text = Array.from({ length: 400 }, (_, i) => `\\u0074ok_${String(i).padStart(8, '0')}`).join(' ');
    assert.equal(scan([TOKEN], text).texts.length, 400);
  });

  it('finds keywords of other scripts, as they are and as JSON escapes', () => {
    const named = rule('named', { keywords: ['密码'], left: 'none', pattern: /密码[:：](?<secret>[a-z0-9]{6,20})/y });
    for (const text of ['密码:abc123', '\\u5bc6\\u7801\\uFF1Aabc123', '\\\\u5BC6\\\\u7801:abc123']) assert.deepEqual(scan([named], text).texts, ['abc123'], text);
  });

  it('never ends within an escape, nor begins within one of JSON', () => {
    assert.deepEqual(scan([rule('npm', { keywords: ['npm_'], pattern: /npm_[a-z0-9]{6}/y })], 'a\\npm_abc123').texts, []);
    assert.deepEqual(scan([rule('npm', { keywords: ['npm_'], pattern: /npm_[a-z0-9]{6}/y })], 'C:\\\\npm_abc123').texts, ['npm_abc123']);
    assert.deepEqual(scan([rule('npm', { keywords: ['npm_'], pattern: /npm_[a-z0-9]{6}/y })], 'C:\\npm_abc123', { json: false }).texts, ['npm_abc123']);
  });

  it('prefers the earlier start, then the longer match, then the earlier rule', () => {
    const long = rule('long', { keywords: ['tok_'], pattern: /tok_[a-z0-9]{8}-[a-z]{4}/y });
    const outer = rule('outer', { keywords: ['key='], pattern: /key=tok_[a-z0-9]{4}/y });
    assert.deepEqual(scan([TOKEN, long], 'tok_abcd1234-wxyz').found.map((f) => f.rule.id), ['long']);
    assert.deepEqual(scan([TOKEN, outer], 'key=tok_abcd1234').found.map((f) => f.rule.id), ['outer']);
    assert.deepEqual(scan([TOKEN, { ...TOKEN, id: 'twin' }], 'tok_abcd1234').found.map((f) => f.rule.id), ['token']);
  });

  it('replaces a group alone, and looks before the keyword where a rule needs it', () => {
    const host = rule('host', { keywords: ['.example.com'], before: 8, pattern: /(?<secret>[a-z0-9]{4,8})\.example\.com/y });
    assert.deepEqual(scan([host], 'https://ab12cd.example.com/').texts, ['ab12cd']);
    assert.deepEqual(scan([host], 'https://ab.example.com/').texts, []);
  });

  it('leaves placeholders and references alone', () => {
    const any = rule('any', { keywords: ['k='], pattern: /k=(?<secret>\S{1,80})/y });
    for (const text of ['aegis-github-token-k7q2m4xd5t2p', 'AEGIS-KEY-K7Q2M4XD5T2P', '${TOKEN}', '$(pass show x)', '<your-key>', '{{ secret }}', 'xxxxxxxx', '****', 'process.env.KEY', 'abc...def', 'your-api-key-here', '$TOKEN', '%TOKEN%']) {
      assert.deepEqual(scan([any], `k=${text.replace(/ /g, '')}`).texts, [], text);
    }
    assert.deepEqual(scan([any], 'k=a1b2c3').texts, ['a1b2c3']);
  });

  it('judges a value by the key of its object', () => {
    assert.deepEqual(scan(RULES, 'tr0ub4dor&3', { key: 'password' }).texts, ['tr0ub4dor&3']);
    assert.deepEqual(scan(RULES, alnum(32), { key: 'api_key' }).texts, [alnum(32)]);
    assert.deepEqual(scan(RULES, hex(32), { key: 'cache_key' }).texts, []);
    assert.deepEqual(scan(RULES, 'string', { key: 'password' }).texts, []);
    assert.deepEqual(scan(RULES, 'the password is not here', { key: 'content' }).texts, []);
  });

  it('says of plain values that they are certain only where they stand', () => {
    const certain = (text: string): boolean | undefined => scan(RULES, text).found[0]?.certain;
    assert.equal(certain('postgres://app:postgres@db.internal/app'), false);
    assert.equal(certain('DB_PASSWORD=hunter2'), false);
    assert.equal(certain(`DB_PASSWORD=${alnum(16)}`), true);
    assert.equal(certain(`x sk-${alnum(48)}`), true);
  });

  it('finds the same in a string and in all its windows', () => {
    const text = Array.from({ length: 300 }, (_, i) => `line ${i} of text\\nTOKEN=sk-proj-${alnum(40, i)}\\n`).join('');
    assert.equal(scan(RULES, text).texts.filter((found) => found.startsWith('sk-proj-')).length, 300);
  });

  it('refuses patterns that are not sticky', () => {
    assert.throws(() => createEngine([rule('loose', { keywords: ['abc'], pattern: /abc/ })]), TypeError);
  });
});
