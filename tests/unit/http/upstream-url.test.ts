import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../src/errors.ts';
import { parseUpstreamBase, upstreamTarget } from '../../../src/http/upstream-url.ts';

describe('a base has one normal form', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['https://api.anthropic.com/v1', 'https://api.anthropic.com/v1'],
    ['https://api.anthropic.com/v1/', 'https://api.anthropic.com/v1'],
    ['https://api.anthropic.com/v1///', 'https://api.anthropic.com/v1'],
    ['https://api.anthropic.com', 'https://api.anthropic.com'],
    ['https://api.anthropic.com/', 'https://api.anthropic.com'],
    ['HTTPS://API.Anthropic.COM:443/V1', 'https://api.anthropic.com/V1'],
    ['https://api.anthropic.com./v1', 'https://api.anthropic.com/v1'],
    ['  https://api.anthropic.com/v1\n', 'https://api.anthropic.com/v1'],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1'],
    ['http://localhost:80', 'http://localhost'],
    ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
    ['http://[0:0:0:0:0:0:0:1]:8080', 'http://[::1]:8080'],
    ['http://0x7f.1:8080', 'http://127.0.0.1:8080'],
    ['http://2130706433', 'http://127.0.0.1'],
    ['https://h/a/../b/./c', 'https://h/b/c'],
    ['https://h/a%2Fb/ü', 'https://h/a%2Fb/%C3%BC'],
    ['https://bücher.example/v1', 'https://xn--bcher-kva.example/v1'],
    ['https://h/deployments/x//y', 'https://h/deployments/x//y'],
  ];
  for (const [text, base] of cases) {
    test(text.trim(), () => {
      const upstream = parseUpstreamBase(text);
      assert.equal(upstream.base, base);
      // The normal form is its own.
      assert.deepEqual(parseUpstreamBase(base), upstream);
    });
  }
});

test('host, port and Host header', () => {
  const { hostname, port, hostHeader, path, protocol } = parseUpstreamBase('http://[::1]:8080/v1');
  assert.deepEqual({ hostname, port, hostHeader, path, protocol }, { hostname: '::1', port: 8080, hostHeader: '[::1]:8080', path: '/v1', protocol: 'http:' });
  assert.equal(parseUpstreamBase('https://h').port, 443);
  assert.equal(parseUpstreamBase('http://h').port, 80);
  assert.equal(parseUpstreamBase('https://h:443').hostHeader, 'h');
});

describe('what is no upstream is refused, and the message shows nothing of it', () => {
  for (const text of [
    '', ' ', 'api.anthropic.com', '/v1', 'canary', 'ftp://canary', 'file:///etc/canary', 'javascript:canary', 'data:,canary', 'ws://canary', 'http://', 'https:///',
    'https://canary@h/v1', 'https://u:canary@h/v1', 'https://:canary@h', 'https://h/?canary', 'https://h?canary=1', 'https://h/?', 'https://h#', 'https://h/v1#canary',
    'http://h:99999', 'http://h:-1', 'http://h:canary', 'http://h:0/v1', 'http://[::1', 'http://a b/', 'http://1.2.3.4.5', 'http://256.1.1.1', 'http://%00/', 'https://.',
    'https://h\u0000canary/', 'https://%2e%2e/canary',
  ]) {
    test(JSON.stringify(text), () => {
      assert.throws(() => parseUpstreamBase(text), (error) => {
        assert.ok(error instanceof GatewayError);
        assert.equal(error.code, 'invalid_upstream');
        assert.equal(error.param, 'upstream_base');
        assert.ok(!error.message.includes('canary'), error.message);
        return true;
      });
    });
  }
});

test('the example of the documentation is refused in every spelling', () => {
  for (const text of [
    'https://your-upstream.example.com/v1', 'http://YOUR-UPSTREAM.example.com', 'https://your-upstream.example.com.:443/', 'https://your%2Dupstream.example.com/x', ' https:your-upstream.example.com',
  ]) {
    assert.throws(() => parseUpstreamBase(text), { code: 'example_upstream_forbidden' }, text);
  }
  assert.doesNotThrow(() => parseUpstreamBase('https://example.com/v1'));
});

describe('path and query are put under the base byte for byte', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['https://h/v1', '/messages', '', '/v1/messages'],
    ['https://h/v1', '/messages', '?beta=true', '/v1/messages?beta=true'],
    ['https://h', '/v1/messages', '?a=&b=%2f&b=&=', '/v1/messages?a=&b=%2f&b=&='],
    ['https://h', '', '', '/'],
    ['https://h', '', '?x', '/?x'],
    ['https://h', '/', '', '/'],
    ['https://h/v1', '', '', '/v1'],
    ['https://h/v1', '/', '', '/v1/'],
    ['https://h/v1', '', '?', '/v1?'],
    ['https://h/a', '//x/%zz%2F/', '??', '/a//x/%zz%2F/??'],
    // Folding: the client's version replaces the base's.
    ['https://h/v1', '/v1/messages', '?beta=true', '/v1/messages?beta=true'],
    ['https://h/v1', '/v1', '', '/v1'],
    ['https://h/v1', '/v1/', '', '/v1/'],
    ['https://h/v1', '/v1beta/models/g:streamGenerateContent', '?alt=sse', '/v1beta/models/g:streamGenerateContent?alt=sse'],
    ['https://h/v1beta', '/v1/models', '', '/v1/models'],
    ['https://h/api/paas/v4', '/v1/messages', '', '/api/paas/v1/messages'],
    ['https://h/api/v1', '/v1/v1/x', '', '/api/v1/v1/x'],
    ['https://h/v1', '/V1/x', '', '/V1/x'],
    ['https://h/v2.1', '/v1p1beta1/x', '', '/v1p1beta1/x'],
    // Not folded: one of the two is no version.
    ['https://h/api', '/v1/messages', '', '/api/v1/messages'],
    ['https://h/v1/x', '/v1/messages', '', '/v1/x/v1/messages'],
    ['https://h/v1', '/v1x/messages', '', '/v1/v1x/messages'],
    ['https://h/v1', '/version1/x', '', '/v1/version1/x'],
    ['https://h/v1', '/v/x', '', '/v1/v/x'],
    ['https://h/v1', '/%761/x', '', '/v1/%761/x'],
    ['https://h/v1', '//v1/x', '', '/v1//v1/x'],
    ['https://h/v1', '/models/v1', '', '/v1/models/v1'],
    ['https://h/vision', '/v1/x', '', '/vision/v1/x'],
  ];
  for (const [base, rest, query, target] of cases) {
    test(`${base} + ${rest}${query}`, () => {
      assert.equal(upstreamTarget(parseUpstreamBase(base), rest, query), target);
    });
  }
});

test('a long first segment is judged in time in line with its length', () => {
  const upstream = parseUpstreamBase('https://h/v1');
  for (const piece of ['.1', 'beta', 'p1', '1', 'alpha2']) upstreamTarget(upstream, `/v1${piece.repeat(30_000)}x/y`, '');
});

test('dots at the end that hide an address, or nothing at all, are refused', () => {
  for (const text of ['http://0..', 'http://2852039166..', 'http://0xa9fea9fe..', 'http://..1.2.3.4..', 'http://..', 'http://8...']) assert.throws(() => parseUpstreamBase(text), { code: 'invalid_upstream' }, text);
  assert.equal(parseUpstreamBase('http://h.example.').base, 'http://h.example');
});
