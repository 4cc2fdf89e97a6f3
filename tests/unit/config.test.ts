import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError, DEFAULT_GATEWAY_KEY, readConfig, SETTING_NAMES } from '../../src/config.ts';

type Env = Record<string, string>;

/** What is wrong with a setting, as one text; fails when nothing is. */
function problemsOf(env: Env): string {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.join('\n');
  }
  assert.fail(`these settings were taken: ${JSON.stringify(env)}`);
}

test('an empty environment is a whole configuration', () => {
  const config = readConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 18080);
  assert.equal(config.gatewayKey, 'agent');
  assert.equal(config.tokensPath, 'config/gw_tokens.json');
  assert.equal(config.securityLevel, 'medium');
  assert.equal(config.publicUrl, undefined);
  assert.equal(config.upstreamAllow, undefined);
  assert.equal(config.maxRequestBodyBytes, 67_108_864);
  assert.equal(config.requestHoldBytes, 1_048_576);
  assert.equal(config.upstreamConnectTimeoutMs, 10_000);
  assert.equal(config.upstreamIdleTimeoutMs, 600_000);
  assert.equal(config.maxConnections, 0);
  assert.equal(config.maxConcurrentPerToken, 0);
  assert.equal(config.workers, 1);
  assert.equal(config.shutdownGraceMs, 30_000);
  assert.equal(config.logLevel, 'info');
  assert.equal(config.logFormat, undefined);
  assert.ok(config.adminAllow.has('127.0.0.1') && config.adminAllow.has('::1') && config.adminAllow.has('::ffff:127.0.0.1'));
  assert.ok(!config.adminAllow.has('192.168.0.2'));
  assert.ok(config.trustedProxies.empty);
  assert.ok(Object.isFrozen(config));
});

test('every setting that the contract names is known', () => {
  for (const name of [
    'AEGIS_HOST', 'AEGIS_PORT', 'AEGIS_GATEWAY_KEY', 'AEGIS_GW_TOKENS_PATH', 'AEGIS_SECURITY_LEVEL', 'AEGIS_PUBLIC_URL', 'AEGIS_ADMIN_ALLOW',
    'AEGIS_ALLOWED_HOSTS', 'AEGIS_TRUSTED_PROXY_IPS', 'AEGIS_UPSTREAM_ALLOW', 'AEGIS_UPSTREAM_PROXY', 'AEGIS_MAX_REQUEST_BODY_BYTES',
    'AEGIS_REQUEST_HOLD_BYTES', 'AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS', 'AEGIS_UPSTREAM_IDLE_TIMEOUT_MS', 'AEGIS_MAX_CONNECTIONS',
    'AEGIS_MAX_CONCURRENT_PER_TOKEN', 'AEGIS_SECRET_FILES', 'AEGIS_RULES_PATH', 'AEGIS_PLACEHOLDER_KEY', 'AEGIS_AUDIT_LOG_PATH',
    'AEGIS_LOG_LEVEL', 'AEGIS_LOG_FORMAT', 'AEGIS_WORKERS', 'AEGIS_SHUTDOWN_GRACE_MS',
  ]) {
    assert.ok(SETTING_NAMES.includes(name), name);
  }
});

describe('a value that is not allowed is named with its variable and what is allowed', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['AEGIS_PORT', '65536', /0 to 65535/],
    ['AEGIS_PORT', '-1', /0 to 65535/],
    ['AEGIS_PORT', '80.5', /whole number/],
    ['AEGIS_PORT', '0x50', /whole number/],
    ['AEGIS_PORT', '1e3', /whole number/],
    ['AEGIS_PORT', '', /whole number/],
    ['AEGIS_PORT', ' 80', /whole number/],
    ['AEGIS_PORT', '٨٠', /whole number/],
    ['AEGIS_HOST', '', /without a port/],
    ['AEGIS_HOST', '127.0.0.1:8080', /without a port/],
    ['AEGIS_HOST', '[::1]:8080', /without a port/],
    ['AEGIS_HOST', 'http://localhost', /without a port/],
    ['AEGIS_HOST', 'a b', /without a port/],
    ['AEGIS_SECURITY_LEVEL', 'paranoid', /low, medium, high/],
    ['AEGIS_SECURITY_LEVEL', '', /low, medium, high/],
    ['AEGIS_GW_TOKENS_PATH', ' ', /a path/],
    ['AEGIS_PUBLIC_URL', 'gw.example.com', /http or https URL/],
    ['AEGIS_PUBLIC_URL', 'ftp://gw.example.com', /http or https URL/],
    ['AEGIS_PUBLIC_URL', 'https://gw.example.com/?a=b', /without query/],
    ['AEGIS_PUBLIC_URL', 'https://gw.example.com/?', /without query/],
    ['AEGIS_PUBLIC_URL', 'https://gw.example.com/#', /without query/],
    ['AEGIS_ADMIN_ALLOW', 'office', /CIDR/],
    ['AEGIS_ADMIN_ALLOW', '10.0.0.0/33', /CIDR/],
    ['AEGIS_ADMIN_ALLOW', '10.0.0.0/8/8', /CIDR/],
    ['AEGIS_ADMIN_ALLOW', '10.0.0.0/', /CIDR/],
    ['AEGIS_ADMIN_ALLOW', '10.0.0.256', /CIDR/],
    ['AEGIS_ADMIN_ALLOW', '10.0.0.1 10.0.0.2', /CIDR/],
    ['AEGIS_TRUSTED_PROXY_IPS', '*', /CIDR/],
    ['AEGIS_ALLOWED_HOSTS', '*', /host names/],
    ['AEGIS_ALLOWED_HOSTS', 'https://gw.example.com', /host names/],
    ['AEGIS_ALLOWED_HOSTS', 'gw.example.com:99999', /host names/],
    ['AEGIS_UPSTREAM_ALLOW', 'api.*.com', /host names/],
    ['AEGIS_MAX_REQUEST_BODY_BYTES', '64MB', /whole number/],
    ['AEGIS_MAX_REQUEST_BODY_BYTES', '9007199254740992', /whole number/],
    ['AEGIS_REQUEST_HOLD_BYTES', '1073741825', /whole number/],
    ['AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS', '0', /from 1 to 2147483647/],
    ['AEGIS_UPSTREAM_IDLE_TIMEOUT_MS', '2147483648', /from 1 to 2147483647/],
    ['AEGIS_MAX_CONNECTIONS', '-5', /whole number/],
    ['AEGIS_MAX_CONCURRENT_PER_TOKEN', 'many', /whole number/],
    ['AEGIS_LOG_LEVEL', 'verbose', /debug, info, warn, error, silent/],
    ['AEGIS_LOG_FORMAT', 'xml', /pretty, json/],
    ['AEGIS_SHUTDOWN_GRACE_MS', '30s', /whole number/],
    ['AEGIS_WORKERS', '0', /from 1 to 256/],
    ['AEGIS_WORKERS', '257', /from 1 to 256/],
    ['AEGIS_WORKERS', 'auto', /whole number/],
  ];
  for (const [name, value, allowed] of cases) {
    test(`${name}=${JSON.stringify(value)}`, () => {
      const told = problemsOf({ [name]: value });
      assert.ok(told.startsWith(`${name}: `), told);
      assert.ok(told.includes(JSON.stringify(value)), told);
      assert.match(told, allowed);
    });
  }
});

test('all that is wrong is told at once, one line a setting', () => {
  const told = problemsOf({ AEGIS_PORT: 'x', AEGIS_LOG_LEVEL: 'y', AEGIS_SECRET: 'z' }).split('\n');
  assert.equal(told.length, 3);
});

test('an unknown AEGIS_ variable is named without its value, which may be a misspelt secret', () => {
  const told = problemsOf({ AEGIS_GATEWAY_KEYS: 'canary-4711' });
  assert.match(told, /^AEGIS_GATEWAY_KEYS is not a setting; known are AEGIS_HOST, /);
  assert.ok(!told.includes('canary-4711'));
});

test('a setting in other letters that the environment would not find under its name is named', () => {
  assert.match(problemsOf({ Aegis_Security_Level: 'high' }), /Aegis_Security_Level is not a setting/);
});

test('an environment that knows no case, as on Windows, may spell names as it likes', () => {
  const values: Env = { aegis_port: '1234' };
  const env = new Proxy(values, { get: (target, name) => target[String(name).toLowerCase()] });
  assert.equal(readConfig(env).port, 1234);
});

test('other variables are none of its business', () => {
  assert.equal(readConfig({ AEGISX: '1', PATH: '/bin', MY_AEGIS_PORT: '5' }).port, 18080);
});

test('the gateway key is never shown, not even when it is not allowed', () => {
  const told = problemsOf({ AEGIS_GATEWAY_KEY: '   ', AEGIS_PORT: 'x' });
  assert.match(told, /AEGIS_GATEWAY_KEY: its value is not allowed; it takes a non-empty text/);
  const other = problemsOf({ AEGIS_GATEWAY_KEY: 'canary-4711', AEGIS_PORT: 'x' });
  assert.ok(!other.includes('canary-4711'));
});

test('a password in a URL setting is never shown', () => {
  for (const value of ['https://user:canary-4711@gw.example.com', 'user:canary-4711@gw.example.com', 'ftp://u:canary-4711@h']) {
    const told = problemsOf({ AEGIS_PUBLIC_URL: value });
    assert.match(told, /^AEGIS_PUBLIC_URL: /);
    assert.ok(!told.includes('canary-4711'), told);
  }
  for (const name of ['AEGIS_UPSTREAM_PROXY', 'HTTPS_PROXY', 'http_proxy']) {
    const told = problemsOf({ [name]: 'socks5://user:canary-4711@proxy' });
    assert.ok(told.startsWith(`${name}: `), told);
    assert.ok(!told.includes('canary-4711'), told);
  }
});

test('every value of a kind is read whatever its letters', () => {
  assert.equal(readConfig({ AEGIS_SECURITY_LEVEL: 'HIGH' }).securityLevel, 'high');
  assert.equal(readConfig({ AEGIS_LOG_FORMAT: 'Pretty' }).logFormat, 'pretty');
  assert.equal(readConfig({ AEGIS_PORT: '0' }).port, 0);
  assert.equal(readConfig({ AEGIS_HOST: '[::1]' }).host, '::1');
  assert.equal(readConfig({ AEGIS_HOST: 'fe80::1%eth0', AEGIS_GATEWAY_KEY: 'long' }).host, 'fe80::1%eth0');
});

test('the public URL loses its trailing slashes and keeps its path', () => {
  assert.equal(readConfig({ AEGIS_PUBLIC_URL: 'https://GW.example.com//' }).publicUrl, 'https://gw.example.com');
  assert.equal(readConfig({ AEGIS_PUBLIC_URL: 'https://gw.example.com/aegis/' }).publicUrl, 'https://gw.example.com/aegis');
  assert.equal(readConfig({ AEGIS_PUBLIC_URL: '' }).publicUrl, undefined);
});

describe('the default gateway key', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'gw.example.com', '128.0.0.1', '127.example.com', '127.0.0.999', '::ffff:0.0.0.0']) {
    test(`is refused with AEGIS_HOST=${host}`, () => {
      for (const env of [{ AEGIS_HOST: host }, { AEGIS_HOST: host, AEGIS_GATEWAY_KEY: DEFAULT_GATEWAY_KEY }]) {
        const told = problemsOf(env);
        assert.match(told, /^AEGIS_GATEWAY_KEY: the default key is refused/);
        assert.ok(told.includes(host));
      }
      assert.equal(readConfig({ AEGIS_HOST: host, AEGIS_GATEWAY_KEY: 'a long text' }).host, host);
    });
  }
  for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost', '[::1]']) {
    test(`is taken with AEGIS_HOST=${host}`, () => {
      assert.equal(readConfig({ AEGIS_HOST: host }).gatewayKey, DEFAULT_GATEWAY_KEY);
    });
  }
});
