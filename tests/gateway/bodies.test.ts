import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { chunkedRequest, exchange, nextResponse, requestBytes, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { connectWire } from '../support/wire-client.ts';

async function start(t: TestContext, mode: string, env: Record<string, string> = {}): Promise<{ upstream: Recorder; port: number; target: string }> {
  // An echo, in the framing that the request's own path names.
  const upstream = await startRecorder(t, (res, { target, body }) => {
    if (target.endsWith('length')) res.setHeader('content-length', body.length);
    if (target.endsWith('close')) res.useChunkedEncodingByDefault = false;
    res.write(body.subarray(0, body.length >> 1));
    res.end(body.subarray(body.length >> 1));
  });
  const gateway = await startGateway(t, { env });
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, port: gateway.port, target: `/v1/__gw__/t/${token}` };
}

const SMALL: readonly (readonly [type: string, body: Buffer])[] = [
  ['application/json', Buffer.from('{"a":"\\u00e9 \\/ \u4f60","b":[1.0,1e2,-0], "c" : null}\n')],
  ['text/plain', Buffer.from('not json at all {')],
  ['application/json; charset=utf-8', Buffer.from('\ufeff{}')],
  ['multipart/form-data; boundary=x', Buffer.from('--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\x00\xff\r\n--x--\r\n', 'latin1')],
  ['application/octet-stream', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  ['text/plain', Buffer.from('\r\n\r\n0\r\n\r\nPOST / HTTP/1.1\r\n')],
  ['application/x-ndjson', Buffer.from('{"a":1}\n\n{"b":2}')],
  ['image/png', randomBytes(5_000)],
];

for (const mode of ['full', 'redact', 'passthrough']) {
  test(`in ${mode} mode bodies of any type pass both ways byte for byte, with a length and chunked`, async (t) => {
    const { upstream, port, target } = await start(t, mode);
    for (const [type, body] of SMALL) {
      const headers = [`Content-Type: ${type}`];
      const whole = await exchange(t, port, requestBytes('POST', `${target}/length`, headers, body));
      assert.deepEqual(upstream.last().body, body);
      assert.equal(valueOf(upstream.last().rawHeaders, 'content-length'), String(body.length));
      assert.equal(valueOf(upstream.last().rawHeaders, 'content-type'), type);
      assert.deepEqual(whole.body, body);
      assert.equal(valueOf(whole.rawHeaders, 'content-length'), String(body.length));

      const chunks = [body.subarray(0, 1), body.subarray(1, 7), body.subarray(7)].filter((part) => part.length > 0);
      const chunked = await exchange(t, port, chunkedRequest('POST', `${target}/chunked`, headers, chunks));
      assert.deepEqual(upstream.last().body, body);
      assert.deepEqual(chunked.body, body);
      assert.equal(valueOf(chunked.rawHeaders, 'transfer-encoding'), 'chunked');
    }
  });
}

for (const mode of ['full', 'passthrough']) {
  test(`in ${mode} mode 9 MB of noise pass both ways`, async (t) => {
    const { upstream, port, target } = await start(t, mode);
    const body = randomBytes(9_000_000);
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    for (const request of [
      requestBytes('POST', `${target}/length`, [], body),
      chunkedRequest('POST', `${target}/chunked`, [], [body.subarray(0, 3_000_000), body.subarray(3_000_000)]),
    ]) {
      const got = await exchange(t, port, request);
      assert.equal(digest(upstream.last().body), digest(body));
      assert.equal(digest(got.body), digest(body));
    }
  });
}

test('a body that only the connection\'s end ends passes whole', async (t) => {
  const { port, target } = await start(t, 'full');
  const got = await exchange(t, port, requestBytes('POST', `${target}/close`, [], Buffer.from('hello')));
  assert.equal(got.body.toString(), 'hello');
});

test('an HTTP/1.0 client gets bodies of every framing', async (t) => {
  const { port, target, upstream } = await start(t, 'full');
  for (const framing of ['length', 'chunked', 'close']) {
    const got = await exchange(t, port, `POST ${target}/${framing} HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello`);
    assert.equal(got.status, 200);
    assert.equal(got.body.toString(), 'hello');
    assert.equal(valueOf(got.rawHeaders, 'transfer-encoding'), undefined);
    assert.equal(upstream.last().body.toString(), 'hello');
  }
});

test('however a request is cut, the upstream gets the same bytes', async (t) => {
  const { upstream, port, target } = await start(t, 'full');
  const body = Buffer.from('{"text":"caf\u00e9 \u{1f600}"}');
  const requests = [
    requestBytes('POST', `${target}/length?a=%20b`, ['Content-Type: application/json', 'x-a: caf\xe9'], body),
    chunkedRequest('POST', `${target}/chunked`, ['Content-Type: application/json'], [body.subarray(0, 13), body.subarray(13)], ['x-t: 1']),
  ];
  for (const request of requests) {
    await exchange(t, port, request);
    const { connection: _whole, ...expected } = upstream.last();
    const client = await connectWire(t, port);
    client.socket.setNoDelay(true);
    for (const byte of request) {
      client.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const got = await nextResponse(client);
    assert.deepEqual(got.body, body);
    const { connection: _cut, ...cut } = upstream.last();
    assert.deepEqual(cut, expected);
  }
  const [request = Buffer.alloc(0)] = requests;
  const { connection: _first, ...expected } = upstream.requests[0] ?? upstream.last();
  for (let at = 1; at < request.length; at += 3) {
    const client = await connectWire(t, port);
    client.socket.setNoDelay(true);
    client.write(request.subarray(0, at));
    await new Promise((resolve) => setImmediate(resolve));
    client.write(request.subarray(at));
    await nextResponse(client);
    client.socket.destroy();
    const { connection: _cut, ...cut } = upstream.last();
    assert.deepEqual(cut, expected, `cut at ${at}`);
  }
});
