import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assertRefused, chunkedRequest, endToEnd, exchange, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawRecorder, startRecorder, type Recorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

async function start(t: TestContext, mode: string, env: Record<string, string> = {}): Promise<{ upstream: Recorder; port: number; target: string }> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { env });
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, port: gateway.port, target: `/v1/__gw__/t/${token}/x` };
}

const CHUNKS = [Buffer.from('hello '), Buffer.from('world')];
const TRAILERS = ['X-Sum: 1', 'x-SUM: 2', 'x-latin1: \xe9', 'x-empty:'];
const RAW_TRAILERS = ['X-Sum', '1', 'x-SUM', '2', 'x-latin1', '\xe9', 'x-empty', ''];

for (const [mode, hold] of [['full', '1048576'], ['full', '3'], ['full', '0'], ['passthrough', '1048576'], ['passthrough', '0']] as const) {
  test(`request trailers go up in ${mode} mode with a hold of ${hold}`, async (t) => {
    const { upstream, port, target } = await start(t, mode, { AEGIS_REQUEST_HOLD_BYTES: hold });
    const answer = await exchange(t, port, chunkedRequest('POST', target, ['Trailer: X-Sum'], CHUNKS, TRAILERS));
    assert.equal(answer.status, 200);
    assert.equal(upstream.last().body.toString(), 'hello world');
    assert.deepEqual(upstream.last().rawTrailers, RAW_TRAILERS);
    assert.equal(valueOf(upstream.last().rawHeaders, 'trailer'), 'X-Sum');
  });
}

test('trailers without a body go up too', async (t) => {
  const { upstream, port, target } = await start(t, 'full');
  await exchange(t, port, chunkedRequest('POST', target, [], [], TRAILERS));
  assert.deepEqual(upstream.last().rawTrailers, RAW_TRAILERS);
});

test('framing, routing and the gateway\'s own names are not taken from trailers', async (t) => {
  const { upstream, port, target } = await start(t, 'passthrough');
  await exchange(t, port, chunkedRequest('POST', target, [], CHUNKS, ['Host: evil', 'x-aegis-mode: off', 'Connection: close', 'TE: x', 'x-kept: 1']));
  assert.deepEqual(upstream.last().rawTrailers, ['x-kept', '1']);
  for (const trailer of ['Content-Length: 3', 'Transfer-Encoding: chunked']) {
    const answer = await exchange(t, port, chunkedRequest('POST', target, [], CHUNKS, [trailer, 'x-kept: 1']));
    assertRefused(answer, 400, 'invalid_parameters');
  }
  assert.equal(upstream.requests.length, 1);
});

test('response trailers reach the client', async (t) => {
  const upstream = await startRawRecorder(t, `HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n${TRAILERS.join('\r\n')}\r\n\r\n`);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const answer = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assert.equal(answer.body.toString(), 'hello');
  assert.deepEqual(answer.rawTrailers, RAW_TRAILERS);
  assert.deepEqual(endToEnd(answer.rawHeaders), ['Trailer', 'X-Sum']);
});

test('a client that can\'t take trailers gets the body without them', async (t) => {
  const upstream = await startRawRecorder(t, 'HTTP/1.1 200 OK\r\nTrailer: x-sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n');
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const old = await exchange(t, gateway.port, `GET /v1/__gw__/t/${token}/x HTTP/1.0\r\n\r\n`);
  assert.equal(old.body.toString(), 'hello');
  assert.deepEqual(endToEnd(old.rawHeaders), []);
  const head = await exchange(t, gateway.port, requestText('HEAD', `/v1/__gw__/t/${token}/x`));
  assert.equal(head.status, 200);
  assert.equal(valueOf(head.rawHeaders, 'trailer'), undefined);
});
