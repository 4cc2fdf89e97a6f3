import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { assertRefused, exchange, nextResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { metric } from '../support/metrics.ts';
import { until, untilAsync } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

/** Long enough for what is not to time out, short enough to wait for. */
const SOON_MS = '150';
/** A limit that must not be what ends the test's wait. */
const NEVER_MS = '3600000';

test('an upstream that takes the connection but no TLS handshake is 504 after the connect timeout', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => void socket.resume());
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS: SOON_MS, AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: NEVER_MS } });
  const token = await gateway.register(upstream.url.replace('http:', 'https:'));
  const message = assertRefused(await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x')), 504, 'upstream_timeout');
  assert.match(message, /AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS/);
  await until('the connection to be given up', () => upstream.sockets.size === 0);
});

/** A process that listens and then never accepts, so that its queue fills and further connections get no answer. */
async function startDeaf(t: TestContext): Promise<number> {
  const script = `
    const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, server.address().port + '\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until('the deaf process to listen', () => printed.endsWith('\n'));
  return Number(printed);
}

test('an upstream that does not take the connection is 504 after the connect timeout', { skip: process.platform !== 'linux' && 'other systems refuse where Linux leaves waiting' }, async (t) => {
  const port = await startDeaf(t);
  const fillers: Socket[] = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  t.after(() => fillers.forEach((socket) => socket.destroy()));
  await until('the queue to fill', () => fillers.filter((socket) => !socket.connecting).length >= 2);
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS: SOON_MS, AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: NEVER_MS } });
  const token = await gateway.register(`http://127.0.0.1:${port}`);
  const message = assertRefused(await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x')), 504, 'upstream_timeout');
  assert.match(message, /AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS/);
});

test('the connect timeout is over once connected: a slow answer is waited for', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => {
    socket.on('data', () => setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 600));
  });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS: '400' } });
  const token = await gateway.register(upstream.url);
  for (let i = 0; i < 2; i++) assert.equal((await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`))).status, 200);
});

test('an upstream that answers nothing is 504 after the idle timeout, and its connection closed', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => void socket.resume());
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: SOON_MS } });
  for (const mode of ['full', 'passthrough']) {
    const token = await gateway.register(`${upstream.url}/${mode}`, { mode });
    const client = await connectWire(t, gateway.port);
    client.write(requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x'));
    const message = assertRefused(await nextResponse(client), 504, 'upstream_timeout');
    assert.match(message, /AEGIS_UPSTREAM_IDLE_TIMEOUT_MS/);
    await until('the upstream connection to be closed', () => upstream.sockets.size === 0);
    // The client's is still good.
    const from = client.received().length;
    client.write(requestText('GET', '/health'));
    assert.equal((await nextResponse(client, { from })).status, 200);
  }
});

test('half a head is no answer either', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nx: ')));
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: SOON_MS } });
  const token = await gateway.register(upstream.url);
  assertRefused(await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`)), 504, 'upstream_timeout');
});

for (const [framing, head, part] of [
  ['a length', 'Content-Length: 100', 'part of it'],
  ['chunks', 'Transfer-Encoding: chunked', '4\r\npart\r\n'],
  ['the end of the connection', 'x-y: 1', 'part of it'],
] as const) {
  test(`an upstream that stalls in a body told by ${framing} reaches the client as a break`, async (t) => {
    const upstream = await startRawUpstream(t, (socket) => void socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${part}`)));
    const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: SOON_MS } });
    const token = await gateway.register(upstream.url);
    const client = await connectWire(t, gateway.port);
    client.write(requestText('GET', `/v1/__gw__/t/${token}/x`));
    const text = await client.closed();
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.ok(text.includes('part'));
    assert.ok(!text.endsWith('0\r\n\r\n'), 'it looks complete');
    await until('the upstream connection to be closed', () => upstream.sockets.size === 0);
  });
}

test('every byte gives an upstream new time', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => {
    socket.once('data', () => {
      const pieces = [...'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'.match(/[^]{1,20}/g) ?? [], 'a', 'b', 'c'];
      const next = (): void => {
        const piece = pieces.shift();
        if (piece === undefined) return;
        socket.write(piece);
        setTimeout(next, 220);
      };
      next();
    });
  });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: '1000' } });
  const token = await gateway.register(upstream.url);
  const answer = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assert.equal(answer.body.toString(), 'abc');
});

test('a client that is still sending is not the upstream\'s fault', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.endsWith('end')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: '1000' } });
  const token = await gateway.register(upstream.url, { mode: 'passthrough' });
  const client = await connectWire(t, gateway.port);
  client.write(requestText('POST', `/v1/__gw__/t/${token}/x`, ['Content-Length: 8']));
  for (const byte of 'xxxxxend') {
    client.write(byte);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.equal((await nextResponse(client)).status, 200);
});

test('a client whose body stops arriving is 408, held and streaming', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => void socket.resume());
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: SOON_MS } });
  const token = await gateway.register(upstream.url);
  for (const request of [
    requestText('POST', `/v1/__gw__/t/${token}/x`, ['Content-Length: 8']) + 'part',
    `${requestText('POST', `/v1/__gw__/t/${token}/x`, ['Transfer-Encoding: chunked'])}4\r\npart\r\n`,
  ]) {
    const client = await connectWire(t, gateway.port);
    client.write(request);
    assertRefused(await nextResponse(client), 408, 'request_timeout');
    await until('the upstream connection to be closed', () => upstream.sockets.size === 0);
  }
});

// What is not read can't tell that its sender has left: TCP says so only behind the bytes that wait to be read.
for (const mode of ['', '__passthrough']) {
  test(`${mode === '' ? 'filtered' : 'passthrough'}: a client that leaves while the upstream takes nothing more is noticed by the idle timeout`, async (t) => {
    const upstream = await startRawUpstream(t, (socket) => void socket.pause());
    const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: '500', AEGIS_REQUEST_HOLD_BYTES: '1000' } });
    const token = await gateway.register(upstream.url);
    const client = await connectWire(t, gateway.port);
    client.write(requestText('POST', `/v1/__gw__/t/${token}${mode}/x`, ['Content-Length: 20000000']));
    client.write(Buffer.alloc(19_000_000, 'x'));
    await until('the upstream connection', () => upstream.sockets.size === 1);
    client.socket.destroy();
    await untilAsync('the exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
    // A socket that is paused does not see its end.
    for (const socket of upstream.sockets) socket.resume();
    await until('the upstream connection to be closed', () => upstream.sockets.size === 0);
  });
}
