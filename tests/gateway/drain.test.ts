// Shutting down: nothing new, what runs may finish, and then it is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { startStreaming } from '../support/streaming.ts';
import { until, within } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

test('a drain lets a running stream finish and then closes its connection', async (t) => {
  const { gateway, client, answer } = await startStreaming(t, startGateway(t));
  const drained = gateway.gateway.drain(10_000);
  answer.end('data: two\n\n');
  assert.match(await client.closed(), /data: two[^]*\r\n0\r\n\r\n$/);
  assert.equal(await within('the drain to end', drained), true);
});

test('a drain whose grace is over cuts what still runs', async (t) => {
  const { gateway, client } = await startStreaming(t, startGateway(t));
  assert.equal(await within('the drain to end', gateway.gateway.drain(30)), false);
  assert.doesNotMatch(await client.closed(), /\r\n0\r\n\r\n$/);
});

test('while draining, connections are no longer taken and kept ones are told so', async (t) => {
  const { gateway, answer } = await startStreaming(t, startGateway(t));
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
  const { gateway, client } = await startStreaming(t, startGateway(t));
  const drained = gateway.gateway.drain(10_000);
  gateway.gateway.cut();
  await client.closed();
  await within('the drain to end', drained);
  await until('no connection to be left', () => client.ending() !== undefined);
});
