// An upstream that breaks after its head must reach the client as a break, never as a complete answer.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { until } from '../support/until.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';

interface Scene {
  readonly gateway: TestGateway;
  readonly client: WireClient;
}

/** Sends one request to an upstream which answers `head` and, once the client has seen `seen`, does `then`. */
async function broken(t: TestContext, answer: string | Buffer, then: (socket: Socket) => void, options: { mode: string; version?: string; seen?: string; close?: boolean }): Promise<Scene> {
  let upstreamSocket: Socket | undefined;
  const upstream = await startRawUpstream(t, (socket) => {
    upstreamSocket = socket;
    socket.once('data', () => socket.write(answer));
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('GET', `/v1/__gw__/t/${token}${options.mode}/x`, options.close === true ? ['Connection: close'] : []).replace('HTTP/1.1', options.version ?? 'HTTP/1.1'));
  await client.waitFor(options.seen ?? 'two');
  assert.ok(upstreamSocket);
  then(upstreamSocket);
  await client.closed();
  return { gateway, client };
}

const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\ndata: one\n\n\r\nb\r\ndata: two\n\n\r\n';
const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none two';
const CLOSE_DELIMITED = 'HTTP/1.1 200 OK\r\n\r\none two';

const BREAKS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['resets the connection', (socket) => void socket.resetAndDestroy()],
  ['closes the connection', (socket) => void socket.end()],
];

for (const mode of ['', '__passthrough']) {
  const name = mode === '' ? 'filtered' : 'passthrough';
  for (const [how, breakOff] of BREAKS) {
    test(`${name}: an upstream that ${how} in a chunked stream shows as a break, after what it had sent`, async (t) => {
      const { gateway, client } = await broken(t, STREAM, breakOff, { mode });
      assert.match(client.received(), /data: one[^]*data: two/);
      assert.doesNotMatch(client.received(), /\r\n0\r\n/, 'no last chunk may be made up');
      await until('the break to be accounted', () => gateway.log().includes('"outcome":"upstream_broken"'));
      assert.equal(await metric(gateway, 'aegis_exchanges_open'), 0);
    });

    test(`${name}: an upstream that ${how} short of its content length shows as a break`, async (t) => {
      const { client } = await broken(t, LENGTH, breakOff, { mode });
      assert.match(client.received(), /Content-Length: 100/);
      assert.ok(client.received().endsWith('one two'));
    });
  }

  test(`${name}: an upstream that sends garbage in a chunked stream shows as a break`, async (t) => {
    const { client } = await broken(t, STREAM, (socket) => void socket.write('no chunk size\r\n'), { mode });
    assert.doesNotMatch(client.received(), /\r\n0\r\n/);
  });

  test(`${name}: an HTTP/1.0 client, for whom the close is the end, sees a reset`, async (t) => {
    const { client } = await broken(t, STREAM, (socket) => void socket.resetAndDestroy(), { mode, version: 'HTTP/1.0' });
    assert.equal(client.ending(), 'reset');
  });

  test(`${name}: an answer that ends with its connection and without a fault is complete`, async (t) => {
    const { gateway, client } = await broken(t, CLOSE_DELIMITED, (socket) => void socket.end(), { mode, version: 'HTTP/1.0' });
    assert.equal(client.ending(), 'end');
    await until('the end to be accounted', () => gateway.log().includes('"outcome":"complete"'));
  });
}

const COMPRESSED = gzipSync('data: one\n\n'.repeat(2000));
const TOO_SHORT = COMPRESSED.subarray(0, COMPRESSED.length - 12);
const COMPRESSED_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n';

test('a compressed stream that ends too early inside is a break, though its HTTP framing is whole', async (t) => {
  const head = `${COMPRESSED_HEAD}Transfer-Encoding: chunked\r\n\r\n${TOO_SHORT.length.toString(16)}\r\n`;
  const answer = Buffer.concat([Buffer.from(head), TOO_SHORT, Buffer.from('\r\n0\r\n\r\n')]);
  const { client } = await broken(t, answer, () => {}, { mode: '', seen: 'HTTP/1.1 200' });
  assert.doesNotMatch(client.received(), /\r\n0\r\n/);
});

test('an answer of a stated length that can not be decoded is a 502, since nothing of it has been sent', async (t) => {
  const answer = Buffer.concat([Buffer.from(`${COMPRESSED_HEAD}Content-Length: ${TOO_SHORT.length}\r\n\r\n`), TOO_SHORT]);
  const { client } = await broken(t, answer, (socket) => socket.destroy(), { mode: '', seen: 'upstream_unreachable', close: true });
  assert.match(client.received(), /^HTTP\/1\.1 502 /);
});
