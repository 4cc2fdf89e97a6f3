import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { GatewayError } from '../../src/errors.ts';
import type { Filter, FilterSource } from '../../src/pipeline/filter.ts';
import { assertRefused, chunkedRequest, exchange, requestBytes, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const HOLD = 100;

/** A source that filters requests alone, with a fresh filter each time. */
function onRequests(make: () => Filter): FilterSource {
  return () => ({ request: make, response: () => undefined });
}

const doubling: FilterSource = onRequests(() => ({
  push(chunk, emit) {
    for (const byte of chunk) emit(Buffer.of(byte, byte));
  },
  end() {},
}));

/** Emits all it got at the end, with a last word. */
const gathering: FilterSource = onRequests(() => {
  const chunks: Buffer[] = [];
  return {
    push: (chunk) => void chunks.push(chunk),
    end(emit) {
      emit(Buffer.concat(chunks));
      emit(Buffer.from('.'));
    },
  };
});

async function start(t: TestContext, filterSources: readonly FilterSource[] = [], mode = 'full'): Promise<{ upstream: Recorder; port: number; target: string }> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { filterSources, env: { AEGIS_REQUEST_HOLD_BYTES: String(HOLD) } });
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, port: gateway.port, target: `/v1/__gw__/t/${token}/x` };
}

test('a chunked body goes up with its length up to the hold, and chunked from one byte above', async (t) => {
  const { upstream, port, target } = await start(t);
  for (const bytes of [0, 1, HOLD - 1, HOLD, HOLD + 1, 10 * HOLD]) {
    const body = Buffer.alloc(bytes, 'x');
    const chunks = [body.subarray(0, bytes >> 1), body.subarray(bytes >> 1)].filter((chunk) => chunk.length > 0);
    assert.equal((await exchange(t, port, chunkedRequest('POST', target, [], chunks))).status, 200);
    const { rawHeaders } = upstream.last();
    assert.deepEqual(upstream.last().body, body);
    assert.equal(valueOf(rawHeaders, 'content-length'), bytes <= HOLD ? String(bytes) : undefined);
    assert.equal(valueOf(rawHeaders, 'transfer-encoding'), bytes <= HOLD ? undefined : 'chunked');
  }
});

test('a body whose stated length is within the hold goes with its length after the filters, however it has grown', async (t) => {
  const { upstream, port, target } = await start(t, [doubling]);
  for (const bytes of [1, HOLD / 2, HOLD / 2 + 1, HOLD, HOLD + 1]) {
    assert.equal((await exchange(t, port, requestBytes('POST', target, ['x-after: 1'], Buffer.alloc(bytes, 'y')))).status, 200);
    const { rawHeaders, body } = upstream.last();
    assert.deepEqual(body, Buffer.alloc(2 * bytes, 'y'));
    assert.equal(valueOf(rawHeaders, 'content-length'), bytes <= HOLD ? String(2 * bytes) : undefined);
    assert.equal(valueOf(rawHeaders, 'transfer-encoding'), bytes <= HOLD ? undefined : 'chunked');
  }
});

test('of a body of no stated length what counts is the length after the filters', async (t) => {
  const { upstream, port, target } = await start(t, [doubling]);
  for (const bytes of [1, HOLD / 2, HOLD / 2 + 1, HOLD, HOLD + 1]) {
    assert.equal((await exchange(t, port, chunkedRequest('POST', target, [], [Buffer.alloc(bytes, 'y')]))).status, 200);
    const { rawHeaders, body } = upstream.last();
    assert.deepEqual(body, Buffer.alloc(2 * bytes, 'y'));
    assert.equal(valueOf(rawHeaders, 'content-length'), 2 * bytes <= HOLD ? String(2 * bytes) : undefined);
    assert.equal(valueOf(rawHeaders, 'transfer-encoding'), 2 * bytes <= HOLD ? undefined : 'chunked');
  }
});

test('what a filter emits only at the end is held and streamed alike', async (t) => {
  const { upstream, port, target } = await start(t, [gathering, doubling]);
  for (const bytes of [3, 30, 300, 5_000]) {
    assert.equal((await exchange(t, port, requestBytes('POST', target, [], Buffer.alloc(bytes, 'z')))).status, 200);
    assert.equal(upstream.last().body.toString(), `${'z'.repeat(2 * bytes)}..`);
  }
});

test('filters run in their order, and only where the mode has them', async (t) => {
  const tag = (mark: string): FilterSource => onRequests(() => ({ push: (chunk, emit) => emit(chunk), end: (emit) => emit(Buffer.from(mark)) }));
  const { upstream, port, target } = await start(t, [tag('a'), tag('b')]);
  await exchange(t, port, requestBytes('POST', target, [], Buffer.from('x')));
  assert.equal(upstream.last().body.toString(), 'xab');
  await exchange(t, port, requestBytes('POST', target.replace(/\/x$/, '__passthrough/x'), [], Buffer.from('x')));
  assert.equal(upstream.last().body.toString(), 'x');
});

test('a filter that refuses does so before a byte has gone up, where the body is within the hold', async (t) => {
  const refusing = onRequests(() => ({
    push() {},
    end() {
      throw new GatewayError('invalid_json', 'It ends too early.');
    },
  }));
  const { upstream, port, target } = await start(t, [refusing]);
  assertRefused(await exchange(t, port, requestBytes('POST', target, [], Buffer.from('x'))), 400, 'invalid_json');
  assert.equal(upstream.sockets.size, 0);
});

test('a filter that refuses above the hold ends the upstream\'s request before it is complete', async (t) => {
  let seen = 0;
  const refusing = onRequests(() => ({
    push(chunk, emit) {
      seen += chunk.length;
      if (seen > 2 * HOLD) throw new GatewayError('invalid_json', 'It has gone too far.');
      emit(chunk);
    },
    end() {},
  }));
  const { upstream, port, target } = await start(t, [refusing]);
  const client = await connectWire(t, port);
  client.write(requestText('POST', target, ['Transfer-Encoding: chunked']));
  client.write(`${(HOLD + 1).toString(16)}\r\n${'x'.repeat(HOLD + 1)}\r\n`);
  await until('the request to go up', () => upstream.sockets.size === 1);
  client.write(`${(HOLD + 1).toString(16)}\r\n${'x'.repeat(HOLD + 1)}\r\n`);
  await client.waitFor('invalid_json');
  await until('the upstream connection to go', () => upstream.sockets.size === 0);
  assert.equal(upstream.requests.length, 0);
});

test('a filter that fails is an internal error whose message tells nothing of it', async (t) => {
  const failing = onRequests(() => ({
    push() {
      throw new TypeError('secret-in-message');
    },
    end() {},
  }));
  const { upstream, port, target } = await start(t, [failing]);
  const message = assertRefused(await exchange(t, port, requestBytes('POST', target, [], Buffer.from('x'))), 500, 'internal_error');
  assert.ok(!message.includes('secret'));
  assert.equal(upstream.sockets.size, 0);
});

test('in passthrough nothing is held: a chunked body streams from its first byte', async (t) => {
  const { upstream, port, target } = await start(t, [doubling], 'passthrough');
  const client = await connectWire(t, port);
  client.write(requestText('POST', target, ['Transfer-Encoding: chunked']));
  client.write('1\r\nx\r\n');
  await until('the request to go up', () => upstream.sockets.size === 1);
  client.write('0\r\n\r\n');
  await client.waitFor('200 OK');
  assert.equal(valueOf(upstream.last().rawHeaders, 'transfer-encoding'), 'chunked');
  assert.equal(upstream.last().body.toString(), 'x');
});
