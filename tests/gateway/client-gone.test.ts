// A client that goes away takes its upstream request with it, at every point of the exchange.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { until, untilAsync } from '../support/until.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';

interface Scene {
  readonly gateway: TestGateway;
  readonly upstream: TestUpstream;
  readonly requests: IncomingMessage[];
  readonly client: WireClient;
  target(mode?: string): string;
}

async function scene(t: TestContext, onRequest: (req: IncomingMessage, answer: (text: string) => void) => void): Promise<Scene> {
  const requests: IncomingMessage[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    requests.push(req);
    onRequest(req, (text) => void res.write(text));
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/v1`);
  const client = await connectWire(t, gateway.port);
  return { gateway, upstream, requests, client, target: (mode = '') => `/v1/__gw__/t/${token}${mode}/messages` };
}

async function assertAllGone({ gateway, upstream }: Scene): Promise<void> {
  await until('the upstream connection to be closed', () => upstream.sockets.size === 0);
  await until('the exchange to be accounted', () => gateway.log().includes('"outcome":"client_closed"'));
  assert.equal(await metric(gateway, 'aegis_exchanges_open'), 0);
}

for (const mode of ['', '__passthrough']) {
  const name = mode === '' ? 'filtered' : 'passthrough';

  test(`${name}: a client that leaves before the upstream's first byte ends the upstream request at once`, async (t) => {
    const at = await scene(t, () => {});
    at.client.write(requestText('POST', at.target(mode), ['Content-Type: application/json'], '{"a":1}'));
    await until('the upstream to have the request', () => at.requests.length === 1);
    at.client.socket.destroy();
    await assertAllGone(at);
  });

  test(`${name}: a client that leaves in the middle of a stream ends the upstream request at once`, async (t) => {
    const at = await scene(t, (_req, answer) => answer('data: one\n\n'));
    at.client.write(requestText('POST', at.target(mode), [], '{}'));
    await at.client.waitFor('data: one');
    at.client.socket.destroy();
    await assertAllGone(at);
  });

  test(`${name}: a client that leaves in the middle of its upload ends the upstream request at once`, async (t) => {
    const at = await scene(t, (req) => req.resume());
    at.client.write(`POST ${at.target(mode)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n`);
    at.client.write(Buffer.alloc(2_000_000, 'x'));
    await until('the upstream to have the request', () => at.requests.length === 1);
    at.client.socket.destroy();
    await assertAllGone(at);
  });
}

test('a client that leaves while its request is held never reaches the upstream', async (t) => {
  const at = await scene(t, () => {});
  at.client.write(`POST ${at.target()} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
  await until('the exchange to be open', () => at.client.socket.bytesWritten > 0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  at.client.socket.destroy();
  await assertAllGone(at);
  assert.equal(at.requests.length, 0);
});

test('a client that leaves while the upstream connection is still being made leaves none behind', async (t) => {
  const at = await scene(t, () => {});
  at.client.write(requestText('POST', at.target(), [], '{}'));
  at.client.socket.end();
  at.client.socket.destroy();
  await until('the exchange to be over', () => at.gateway.log().includes('"exchange"'));
  await until('the upstream connection to be closed', () => at.upstream.sockets.size === 0);
  assert.equal(await metric(at.gateway, 'aegis_exchanges_open'), 0);
});

// On the wire a client that closed and one that only stopped sending look the same until something is written to it:
// like nginx, the gateway takes both for gone, so that no answer is paid for that nobody reads.
test('a client that ends its sending side counts as gone', async (t) => {
  const at = await scene(t, () => {});
  at.client.write(requestText('POST', at.target(), [], '{}'));
  await until('the upstream to have the request', () => at.requests.length === 1);
  at.client.socket.end();
  await assertAllGone(at);
});

for (const mode of ['', '__passthrough']) {
  test(`${mode === '' ? 'filtered' : 'passthrough'}: of pipelined requests one is under way at a time, and a client that leaves ends it and all behind it`, async (t) => {
    const asked: string[] = [];
    const upstream = await startUpstream(t, (req, res) => {
      asked.push(req.url?.split('/').at(-1) ?? '');
      req.resume();
      if (req.url?.endsWith('/1') === true) res.end('done');
      else res.write('begun');
    });
    const gateway = await startGateway(t, { env: { AEGIS_MAX_CONCURRENT_PER_TOKEN: '2' } });
    const token = await gateway.register(upstream.url);
    for (let round = 0; round < 3; round++) {
      asked.length = 0;
      const client = await connectWire(t, gateway.port);
      client.write(Array.from({ length: 20 }, (_, i) => requestText('POST', `/v1/__gw__/t/${token}${mode}/${i + 1}`, [], '{}')).join(''));
      await until('the second request to be under way', () => asked.length === 2);
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.socket.destroy();
      // One may be kept, since its exchange was complete.
      await until('the upstream connections to be closed', () => upstream.sockets.size <= 1);
      await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
      assert.deepEqual(asked, ['1', '2']);
    }
    assert.ok(!gateway.log().includes('too_many_requests'), 'the token has its places back');
  });
}
