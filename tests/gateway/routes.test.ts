import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, exchange, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

const BASE = '/v1/__gw__/t/';

test('path and query reach the upstream byte for byte', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/base`);
  const rests = [
    '/messages',
    '/messages?beta=true',
    '/messages?',
    '?only=query',
    '/?q',
    '/a?b=1&a=2&b=&=&c&&d==e',
    '/a?x=a+b%20c%2Bd',
    '/a%2Fb/c%20d/%E4%BD%A0?e=%e4%bd%a0',
    '/%41%zz/%/100%',
    '//double///slashes//?a//b',
    '/trailing/',
    '/a%2Eb/%252e%2e%2ex/%2e/%25252ec',
    '/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    '/models/org%2Fmodel@1.0;v=2,3',
    '/dots/a..b/...;/..../.hidden/./x?up=../../etc',
    "/marks/!$&'()*+,;=:@-._~",
    '/odd/"<>\\^`{|}[]',
    '/query?a?b#c',
    `/long/${'x'.repeat(20_000)}?${'y'.repeat(20_000)}`,
  ];
  for (const rest of rests) {
    const answer = await exchange(t, gateway.port, requestText('POST', BASE + token + rest));
    assert.equal(answer.status, 200, rest.slice(0, 60));
    assert.equal(upstream.last().target, `/base${rest}`);
  }
  assert.equal(upstream.requests.length, rests.length);
});

test('a target with bytes above ASCII passes as it is or is refused, never changed', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/base`);
  for (const rest of ['/high/\xe4\xf6\xff\x80', '/x?\xe9=\xfc', '/utf8/\xe4\xbd\xa0?\xf0\x9f\x98\x80']) {
    const before = upstream.requests.length;
    const answer = await exchange(t, gateway.port, requestText('POST', BASE + token + rest));
    // RFC 3986 has no such bytes in a URI; it is Node's parser that decides.
    if (answer.status === 200) assert.equal(upstream.last().target, `/base${rest}`);
    else {
      assertRefused(answer, 400, 'invalid_parameters');
      assert.equal(upstream.requests.length, before);
    }
  }
});

test('the bare token goes to the base itself, and to the root where the base has no path', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const deep = await gateway.register(`${upstream.url}/base/`);
  const root = await gateway.register(upstream.url);
  await exchange(t, gateway.port, requestText('POST', BASE + deep));
  await exchange(t, gateway.port, requestText('POST', BASE + root));
  await exchange(t, gateway.port, requestText('POST', `${BASE}${root}?a=1`));
  assert.deepEqual(upstream.requests.map(({ target }) => target), ['/base', '/', '/?a=1']);
});

test('a path that climbs out of its prefix is refused in every spelling', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/base`);
  const rests = [
    '/..', '/../', '/../x', '/a/../b', '/a/..', '//..//x', '/..?q', '/v1/../admin',
    '/%2e%2e/x', '/%2E%2E/x', '/.%2e/x', '/%2e./x', '/a/%2e%2e',
    '/..%2fx', '/a%2f..%2fb', '/%2e%2e%2fx', '/%2e%2e%5cx',
    '/..\\x', '/a\\..\\b', '/..%5Cx',
    '/%252e%252e/x', '/%25252e%252e/x', '/..%252fx', '/%2525252e%2525252e/x',
    '/..;/x', '/..;a=b/x', '/%2e%2e;/x', '/..%3bx/y',
  ];
  for (const rest of rests) {
    const answer = await exchange(t, gateway.port, requestText('POST', BASE + token + rest));
    assertRefused(answer, 400, 'invalid_parameters');
  }
  assert.equal(upstream.requests.length, 0);
});

test('every method that HTTP knows goes up as it is', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'M-SEARCH', 'HEAD'];
  for (const method of methods) {
    const answer = await exchange(t, gateway.port, requestText(method, `${BASE}${token}/x`));
    assert.equal(answer.status, 200, method);
    const { rawHeaders, body } = upstream.last();
    assert.equal(valueOf(rawHeaders, 'transfer-encoding'), undefined, `${method} has got a body`);
    assert.equal(body.length, 0);
  }
  assert.deepEqual(upstream.requests.map(({ method }) => method), methods);
});

test('the base URL and Claude Code\'s probe are answered locally', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/v1`);
  for (const target of [BASE + token, `${BASE}${token}/`, `${BASE}${token}?x=1`, `${BASE}${token}/api/hello`, `${BASE}${token}__redact`]) {
    const answer = await exchange(t, gateway.port, requestText('GET', target));
    assert.equal(answer.status, 200);
    assert.equal((JSON.parse(answer.body.toString()) as Record<string, unknown>)['service'], 'aegisgate');
    const head = await exchange(t, gateway.port, requestText('HEAD', target));
    assert.equal(head.status, 200);
    assert.equal(head.after, '');
    assert.equal(valueOf(head.rawHeaders, 'content-length'), String(answer.body.length));
  }
  assert.equal(upstream.requests.length, 0);
});

test('a path under no token is told the base URL to use', async (t) => {
  const gateway = await startGateway(t);
  for (const path of ['/v1/messages', '/v1/chat/completions', '/messages', '/v1/__gw__/', '/v1/__gw__/t', '/v1//__gw__/t/x', '/V1/__GW__/T/x', '*']) {
    const message = assertRefused(await exchange(t, gateway.port, requestText('POST', path)), 400, 'invalid_parameters');
    assert.ok(message.includes(`http://127.0.0.1${BASE}<TOKEN>`), message);
  }
  assertRefused(await exchange(t, gateway.port, requestText('GET', BASE)), 400, 'invalid_parameters');
  assertRefused(await exchange(t, gateway.port, requestText('GET', `${BASE}/messages`)), 400, 'invalid_parameters');
  assertRefused(await exchange(t, gateway.port, requestText('GET', '/')), 404, 'not_found');
  assertRefused(await exchange(t, gateway.port, requestText('GET', '/__gw__/nothing')), 404, 'not_found');
});

test('a token that is not registered is 404, whatever the method', async (t) => {
  const gateway = await startGateway(t);
  for (const [method, rest] of [['POST', '/messages'], ['GET', ''], ['GET', '/api/hello'], ['DELETE', '/x']] as const) {
    assertRefused(await exchange(t, gateway.port, requestText(method, `${BASE}Nobody0000000000000000ab${rest}`)), 404, 'token_not_found');
  }
});

test('a target of absolute form is taken for the path it holds, and its authority for the host', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/base`);
  const own = await exchange(t, gateway.port, requestText('POST', `http://127.0.0.1:${gateway.port}${BASE}${token}/a%20b?x=http://y/../z`));
  assert.equal(own.status, 200);
  assert.equal(upstream.last().target, '/base/a%20b?x=http://y/../z');
  assertRefused(await exchange(t, gateway.port, requestText('POST', `http://evil.example${BASE}${token}/x`)), 421, 'host_not_allowed');
  assertRefused(await exchange(t, gateway.port, requestText('POST', `http://user@127.0.0.1${BASE}${token}/x`)), 421, 'host_not_allowed');
  assertRefused(await exchange(t, gateway.port, requestText('GET', 'http://127.0.0.1')), 404, 'not_found');
  assert.equal(upstream.requests.length, 1);
});

test('CONNECT is never taken', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (const target of [`127.0.0.1:${upstream.port}`, `${BASE}${token}/x`]) {
    assertRefused(await exchange(t, gateway.port, requestText('CONNECT', target)), 405, 'method_not_allowed');
  }
  assert.equal(upstream.sockets.size, 0);
});
