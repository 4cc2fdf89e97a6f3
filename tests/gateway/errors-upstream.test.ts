import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { assertRefused, exchange, nextResponse, type RawResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawRecorder } from '../support/recorder.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

async function through(t: TestContext, base: string): Promise<RawResponse> {
  const gateway = await startGateway(t);
  const token = await gateway.register(base);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('POST', `/v1/__gw__/t/${token}/x`, [], '{}'));
  const answer = await nextResponse(client);
  // The connection has taken no harm.
  const from = client.received().length;
  client.write(requestText('GET', '/health'));
  assert.equal((await nextResponse(client, { from })).status, 200);
  assert.ok(!gateway.log().includes('internal_error'), gateway.log());
  return answer;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('an upstream that refuses the connection is 502 and named', async (t) => {
  const port = await freePort();
  const message = assertRefused(await through(t, `http://127.0.0.1:${port}/v1`), 502, 'upstream_unreachable');
  assert.match(message, /refused/);
  assert.ok(message.includes(`127.0.0.1:${port}`));
});

test('a name that DNS does not know is 502 and says so', async (t) => {
  const message = assertRefused(await through(t, 'http://no-such-host.invalid/v1'), 502, 'upstream_unreachable');
  assert.match(message, /DNS/);
});

const closing: readonly (readonly [how: string, act: (socket: Socket) => void])[] = [
  ['closes in good order before it answers', (socket) => void socket.once('data', () => socket.end())],
  ['resets before it answers', (socket) => void socket.once('data', () => socket.resetAndDestroy())],
  ['closes as soon as it is connected to', (socket) => void socket.end()],
  ['resets as soon as it is connected to', (socket) => void socket.resetAndDestroy()],
  ['closes in the middle of its head', (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le'))],
  ['closes after an interim response', (socket) => void socket.once('data', () => socket.end('HTTP/1.1 100 Continue\r\n\r\n'))],
];

for (const [how, act] of closing) {
  test(`an upstream that ${how} is 502`, async (t) => {
    let connections = 0;
    const upstream = await startRawUpstream(t, (socket) => {
      connections++;
      act(socket);
    });
    const message = assertRefused(await through(t, upstream.url), 502, 'upstream_unreachable');
    assert.match(message, /closed the connection|not valid HTTP|failed/);
    // A new connection that breaks proves nothing stale.
    assert.equal(connections, 1);
  });
}

const garbage: readonly (readonly [what: string, bytes: string])[] = [
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x46'],
  ['binary noise', '\x00\xff\x00\xff\x00\xff\r\n\r\n'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a status line without a status', 'HTTP/1.1\r\n\r\n'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
  ['a header name with a space', 'HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n'],
  ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx: a\x00b\r\n\r\n'],
  ['two lengths that differ', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nxx'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['a head without end', `HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(1_000)}\r\n`.repeat(300)}`],
];

for (const [what, bytes] of garbage) {
  test(`an upstream that answers ${what} is 502`, async (t) => {
    const upstream = await startRawRecorder(t, bytes, '{}');
    const message = assertRefused(await through(t, upstream.url), 502, 'upstream_unreachable');
    assert.match(message, /not valid HTTP/);
    await until('the upstream connection to go', () => upstream.sockets.size === 0);
  });
}

test('an https upstream that speaks plain HTTP is 502 and says it is TLS that failed', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')));
  const message = assertRefused(await through(t, upstream.url.replace('http:', 'https:')), 502, 'upstream_unreachable');
  assert.match(message, /TLS failed/);
});

test('messages of failed upstreams hold neither the path nor the query nor the body', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register(`http://127.0.0.1:${await freePort()}`);
  const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/hidden-path?key=hidden-query`, ['x: hidden-header'], 'hidden-body'));
  assert.ok(!answer.body.toString().includes('hidden'));
  assert.ok(!answer.body.toString().includes(token));
  assert.ok(!gateway.log().includes('hidden'));
  assert.ok(!gateway.log().includes(token));
});
