import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { endToEnd, exchange, requestBytes, valueOf } from '../support/exchange.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

interface Scene {
  readonly upstream: Recorder;
  readonly gateway: TestGateway;
  readonly target: string;
  /** What the upstream got, connection headers aside, for a request with just these headers. */
  sent(headers: readonly string[], method?: string): Promise<string[]>;
}

async function start(t: TestContext, mode: 'full' | 'redact' | 'passthrough'): Promise<Scene> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url, { mode });
  const target = `/v1/__gw__/t/${token}/x`;
  return {
    upstream,
    gateway,
    target,
    async sent(headers, method = 'POST') {
      const answer = await exchange(t, gateway.port, [`${method} ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
      assert.equal(answer.status, 200, answer.body.toString());
      return endToEnd(upstream.last().rawHeaders);
    },
  };
}

test('in passthrough the headers arrive whole: case, order, repetitions, nothing added', async (t) => {
  const scene = await start(t, 'passthrough');
  const headers = [
    'x-first', '1',
    'HOST', `127.0.0.1:${scene.gateway.port}`,
    'Authorization', 'Bearer sk-ant-invented',
    'X-API-KEY', 'k',
    'anthropic-version', '2026-10-21',
    'Anthropic-Beta', 'a,b',
    'anthropic-beta', 'c',
    'openai-organization', 'org',
    'session_id', 'with underscore',
    'x-client_request.id~', '!#$%&\'*+-.^_`|~',
    'User-Agent', 'claude-cli/2.1.330 (external, sdk-cli)',
    'Accept-Encoding', 'gzip, deflate, br, zstd',
    'Cookie', 'a=1',
    'cookie', 'b=2',
    'Accept', '*/*',
    'accept', 'text/event-stream',
    'x-empty', '',
    'x-latin1', 'caf\xe9 \xff\x80',
    'x-utf8', '\xe4\xbd\xa0',
    'x-spaced', 'a  b\tc',
    'x-long', 'v'.repeat(60_000),
    'Date', 'Tue, 01 Jan 2030 00:00:00 GMT',
    'Via', '1.1 somebody',
    'X-Forwarded-For', '10.0.0.1',
    'Range', 'bytes=0-1',
    'CONTENT-LENGTH', '0',
    'x-last', '1',
  ];
  const lines: string[] = [];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  // Host alone is another.
  const expected = headers.map((value, i) => (headers[i - 1] === 'HOST' ? `127.0.0.1:${scene.upstream.port}` : value));
  assert.deepEqual(await scene.sent(lines), expected);
});

for (const mode of ['full', 'redact'] as const) {
  test(`in ${mode} mode only Host and Accept-Encoding are written anew, in their places`, async (t) => {
      const scene = await start(t, mode);
    const got = await scene.sent(['accept-encoding: gzip, br', 'a: 1', 'host: localhost', 'Accept-Encoding: zstd', 'b: 2', 'content-length: 0']);
    assert.deepEqual(got, ['accept-encoding', 'identity', 'a', '1', 'host', `127.0.0.1:${scene.upstream.port}`, 'b', '2', 'content-length', '0']);
    const none = await scene.sent(['Host: localhost', 'Content-Length: 0']);
    assert.deepEqual(none, ['Host', `127.0.0.1:${scene.upstream.port}`, 'Content-Length', '0', 'Accept-Encoding', 'identity']);
  });
}

test('a GET without Accept-Encoding gets nothing added in passthrough', async (t) => {
  const scene = await start(t, 'passthrough');
  assert.deepEqual(await scene.sent(['Host: localhost'], 'GET'), ['Host', `127.0.0.1:${scene.upstream.port}`]);
  assert.deepEqual(await scene.sent(['Host: localhost'], 'DELETE'), ['Host', `127.0.0.1:${scene.upstream.port}`]);
});

test('hop-by-hop headers stay here: the fixed list and those that Connection names', async (t) => {
  const scene = await start(t, 'passthrough');
  const got = await scene.sent([
    'Host: localhost',
    'Connection: keep-alive, X-Named,  x-also-named',
    'connection: x-third',
    'Keep-Alive: timeout=5',
    'Proxy-Connection: keep-alive',
    'Proxy-Authorization: Basic eA==',
    'Proxy-Authenticate: Basic',
    'TE: trailers',
    'Trailer: x-t',
    'Upgrade: h2c',
    'x-named: gone',
    'X-ALSO-NAMED: gone',
    'x-third: gone',
    'x-kept: here',
    'Content-Length: 0',
  ]);
  assert.deepEqual(got, ['Host', `127.0.0.1:${scene.upstream.port}`, 'x-kept', 'here', 'Content-Length', '0']);
});

test('Connection can\'t take away what the exchange stands on', async (t) => {
  const scene = await start(t, 'passthrough');
  const body = Buffer.from('{"a":1}');
  const head = ['Connection: host, content-length, content-type, close', 'Content-Type: application/json'];
  const answer = await exchange(t, scene.gateway.port, requestBytes('POST', scene.target, head, body));
  assert.equal(answer.status, 200);
  const { rawHeaders, body: got } = scene.upstream.last();
  assert.equal(valueOf(rawHeaders, 'host'), `127.0.0.1:${scene.upstream.port}`);
  assert.equal(valueOf(rawHeaders, 'content-type'), 'application/json');
  assert.deepEqual(got, body);
});

test('the client\'s x-aegis headers go no further, in any case', async (t) => {
  const scene = await start(t, 'full');
  const got = await scene.sent(['Host: localhost', 'x-aegis-request-id: 1', 'X-AEGIS-Mode: off', 'X-Aegis-: x', 'x-aegisx: kept', 'Content-Length: 0']);
  assert.deepEqual(got, ['Host', `127.0.0.1:${scene.upstream.port}`, 'x-aegisx', 'kept', 'Content-Length', '0', 'Accept-Encoding', 'identity']);
});

test('three hundred headers pass, and a head of 100 kB', async (t) => {
  const scene = await start(t, 'passthrough');
  const lines = Array.from({ length: 300 }, (_, i) => `x-${i % 7}: ${i}${'.'.repeat(330)}`);
  const got = await scene.sent(['Host: localhost', 'Content-Length: 0', ...lines]);
  assert.equal(got.length, 2 * 302);
  assert.deepEqual(got.slice(4), lines.flatMap((line) => line.split(': ')));
});

test('more than a thousand headers pass', async (t) => {
  const scene = await start(t, 'passthrough');
  // The recorder's own server takes as many.
  const lines = Array.from({ length: 2_500 }, (_, i) => `x-${i}: ${i}`);
  const got = await scene.sent(['Host: localhost', 'Content-Length: 0', ...lines]);
  assert.deepEqual(got.slice(4), lines.flatMap((line) => line.split(': ')));
});

test('Host has the upstream\'s own name, with its port where that is not the scheme\'s', async (t) => {
  const scene = await start(t, 'full');
  const byName = await scene.gateway.register(`http://LOCALHOST:${scene.upstream.port}/x`);
  const answer = await exchange(t, scene.gateway.port, requestText('POST', `/v1/__gw__/t/${byName}/y`));
  assert.equal(answer.status, 200, answer.body.toString());
  assert.equal(valueOf(scene.upstream.last().rawHeaders, 'host'), `localhost:${scene.upstream.port}`);
});

test('an HTTP/1.0 client without Host is served, and the upstream gets one', async (t) => {
  const scene = await start(t, 'passthrough');
  const answer = await exchange(t, scene.gateway.port, `GET ${scene.target} HTTP/1.0\r\nx-a: 1\r\n\r\n`);
  assert.equal(answer.status, 200);
  assert.deepEqual(endToEnd(scene.upstream.last().rawHeaders), ['Host', `127.0.0.1:${scene.upstream.port}`, 'x-a', '1']);
});
