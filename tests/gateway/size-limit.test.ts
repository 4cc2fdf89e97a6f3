import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assertRefused, chunkedRequest, exchange, nextResponse, requestBytes } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const MAX = 1_000;

async function start(t: TestContext, env: Record<string, string>, mode = 'full'): Promise<{ upstream: Recorder; port: number; target: string }> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { env: { AEGIS_MAX_REQUEST_BODY_BYTES: String(MAX), ...env } });
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, port: gateway.port, target: `/v1/__gw__/t/${token}/x` };
}

for (const mode of ['full', 'passthrough']) {
  for (const hold of ['1048576', '10']) {
    test(`in ${mode} mode with a hold of ${hold} a body of the limit passes and one byte more is 413`, async (t) => {
      const { upstream, port, target } = await start(t, { AEGIS_REQUEST_HOLD_BYTES: hold }, mode);
      const fits = Buffer.from(JSON.stringify('x'.repeat(MAX - 2)));
      const over = Buffer.from(JSON.stringify('x'.repeat(MAX - 1)));
      for (const headers of [[], ['Content-Type: multipart/form-data; boundary=b'], ['Content-Type: application/json']]) {
        assert.equal((await exchange(t, port, requestBytes('POST', target, headers, fits))).status, 200);
        assert.equal((await exchange(t, port, chunkedRequest('POST', target, headers, [fits.subarray(0, 1), fits.subarray(1)]))).status, 200);
        const taken = upstream.requests.length;
        for (const request of [
          requestBytes('POST', target, headers, over),
          chunkedRequest('POST', target, headers, [over]),
          chunkedRequest('POST', target, headers, Array.from(over, (byte) => Buffer.of(byte))),
        ]) {
          const message = assertRefused(await exchange(t, port, request), 413, 'request_body_too_large');
          assert.ok(message.includes(String(MAX)) && message.includes('AEGIS_MAX_REQUEST_BODY_BYTES'));
        }
        assert.equal(upstream.requests.length, taken);
      }
    });
  }
}

test('a stated length above the limit is refused before the body comes', async (t) => {
  const { upstream, port, target } = await start(t, {});
  const client = await connectWire(t, port);
  client.write(requestText('POST', target, ['Content-Length: 999999999999']));
  assertRefused(await nextResponse(client), 413, 'request_body_too_large');
  assert.equal(upstream.sockets.size, 0);
});

test('the connection of a refused body is still good once the body has passed', async (t) => {
  const { upstream, port, target } = await start(t, {});
  const client = await connectWire(t, port);
  client.write(requestBytes('POST', target, [], Buffer.alloc(300_000, 'x')));
  assertRefused(await nextResponse(client), 413, 'request_body_too_large');
  const from = client.received().length;
  client.write(requestText('POST', target, [], 'hello'));
  await until('the next answer', () => client.received().length > from || client.ending() !== undefined);
  assert.equal((await nextResponse(client, { from })).status, 200);
  assert.equal(upstream.last().body.toString(), 'hello');
});

test('0 is no limit', async (t) => {
  const { upstream, port, target } = await start(t, { AEGIS_MAX_REQUEST_BODY_BYTES: '0' });
  const body = Buffer.alloc(3_000_000, 'x');
  assert.equal((await exchange(t, port, requestBytes('POST', target, [], body))).status, 200);
  assert.equal((await exchange(t, port, chunkedRequest('POST', target, [], [body]))).status, 200);
  for (const request of upstream.requests) assert.equal(request.body.length, body.length);
});
