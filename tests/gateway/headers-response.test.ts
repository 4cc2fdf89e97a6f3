import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assertRefused, endToEnd, exchange, valuesOf, type RawResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawRecorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

/** What a client gets where the upstream answers just these bytes (latin1). */
async function answered(t: TestContext, answer: string, { method = 'GET', mode = 'full' } = {}): Promise<RawResponse> {
  const upstream = await startRawRecorder(t, answer);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url, { mode });
  return exchange(t, gateway.port, requestText(method, `/v1/__gw__/t/${token}/x`));
}

for (const mode of ['full', 'passthrough']) {
  test(`in ${mode} mode the response's headers pass whole: case, order, repetitions, nothing but the request id added`, async (t) => {
    const headers = [
      'DATE: Tue, 01 Jan 2030 00:00:00 GMT',
      'content-TYPE: application/json',
      'Set-Cookie: a=1; Path=/',
      'x-between: 1',
      'set-cookie: b=2',
      'Set-Cookie: a=1; Path=/',
      'Retry-After: 7',
      'anthropic-ratelimit-requests-remaining: 0',
      'x-ratelimit-reset-tokens: 6m0s',
      'request-id: req_1',
      'x-request-id: 2',
      'www-authenticate: Bearer',
      'WWW-Authenticate: Basic realm="a, b"',
      'Server: x',
      'Via: 1.1 google',
      'x_underscore: 1',
      'x-empty:',
      'x-latin1: caf\xe9 \xff\x80',
      'x-utf8: \xe4\xbd\xa0',
      `x-long: ${'v'.repeat(60_000)}`,
      'Content-Length: 2',
      'x-last: 1',
    ];
    const got = await answered(t, `HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n{}`, { mode });
    const expected = headers.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
    assert.deepEqual(endToEnd(got.rawHeaders), expected);
    assert.equal(valuesOf(got.rawHeaders, 'x-aegis-request-id').length, 1);
    assert.equal(got.body.toString(), '{}');
  });
}

test('without a Date the response gets none', async (t) => {
  const got = await answered(t, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  assert.deepEqual(endToEnd(got.rawHeaders), ['Content-Length', '0']);
});

test('hop-by-hop headers of the response stay here', async (t) => {
  const headers = [
    'Connection: X-Named, keep-alive', 'Keep-Alive: timeout=33', 'Proxy-Connection: x', 'Proxy-Authenticate: Basic', 'Upgrade: h2c',
    'TE: x', 'x-named: gone', 'x-kept: 1', 'Content-Length: 0',
  ];
  const got = await answered(t, `HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n`);
  assert.deepEqual(endToEnd(got.rawHeaders), ['x-kept', '1', 'Content-Length', '0']);
  assert.ok(!valuesOf(got.rawHeaders, 'keep-alive').includes('timeout=33'));
});

test('a thousand response headers and more pass', async (t) => {
  const headers = Array.from({ length: 2_500 }, (_, i) => `x-${i % 900}: ${i}`);
  const got = await answered(t, `HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
  assert.deepEqual(endToEnd(got.rawHeaders).slice(0, 5_000), headers.flatMap((line) => line.split(': ')));
});

test('status and reason pass as they came', async (t) => {
  const lines: [string, number, string][] = [
    ['200 OK', 200, 'OK'],
    ['200 ', 200, ''],
    ['200', 200, ''],
    ['200 Fine, thanks: "a"\tb', 200, 'Fine, thanks: "a"\tb'],
    ['200 caf\xe9', 200, 'caf\xe9'],
    ['201 Created', 201, 'Created'],
    ['302 Found', 302, 'Found'],
    ['400 Bad Request', 400, 'Bad Request'],
    ['401 Unauthorized', 401, 'Unauthorized'],
    ['418 teapot', 418, 'teapot'],
    ['429 Slow down', 429, 'Slow down'],
    ['500 Internal Server Error', 500, 'Internal Server Error'],
    ['529 Site is overloaded', 529, 'Site is overloaded'],
    ['599 x', 599, 'x'],
    ['999 Request denied', 999, 'Request denied'],
  ];
  for (const [line, status, reason] of lines) {
    const got = await answered(t, `HTTP/1.1 ${line}\r\nContent-Length: 2\r\nLocation: http://elsewhere/../x\r\n\r\nhi`);
    assert.equal(got.status, status, line);
    assert.equal(got.reason, reason, line);
    assert.equal(got.body.toString(), 'hi');
    assert.deepEqual(valuesOf(got.rawHeaders, 'location'), ['http://elsewhere/../x']);
  }
});

test('an upstream\'s error passes through untouched', async (t) => {
  const body = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
  const got = await answered(t, `HTTP/1.1 529 \r\nContent-Type: application/json\r\nx-should-retry: true\r\nContent-Length: ${body.length}\r\n\r\n${body}`, { method: 'POST' });
  assert.equal(got.status, 529);
  assert.deepEqual(endToEnd(got.rawHeaders), ['Content-Type', 'application/json', 'x-should-retry', 'true', 'Content-Length', String(body.length)]);
  assert.equal(got.body.toString(), body);
});

test('a switch of protocols that nobody asked for is an unusable answer', async (t) => {
  const got = await answered(t, 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  assertRefused(got, 502, 'upstream_unreachable');
});

test('a status outside HTTP is an unusable answer', async (t) => {
  for (const status of ['099', '000', '20', '1000', '2xx']) {
    assertRefused(await answered(t, `HTTP/1.1 ${status} x\r\nContent-Length: 0\r\n\r\n`), 502, 'upstream_unreachable');
  }
});
