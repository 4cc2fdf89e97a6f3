import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseProxySettings } from '../../../src/http/proxy-settings.ts';

type Env = Record<string, string>;

/** The proxy for a URL, as `protocol//host:port`. */
function via(url: string, env: Env, own?: string): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  assert.ok(protocol === 'http:' || protocol === 'https:');
  const proxy = parseProxySettings(own, env).proxyFor(protocol, hostname.replace(/^\[(.*)\]$/, '$1'), port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));
  return proxy && `${proxy.protocol}//${proxy.hostname}:${proxy.port}`;
}

test('without any variable upstreams are reached directly', () => {
  assert.equal(via('https://api.example', {}), undefined);
  assert.equal(via('https://api.example', { HTTPS_PROXY: '', HTTP_PROXY: ' ', NO_PROXY: '' }), undefined);
});

test('each scheme has its variable, lower case first', () => {
  const env = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' };
  assert.equal(via('https://api.example', env), 'http://s:1');
  assert.equal(via('http://api.example', env), 'http://p:2');
  assert.equal(via('https://api.example', { ...env, https_proxy: 'http://lower:3' }), 'http://lower:3');
  assert.equal(via('https://api.example', { ...env, https_proxy: '' }), 'http://s:1');
  assert.equal(via('http://api.example', { HTTPS_PROXY: 'http://s:1' }), undefined);
});

test('the gateway\'s own setting stands for both schemes and wins', () => {
  const env = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' };
  assert.equal(via('https://api.example', env, 'https://own'), 'https://own:443');
  assert.equal(via('http://api.example', env, 'own.example:3128'), 'http://own.example:3128');
  assert.equal(via('http://api.example', env, '  '), 'http://p:2');
});

test('loopback upstreams are never proxied, and only those', () => {
  const env = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' };
  for (const host of ['localhost', 'LOCALHOST.', 'ollama.localhost', '127.0.0.1', '127.9.9.9', '[::1]']) assert.equal(via(`http://${host}:11434`, env), undefined, host);
  for (const host of ['127.evil.example', 'localhost.example', 'notlocalhost', '10.0.0.1', '128.0.0.1', '[::2]']) assert.equal(via(`http://${host}:11434`, env), 'http://p:2', host);
});

describe('NO_PROXY', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['*', 'https://api.example', true],
    ['a,*', 'https://api.example', true],
    ['api.example', 'https://api.example', true],
    ['API.example', 'https://Api.Example', true],
    ['api.example', 'https://v1.api.example', true],
    ['.api.example', 'https://v1.api.example', true],
    ['*.api.example', 'https://v1.api.example', true],
    ['api.example', 'https://xapi.example', false],
    ['api.example', 'https://api.example.evil', false],
    ['api.example:443', 'https://api.example', true],
    ['api.example:8443', 'https://api.example', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/33', 'https://10.1.2.3', false],
    ['0.0.1', 'https://10.0.0.1', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['[fd12::1]', 'https://[fd12::1]', true],
    ['x y\tapi.example ,z', 'https://api.example', true],
    ['', 'https://api.example', false],
    [' , ', 'https://api.example', false],
    ['http://api.example', 'https://api.example', false],
  ];
  for (const [list, url, direct] of cases) {
    test(`${list || 'empty'}: ${url} ${direct ? 'directly' : 'through the proxy'}`, () => {
      for (const name of ['NO_PROXY', 'no_proxy']) assert.equal(via(url, { [name]: list }, 'http://p:1') === undefined, direct);
    });
  }
});

test('credentials of a proxy become its authorization, percent-decoded', () => {
  const proxy = parseProxySettings('http://us%40er:p%3Aw%25@proxy:3128', {}).proxyFor('https:', 'api.example', 443);
  assert.equal(proxy?.authorization, `Basic ${Buffer.from('us@er:p:w%').toString('base64')}`);
  assert.equal(parseProxySettings('http://proxy:3128', {}).proxyFor('https:', 'api.example', 443)?.authorization, undefined);
});

test('what is no proxy is refused by its variable\'s name and never shown', () => {
  for (const text of ['socks5://canary:1', 'ftp://canary', 'http://', 'http://canary:99999', 'http://u:%zzcanary@h', '://canary', 'canary host']) {
    assert.throws(() => parseProxySettings(text, {}), (error: Error) => error.message.startsWith('AEGIS_UPSTREAM_PROXY: ') && !error.message.includes('canary'), text);
    assert.throws(() => parseProxySettings(undefined, { HTTPS_PROXY: text }), (error: Error) => error.message.startsWith('HTTPS_PROXY: ') && !error.message.includes('canary'), text);
  }
});
