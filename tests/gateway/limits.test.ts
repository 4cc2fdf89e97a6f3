import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { checkEnvelope, checkError } from '../support/envelope.ts';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

test('a connection beyond AEGIS_MAX_CONNECTIONS is told to come back, and closed', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_MAX_CONNECTIONS: '2' } });
  const [one, two] = [await connectWire(t, gateway.port), await connectWire(t, gateway.port)];
  for (const wire of [one, two]) {
    wire.write(requestText('GET', '/health'));
    await wire.waitFor('200 OK');
  }
  const three = await connectWire(t, gateway.port);
  three.write(requestText('GET', '/health'));
  const told = await three.closed();
  assert.match(told, /^HTTP\/1\.1 503 /);
  assert.match(told, /\r\nRetry-After: [1-9]\d*\r\n/);
  assert.match(told, /\r\nConnection: close\r\n/);
  checkEnvelope(JSON.parse(told.slice(told.indexOf('\r\n\r\n') + 4)), 'gateway_busy');
  // Those within the limit are served on.
  one.write(requestText('GET', '/health'));
  await until('the second answer', () => one.received().split('200 OK').length === 3);
});

test('connections beyond the limit take nobody\'s place', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_MAX_CONNECTIONS: '1' } });
  const one = await connectWire(t, gateway.port);
  one.write(requestText('GET', '/health'));
  await one.waitFor('200 OK');
  // Opened beyond the limit, and silent: a client's pool keeps such connections ready.
  for (let i = 0; i < 3; i++) await connectWire(t, gateway.port);
  one.socket.destroy();
  const answers: string[] = [];
  const deadline = performance.now() + 5000;
  while (!answers.at(-1)?.startsWith('HTTP/1.1 200') && performance.now() < deadline) {
    const next = await connectWire(t, gateway.port);
    next.write(requestText('GET', '/health'));
    answers.push(await next.waitFor('\r\n\r\n'));
    next.socket.destroy();
  }
  assert.match(answers.at(-1) ?? '', /^HTTP\/1\.1 200 /);
});

test('a request beyond AEGIS_MAX_CONCURRENT_PER_TOKEN is told to come back', async (t) => {
  const waiting: ServerResponse[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    waiting.push(res);
  });
  const gateway = await startGateway(t, { env: { AEGIS_MAX_CONCURRENT_PER_TOKEN: '2' } });
  const [token, other] = [await gateway.register(upstream.url), await gateway.register(`${upstream.url}/other`)];
  const post = (of: string): Promise<Response> => fetch(`${gateway.url}/v1/__gw__/t/${of}/messages`, { method: 'POST', body: '{}' });
  const running = [post(token), post(token)];
  await until('two requests upstream', () => waiting.length === 2);
  const refused = await post(token);
  assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  const { error } = await checkError(refused, { status: 429, code: 'too_many_requests', type: 'rate_limit_error' });
  assert.match(error.message, /AEGIS_MAX_CONCURRENT_PER_TOKEN/);
  // Another token has a count of its own.
  running.push(post(other));
  await until('the other token\'s request', () => waiting.length === 3);
  for (const res of waiting) res.end('{}');
  for (const response of await Promise.all(running)) assert.equal((await response.arrayBuffer()).byteLength, 2);
  // The places are free again.
  const again = post(token);
  await until('a request after them', () => waiting.length === 4);
  waiting[3]?.end('{}');
  assert.equal((await again).status, 200);
});

test('a client that goes away gives its place back, and so does one that was refused', async (t) => {
  const waiting: ServerResponse[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    waiting.push(res);
  });
  const gateway = await startGateway(t, { env: { AEGIS_MAX_CONCURRENT_PER_TOKEN: '1', AEGIS_MAX_REQUEST_BODY_BYTES: '10' } });
  const token = await gateway.register(upstream.url);
  const target = `/v1/__gw__/t/${token}/messages`;
  for (let round = 1; round <= 3; round++) {
    const wire = await connectWire(t, gateway.port);
    wire.write(requestText('POST', target, [], '{}'));
    await until(`request ${round}`, () => waiting.length === round);
    wire.socket.destroy();
    await until('its upstream connection to go', () => waiting[round - 1]?.destroyed === true);
    await checkError(await fetch(gateway.url + target, { method: 'POST', body: 'x'.repeat(11) }), { status: 413, code: 'request_body_too_large' });
  }
});
