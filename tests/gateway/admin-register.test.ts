import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { startGateway } from '../support/gateway.ts';

const KEY = { gateway_key: 'agent' };
const BASE = 'https://api.anthropic.com/v1';

test('register answers a token and its base URL, and the same once more', async (t) => {
  const gateway = await startGateway(t);
  const first = await gateway.admin('register', { upstream_base: BASE, ...KEY });
  assert.equal(first.status, 200);
  const token = String(first.body['token']);
  assert.match(token, /^[0-9A-Za-z]{24}$/);
  assert.deepEqual(first.body, { token, baseUrl: `${gateway.url}/v1/__gw__/t/${token}` });
  const again = await gateway.admin('register', { upstream_base: `${BASE}//`, ...KEY });
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, { ...first.body, already_registered: true });
  const other = await gateway.admin('register', { upstream_base: 'https://api.anthropic.com', ...KEY });
  assert.notEqual(other.body['token'], token);
});

test('lookup finds what was registered in any spelling of its base', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register(BASE);
  for (const spelling of [BASE, `${BASE}/`, 'HTTPS://API.anthropic.com:443/v1']) {
    const { status, body } = await gateway.admin('lookup', { upstream_base: spelling, ...KEY });
    assert.deepEqual([status, body], [200, { token, baseUrl: `${gateway.url}/v1/__gw__/t/${token}` }]);
  }
  const missing = await gateway.admin('lookup', { upstream_base: 'https://api.anthropic.com/v2', ...KEY });
  assert.equal(missing.status, 404);
  checkEnvelope(missing.body, 'not_found');
});

test('unregister takes a token away at once', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  const probe = (): Promise<Response> => fetch(`${gateway.url}/v1/__gw__/t/${token}`);
  assert.equal((await probe()).status, 200);
  assert.deepEqual(await gateway.admin('unregister', { token, ...KEY }), { status: 200, body: { ok: true } });
  assert.equal((await probe()).status, 404);
  const again = await gateway.admin('unregister', { token, ...KEY });
  assert.equal(again.status, 404);
  checkEnvelope(again.body, 'token_not_found');
  assert.notEqual(await gateway.register('http://127.0.0.1:9'), token);
});

test('mode, level and note are kept in the file', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register(BASE, { mode: 'redact', level: 'high', note: 'Claude "work"' });
  const file = JSON.parse(await readFile(gateway.tokensPath, 'utf8')) as { tokens: Record<string, unknown> };
  assert.deepEqual(file.tokens[token], { upstream_base: BASE, mode: 'redact', level: 'high', note: 'Claude "work"' });
});

test('an address that no upstream may have is not registered', async (t) => {
  const gateway = await startGateway(t);
  for (const base of ['http://169.254.169.254/latest', 'http://[::ffff:169.254.169.254]', 'http://2852039166', 'http://metadata.google.internal', 'http://0.0.0.0:8080', 'http://[fe80::1]']) {
    const { status, body } = await gateway.admin('register', { upstream_base: base, ...KEY });
    assert.equal(status, 400, base);
    checkEnvelope(body, 'invalid_upstream');
  }
});

test('the gateway is not registered as its own upstream', async (t) => {
  const gateway = await startGateway(t);
  for (const host of ['127.0.0.1', 'localhost', '127.0.0.9', 'LOCALHOST.']) {
    const { status, body } = await gateway.admin('register', { upstream_base: `http://${host}:${gateway.port}/v1`, ...KEY });
    assert.equal(status, 400, host);
    checkEnvelope(body, 'invalid_upstream');
  }
});

test('only hosts that AEGIS_UPSTREAM_ALLOW names are registered, where it names any', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_ALLOW: '127.0.0.1:11434,*.example.com,10.0.0.0/8' } });
  for (const base of ['http://127.0.0.1:11434/v1', 'http://10.1.2.3/v1']) assert.match(await gateway.register(base), /^\w{24}$/);
  for (const base of ['http://127.0.0.1:11435/v1', 'http://11.1.2.3', 'http://evil.invalid', 'http://example.com']) {
    const { status, body } = await gateway.admin('register', { upstream_base: base, ...KEY });
    assert.equal(status, 400, base);
    checkEnvelope(body, 'invalid_upstream');
  }
});

describe('what is wrong with the input', () => {
  const cases: readonly (readonly [string, string, unknown, number, string, string | null])[] = [
    ['a wrong key', 'register', { upstream_base: BASE, gateway_key: 'wrong' }, 403, 'gateway_key_invalid', 'gateway_key'],
    ['an empty key', 'register', { upstream_base: BASE, gateway_key: '' }, 403, 'gateway_key_invalid', 'gateway_key'],
    ['a key that only begins right', 'register', { upstream_base: BASE, gateway_key: 'agent ' }, 403, 'gateway_key_invalid', 'gateway_key'],
    ['a key that is a list', 'lookup', { upstream_base: BASE, gateway_key: ['agent'] }, 403, 'gateway_key_invalid', 'gateway_key'],
    ['no key', 'unregister', { token: 'x' }, 400, 'missing_params', 'gateway_key'],
    ['a wrong key and nothing else', 'unregister', { gateway_key: 'x' }, 403, 'gateway_key_invalid', 'gateway_key'],
    ['no base', 'register', KEY, 400, 'missing_params', 'upstream_base'],
    ['an empty base', 'register', { upstream_base: '', ...KEY }, 400, 'missing_params', 'upstream_base'],
    ['a base that is null', 'lookup', { upstream_base: null, ...KEY }, 400, 'missing_params', 'upstream_base'],
    ['no token', 'unregister', KEY, 400, 'missing_params', 'token'],
    ['a base that is a number', 'register', { upstream_base: 5, ...KEY }, 400, 'invalid_parameters', 'upstream_base'],
    ['a token that is a list', 'unregister', { token: ['x'], ...KEY }, 400, 'invalid_parameters', 'token'],
    ['a base that is no URL', 'register', { upstream_base: 'api.anthropic.com', ...KEY }, 400, 'invalid_upstream', 'upstream_base'],
    ['a base with credentials', 'register', { upstream_base: 'https://u:p@h', ...KEY }, 400, 'invalid_upstream', 'upstream_base'],
    ['a base with a query', 'lookup', { upstream_base: 'https://h?x', ...KEY }, 400, 'invalid_upstream', 'upstream_base'],
    ['the example', 'register', { upstream_base: 'https://your-upstream.example.com/v1', ...KEY }, 400, 'example_upstream_forbidden', 'upstream_base'],
    ['an unknown mode', 'register', { upstream_base: BASE, mode: 'off', ...KEY }, 400, 'invalid_filter_mode', 'mode'],
    ['a mode that is null', 'register', { upstream_base: BASE, mode: null, ...KEY }, 400, 'invalid_filter_mode', 'mode'],
    ['an unknown level', 'register', { upstream_base: BASE, level: 'max', ...KEY }, 400, 'invalid_parameters', 'level'],
    ['a note that is too long', 'register', { upstream_base: BASE, note: 'x'.repeat(201), ...KEY }, 400, 'invalid_parameters', 'note'],
    ['an unknown token', 'unregister', { token: '__proto__', ...KEY }, 404, 'token_not_found', 'token'],
    ['no JSON', 'register', '{"upstream_base":', 400, 'invalid_json', null],
    ['an empty body', 'register', '', 400, 'invalid_json', null],
    ['a list', 'register', '[]', 400, 'invalid_json', null],
    ['null', 'register', 'null', 400, 'invalid_json', null],
    ['a body that is too large', 'register', `{"note":"${'x'.repeat(70_000)}"}`, 413, 'request_body_too_large', null],
  ];
  test('each has its code, its field, and leaves the file alone', async (t) => {
    const gateway = await startGateway(t);
    for (const [what, call, body, status, code, param] of cases) {
      const answer = await gateway.admin(call, body);
      assert.equal(answer.status, status, what);
      assert.equal(checkEnvelope(answer.body, code).error.param, param, what);
    }
    await assert.rejects(readFile(gateway.tokensPath), { code: 'ENOENT' });
  });
});
