import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalHost, parseHostList, splitHostPort } from '../../../src/http/host-list.ts';

describe('host and port are taken apart', () => {
  const cases: readonly (readonly [string, string, number | undefined])[] = [
    ['example.com', 'example.com', undefined],
    ['EXAMPLE.com.:8080', 'example.com', 8080],
    ['localhost:0', 'localhost', 0],
    ['127.0.0.1:18080', '127.0.0.1', 18080],
    ['[::1]', '::1', undefined],
    ['[::1]:8080', '::1', 8080],
    ['::1', '::1', undefined],
    ['[FE80::1]:1', 'fe80::1', 1],
    ['a_b.example', 'a_b.example', undefined],
  ];
  for (const [text, hostname, port] of cases) test(text, () => assert.deepEqual(splitHostPort(text), { hostname, port }));
});

test('what is no host is none', () => {
  for (const text of [
    '', ' ', 'a b', 'a:b', 'a:', ':80', 'a:65536', 'a:123456', 'a:1:2', 'user@host', 'http://a', 'a/b', 'a?b', 'a#b', 'a\\b', '[::1', '::1]', '[::1]x', '[a]', '[127.0.0.1]', '[::1]:', 'a\nb', 'a,b c', '[::1]:-1',
  ]) {
    assert.equal(splitHostPort(text), undefined, JSON.stringify(text));
  }
});

test('a name without its last dot, its brackets and its capitals', () => {
  assert.equal(canonicalHost('Example.COM.'), 'example.com');
  assert.equal(canonicalHost('[::1]'), '::1');
  assert.equal(canonicalHost('[::1].'), '::1');
  assert.equal(canonicalHost('[169.254.169.254.]'), '169.254.169.254', 'one form, however it is asked for');
});

describe('a list', () => {
  const cases: readonly (readonly [string, string, number, boolean])[] = [
    ['', 'a', 80, false],
    ['a.example', 'A.example.', 443, true],
    ['a.example', 'b.a.example', 443, false],
    ['a.example:8080', 'a.example', 8080, true],
    ['a.example:8080', 'a.example', 8081, false],
    ['*.a.example', 'b.a.example', 1, true],
    ['*.a.example', 'c.b.a.example', 1, true],
    ['*.a.example', 'a.example', 1, false],
    ['*.a.example', 'ba.example', 1, false],
    ['*.a.example:443', 'b.a.example', 80, false],
    ['10.0.0.0/8', '10.1.2.3', 1, true],
    ['10.0.0.0/8', '11.1.2.3', 1, false],
    ['10.0.0.0/8', '10.1.2.3.example', 1, false],
    ['[fd00::]/8', 'fd12::1', 1, true],
    ['fd00::/8', 'fd12::1', 1, true],
    ['::1', '::1', 1, true],
    ['[::1]:80', '[::1]', 80, true],
    ['x , y', 'y', 1, true],
  ];
  for (const [list, host, port, expected] of cases) {
    test(`${list || 'nothing'} ${expected ? 'has' : 'lacks'} ${host}:${port}`, () => assert.equal(parseHostList(list).has(host, port), expected));
  }
});

test('an entry that is no host is refused with the words of what is allowed', () => {
  for (const text of ['*', '*.', 'a.*.b', '**.a', 'http://a', 'a/8', '10.0.0.0/33', '*.10.0.0.0/8', 'a b', 'a:x']) assert.throws(() => parseHostList(text), /host names/, text);
});
