import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/errors.ts';
import { route, splitTarget } from '../../src/router.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error.code;
  }
  return 'none';
}

describe('a token route keeps path and query as they came', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['/v1/__gw__/t/Ab1/messages', '/messages', ''],
    ['/v1/__gw__/t/Ab1/messages?beta=true', '/messages', '?beta=true'],
    ['/v1/__gw__/t/Ab1?x', '', '?x'],
    ['/v1/__gw__/t/Ab1?', '', '?'],
    ['/v1/__gw__/t/Ab1/', '/', ''],
    ['/v1/__gw__/t/Ab1//double//slash/', '//double//slash/', ''],
    ['/v1/__gw__/t/Ab1/a%2Fb%20c%zz/%E4?q=%2F&q=&=&a=b?c#d', '/a%2Fb%20c%zz/%E4', '?q=%2F&q=&=&a=b?c#d'],
    ['/v1/__gw__/t/Ab1/models/gemini-2.5-pro:streamGenerateContent?alt=sse', '/models/gemini-2.5-pro:streamGenerateContent', '?alt=sse'],
    ['/v1/__gw__/t/Ab1/./x', '/./x', ''],
    ['/v1/__gw__/t/Ab1/a..b/...', '/a..b/...', ''],
    ['/v1/__gw__/t/Ab1/x?../..', '/x', '?../..'],
    ['/v1/__gw__/t/Ab1/v1/__gw__/t/Ab2/x', '/v1/__gw__/t/Ab2/x', ''],
  ];
  for (const [path, rest, query] of cases) {
    test(path, () => {
      assert.deepEqual(route('POST', path), { kind: 'forward', token: 'Ab1', mode: undefined, rest, query });
    });
  }
});

test('any method is a token route', () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND']) {
    assert.equal(route(method, '/v1/__gw__/t/Ab1/x').kind, 'forward');
  }
});

test('the mode stands after two underscores', () => {
  for (const mode of ['redact', 'passthrough']) {
    assert.deepEqual(route('POST', `/v1/__gw__/t/Ab_1__${mode}/x`), { kind: 'forward', token: 'Ab_1', mode, rest: '/x', query: '' });
  }
  for (const suffix of ['', 'full', 'Redact', 'REDACT', 'redact__redact', '_redact', 'redact%20', 'pass', 'constructor']) {
    assert.equal(codeOf(() => route('POST', `/v1/__gw__/t/Ab1__${suffix}/x`)), 'invalid_filter_mode', suffix);
  }
});

test('a probe is a GET or HEAD of the base URL or of /api/hello', () => {
  for (const method of ['GET', 'HEAD']) {
    for (const rest of ['', '/', '/api/hello', '?x=1', '/api/hello?x']) assert.equal(route(method, `/v1/__gw__/t/Ab1${rest}`).kind, 'probe', rest);
    for (const rest of ['//', '/api/hello/', '/api', '/x/api/hello', '/API/hello']) assert.equal(route(method, `/v1/__gw__/t/Ab1${rest}`).kind, 'forward', rest);
  }
  for (const rest of ['', '/', '/api/hello']) assert.equal(route('POST', `/v1/__gw__/t/Ab1${rest}`).kind, 'forward');
});

describe('a path that climbs out of its prefix is refused', () => {
  for (const rest of [
    '/..', '/../', '/../x', '/a/..', '/a/../../x', '/%2e%2e/x', '/%2E%2E', '/.%2e/x', '/%2e./x', '/%252e%252e/x', '/%25252e%25252e', '/%2525252525252e%2e/x',
    '/..%2fx', '/a%2f..%2fx', '/a%2F%2E%2e%2Fx', '/..\\x', '/a\\..\\x', '/a%5c..%5cx', '/%5c%2e%2e', '/..;x/y', '/..;/y', '/..%3bx/', '/%2e%2e%253b/',
    '/v1/../x', '/v1/%2e%2e/%2e%2e/admin', '//..//x',
  ]) {
    test(rest, () => {
      for (const query of ['', '?a=b']) assert.equal(codeOf(() => route('POST', `/v1/__gw__/t/Ab1${rest}${query}`)), 'invalid_parameters');
    });
  }
});

describe('dots that climb nowhere pass', () => {
  for (const rest of ['/.', '/./x', '/...', '/a..', '/..a', '/a..b', '/%2e', '/%2e%2e%2e', '/x%2ejson', '/%252e', '/a;..', '/100%25', '/.well-known/x', '/....//x']) {
    test(rest, () => {
      assert.equal(route('POST', `/v1/__gw__/t/Ab1${rest}`).kind, 'forward');
    });
  }
});

test('looking for dots takes time in line with the length', () => {
  // Sizes as large as headers may be: a quadratic look would not end within the test's own limit.
  for (const piece of ['%25', '%2e', '..', '/..a', '%252e', ';..', '%2525']) {
    const rest = `/${piece.repeat(Math.floor(120_000 / piece.length))}`;
    assert.notEqual(codeOf(() => route('POST', `/v1/__gw__/t/Ab1${rest}`)), 'internal_error');
  }
});

describe('what is no route', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['POST', '/v1/messages', 'invalid_parameters'],
    ['POST', '/v1/chat/completions', 'invalid_parameters'],
    ['GET', '/v1/models', 'invalid_parameters'],
    ['POST', '/v1/__gw__/t/', 'invalid_parameters'],
    ['POST', '/v1/__gw__/t', 'invalid_parameters'],
    ['POST', '/v1/__gw__/t//messages', 'invalid_parameters'],
    ['POST', '/V1/__GW__/T/Ab1/x', 'invalid_parameters'],
    ['POST', '//v1/__gw__/t/Ab1/x', 'invalid_parameters'],
    ['OPTIONS', '*', 'invalid_parameters'],
    ['GET', '/healthz', 'invalid_parameters'],
    ['GET', '/constructor', 'invalid_parameters'],
    ['GET', '', 'invalid_parameters'],
    ['GET', '/', 'not_found'],
    ['POST', '/__gw__/', 'not_found'],
    ['POST', '/__gw__/delete', 'not_found'],
    ['POST', '/__gw__/register/', 'not_found'],
    ['POST', '/__gw__/Register', 'not_found'],
    ['GET', '/__gw__/register', 'method_not_allowed'],
    ['OPTIONS', '/__gw__/lookup', 'method_not_allowed'],
    ['DELETE', '/__gw__/unregister', 'method_not_allowed'],
    ['POST', '/health', 'method_not_allowed'],
    ['POST', '/ready', 'method_not_allowed'],
    ['POST', '/metrics', 'method_not_allowed'],
  ];
  for (const [method, path, code] of cases) {
    test(`${method} ${path}`, () => {
      assert.equal(codeOf(() => route(method, path)), code);
    });
  }
});

test('the message for a path without a token shows the right base URL', () => {
  assert.throws(() => route('POST', '/v1/messages'), /\/v1\/__gw__\/t\/<TOKEN>/);
});

test('the fixed routes take a query', () => {
  assert.equal(route('GET', '/health?x=1').kind, 'health');
  assert.equal(route('HEAD', '/ready').kind, 'ready');
  assert.equal(route('GET', '/metrics?').kind, 'metrics');
  for (const call of ['register', 'lookup', 'unregister'] as const) {
    const found = route('POST', `/__gw__/${call}`);
    assert.ok(found.kind === 'admin' && found.call === call);
  }
});

describe('a target of absolute form is taken apart', () => {
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    ['/x?y', undefined, '/x?y'],
    ['//evil/x', undefined, '//evil/x'],
    ['http://127.0.0.1:18080/health', '127.0.0.1:18080', '/health'],
    ['HTTP://LOCALHOST/health', 'LOCALHOST', '/health'],
    ['https://evil.example', 'evil.example', '/'],
    ['http://evil.example?a', 'evil.example', '/?a'],
    ['http://user@127.0.0.1/x', 'user@127.0.0.1', '/x'],
    ['http://evil.example\\@127.0.0.1/x', 'evil.example\\@127.0.0.1', '/x'],
    ['http:///x', '', '/x'],
    ['ftp://x/y', undefined, 'ftp://x/y'],
    ['*', undefined, '*'],
  ];
  for (const [raw, authority, path] of cases) {
    test(raw, () => {
      assert.deepEqual(splitTarget(raw), { authority, path });
    });
  }
});
