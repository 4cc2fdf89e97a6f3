import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, exchange, nextResponse, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const HANDSHAKE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', 'openai-beta: responses_websockets=2026-02-06'];

test('a WebSocket upgrade on a token route is answered 426 at once, and the connection closed', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (const segment of [token, `${token}__redact`, `${token}__passthrough`]) {
    for (const headers of [HANDSHAKE, ['connection: keep-alive, upgrade', 'UPGRADE: WebSocket'], ['Upgrade: websocket']]) {
      const client = await connectWire(t, gateway.port);
      client.write(requestText('GET', `/v1/__gw__/t/${segment}/responses`, headers));
      const answer = await nextResponse(client);
      assertRefused(answer, 426, 'websocket_not_supported');
      assert.ok(valueOf(answer.rawHeaders, 'upgrade') !== undefined, '426 must name a protocol in Upgrade');
      await client.closed();
      assert.equal(client.ending(), 'end');
    }
  }
  assert.equal(upstream.sockets.size, 0);
});

test('an upgrade to something else is a plain request', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const headers = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
  const answer = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`, headers));
  assert.equal(answer.status, 200);
  assert.equal(valueOf(upstream.last().rawHeaders, 'upgrade'), undefined);
  assert.equal(valueOf(upstream.last().rawHeaders, 'http2-settings'), undefined);
});

test('an upgrade outside the token routes is answered as that route is', async (t) => {
  const gateway = await startGateway(t);
  assert.equal((await exchange(t, gateway.port, requestText('GET', '/health', HANDSHAKE))).status, 200);
  assertRefused(await exchange(t, gateway.port, requestText('GET', '/v1/responses', HANDSHAKE)), 400, 'invalid_parameters');
  assertRefused(await exchange(t, gateway.port, requestText('GET', '/v1/__gw__/t/Nobody0000000000000000ab/responses', HANDSHAKE)), 404, 'token_not_found');
});
