// Shutting down: nothing new, what runs may finish, and then it is over.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until, within } from '../support/until.ts';
import { startUpstream } from '../support/upstream.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';

async function streaming(t: TestContext): Promise<{ gateway: TestGateway; client: WireClient; answer: ServerResponse }> {
  let answer: ServerResponse | undefined;
  const upstream = await startUpstream(t, (_req, res) => {
    answer = res;
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write('data: one\n\n');
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('POST', `/v1/__gw__/t/${token}/x`, [], '{}'));
  await client.waitFor('data: one');
  assert.ok(answer);
  return { gateway, client, answer };
}

test('a drain lets a running stream finish and then closes its connection', async (t) => {
  const { gateway, client, answer } = await streaming(t);
  const drained = gateway.gateway.drain(10_000);
  answer.end('data: two\n\n');
  assert.match(await client.closed(), /data: two[^]*\r\n0\r\n\r\n$/);
  assert.equal(await within('the drain to end', drained), true);
});

test('a drain whose grace is over cuts what still runs', async (t) => {
  const { gateway, client } = await streaming(t);
  assert.equal(await within('the drain to end', gateway.gateway.drain(30)), false);
  assert.doesNotMatch(await client.closed(), /\r\n0\r\n\r\n$/);
});

test('while draining, connections are no longer taken and kept ones are told so', async (t) => {
  const { gateway, answer } = await streaming(t);
  const kept = await connectWire(t, gateway.port);
  // An answered request shows that the connection has been taken; half a second one keeps it from being idle.
  kept.write(requestText('GET', '/ready'));
  await kept.waitFor('"status":"ready"');
  kept.write('GET /ready HTTP/1.1\r\nHost: localhost\r\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const drained = gateway.gateway.drain(10_000);
  kept.write('\r\n');
  await kept.waitFor('"status":"draining"');
  assert.match(kept.received(), /HTTP\/1\.1 503 [^]*"status":"draining"/);
  await assert.rejects(fetch(`${gateway.url}/health`));
  answer.end();
  assert.equal(await within('the drain to end', drained), true);
});

test('a second cut ends everything at once', async (t) => {
  const { gateway, client } = await streaming(t);
  const drained = gateway.gateway.drain(10_000);
  gateway.gateway.cut();
  await client.closed();
  await within('the drain to end', drained);
  await until('no connection to be left', () => client.ending() !== undefined);
});
