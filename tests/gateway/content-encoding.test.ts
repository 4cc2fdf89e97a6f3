import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import * as zlib from 'node:zlib';
import { assertRefused, chunkedRequest, endToEnd, exchange, nextResponse, requestBytes, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { startUpstream } from '../support/upstream.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

interface Coding {
  readonly name: string;
  /** What stands in Content-Encoding. */
  readonly header: string;
  readonly pack: (bytes: Buffer) => Buffer;
  /** A compressor whose `flush` ends what the decoder can give out; undefined where Node has none for it. */
  readonly stream: (() => zlib.Gzip | zlib.BrotliCompress) | undefined;
}

// Newer than the type definitions: Node 22.15.
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

/** Brotli's default is its slowest. */
const QUICK = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } };

const CODINGS: readonly Coding[] = [
  { name: 'gzip', header: 'gzip', pack: (bytes) => zlib.gzipSync(bytes), stream: () => zlib.createGzip() },
  { name: 'x-gzip in capitals', header: ' X-GZip ', pack: (bytes) => zlib.gzipSync(bytes), stream: undefined },
  { name: 'deflate (zlib)', header: 'deflate', pack: (bytes) => zlib.deflateSync(bytes), stream: () => zlib.createDeflate() },
  { name: 'deflate (raw)', header: 'deflate', pack: (bytes) => zlib.deflateRawSync(bytes), stream: () => zlib.createDeflateRaw() },
  { name: 'br', header: 'br', pack: (bytes) => zlib.brotliCompressSync(bytes, QUICK), stream: () => zlib.createBrotliCompress() },
  ...(zstdCompressSync === undefined ? [] : [{ name: 'zstd', header: 'zstd', pack: zstdCompressSync, stream: undefined }]),
];

const BODY = Buffer.from(JSON.stringify({ model: 'm', text: 'caf\u00e9 '.repeat(3_000) }));

async function start(t: TestContext, { mode = 'full', env = {} }: { mode?: string; env?: Record<string, string> } = {}): Promise<{ upstream: Recorder; port: number; target: string }> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { env });
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, port: gateway.port, target: `/v1/__gw__/t/${token}/x` };
}

for (const { name, header, pack } of CODINGS) {
  test(`a request in ${name} goes up decoded, with a length that fits`, async (t) => {
    const { upstream, port, target } = await start(t);
    const packed = pack(BODY);
    const headers = ['a: 1', `Content-Encoding: ${header}`, 'Content-Type: application/json'];
    const expected = ['Host', `127.0.0.1:${upstream.port}`, 'a', '1', 'Content-Type', 'application/json', 'Content-Length', String(BODY.length), 'Accept-Encoding', 'identity'];
    const oneByOne = Array.from(packed, (byte) => Buffer.of(byte));
    for (const request of [requestBytes('POST', target, headers, packed), chunkedRequest('POST', target, headers, oneByOne)]) {
      const answer = await exchange(t, port, request);
      assert.equal(answer.status, 200, answer.body.toString());
      assert.deepEqual(upstream.last().body, BODY);
      assert.deepEqual(endToEnd(upstream.last().rawHeaders), expected);
    }
  });

  test(`a request in ${name} that is larger than the hold goes up decoded and chunked`, async (t) => {
    const { upstream, port, target } = await start(t, { env: { AEGIS_REQUEST_HOLD_BYTES: '1000' } });
    const answer = await exchange(t, port, requestBytes('POST', target, [`Content-Encoding: ${header}`], pack(BODY)));
    assert.equal(answer.status, 200, answer.body.toString());
    assert.deepEqual(upstream.last().body, BODY);
    assert.equal(valueOf(upstream.last().rawHeaders, 'content-length'), undefined);
    assert.equal(valueOf(upstream.last().rawHeaders, 'transfer-encoding'), 'chunked');
    assert.equal(valueOf(upstream.last().rawHeaders, 'content-encoding'), undefined);
  });

  test(`a truncated or garbled request in ${name} is refused`, async (t) => {
    const { upstream, port, target } = await start(t);
    const packed = pack(BODY);
    const garbled = Buffer.from(packed);
    garbled.fill(0xff, Math.min(packed.length >> 1, 60));
    for (const body of [packed.subarray(0, packed.length >> 1), packed.subarray(0, packed.length - 1), garbled, Buffer.from('\xff\xff plain text', 'latin1')]) {
      const answer = await exchange(t, port, requestBytes('POST', target, [`Content-Encoding: ${header}`], body));
      assertRefused(answer, 400, 'invalid_parameters');
    }
    assert.equal(upstream.requests.length, 0);
  });

  test(`a bomb in ${name} is refused at the size limit, held and streaming`, async (t) => {
    const bomb = pack(Buffer.alloc(20_000_000));
    assert.ok(bomb.length < 200_000);
    for (const hold of ['1048576', '1000']) {
      const { upstream, port, target } = await start(t, { env: { AEGIS_MAX_REQUEST_BODY_BYTES: '200000', AEGIS_REQUEST_HOLD_BYTES: hold } });
      assertRefused(await exchange(t, port, requestBytes('POST', target, [`Content-Encoding: ${header}`], bomb)), 413, 'request_body_too_large');
      assert.equal(upstream.requests.length, 0);
    }
  });

  test(`a response in ${name} reaches the client decoded`, async (t) => {
    const large = Buffer.concat([BODY, randomBytes(400_000), Buffer.alloc(3_000_000)]);
    for (const body of [BODY, large]) {
      const upstream = await startUpstream(t, (_req, res) => {
        const packed = pack(body);
        res.writeHead(200, ['Content-Encoding', header.trim(), 'Vary', 'Accept-Encoding', 'Content-Length', String(packed.length), 'ETag', '"x"']);
        for (let at = 0; at < packed.length; at += 50_000) res.write(packed.subarray(at, at + 50_000));
        res.end();
      });
      const gateway = await startGateway(t);
      const token = await gateway.register(upstream.url);
      const got = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`, ['Accept-Encoding: gzip, br']));
      assert.equal(got.status, 200);
      assert.ok(got.body.equals(body));
      assert.equal(valueOf(got.rawHeaders, 'content-encoding'), undefined);
      // Gathered, it has its own length; too large for that, it streams.
      assert.equal(valueOf(got.rawHeaders, 'content-length'), body === large ? undefined : String(body.length));
      assert.equal(valueOf(got.rawHeaders, 'etag'), '"x"');
    }
  });

  test(`an empty body in ${name} stays an empty body, both ways`, async (t) => {
    for (const framing of ['content-length', 'chunked']) {
      const upstream = await startRecorder(t, (res) => {
        res.writeHead(200, ['Content-Encoding', header.trim(), ...(framing === 'chunked' ? [] : ['Content-Length', '0'])]);
        res.end();
      });
      const gateway = await startGateway(t);
      const token = await gateway.register(upstream.url);
      const target = `/v1/__gw__/t/${token}/x`;
      const got = await exchange(t, gateway.port, chunkedRequest('POST', target, [`Content-Encoding: ${header}`], []));
      assert.equal(got.status, 200, got.body.toString());
      assert.equal(got.body.length, 0);
      assert.equal(upstream.last().body.length, 0);
    }
  });

  test(`a response in ${name} that breaks off in its coding is a break`, async (t) => {
    const upstream = await startUpstream(t, (_req, res) => {
      const packed = pack(BODY);
      res.writeHead(200, { 'content-encoding': header.trim() });
      res.write(packed.subarray(0, 20));
      res.end(packed.subarray(20, packed.length - 2));
    });
    const gateway = await startGateway(t);
    const token = await gateway.register(upstream.url);
    const client = await connectWire(t, gateway.port);
    client.write(requestText('GET', `/v1/__gw__/t/${token}/x`));
    const text = await client.closed();
    assert.ok(!text.endsWith('0\r\n\r\n'), 'it looks complete');
  });
}

for (const { name, header, stream } of CODINGS) {
  if (stream === undefined) continue;
  test(`an SSE response in ${name} is decoded flush by flush`, async (t) => {
    let send = (_text: string): Promise<void> => Promise.resolve();
    let finish = (): void => {};
    const upstream = await startUpstream(t, (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': header });
      const packer = stream();
      packer.pipe(res);
      res.flushHeaders();
      send = async (text) => {
        packer.write(text);
        await new Promise<void>((resolve) => packer.flush(() => resolve()));
      };
      finish = () => void packer.end();
    });
    const gateway = await startGateway(t);
    const token = await gateway.register(upstream.url);
    const client = await connectWire(t, gateway.port);
    client.write(requestText('GET', `/v1/__gw__/t/${token}/x`));
    await client.waitFor('\r\n\r\n');
    for (let i = 0; i < 5; i++) {
      await send(`data: event ${i}\n\n`);
      await client.waitFor(`data: event ${i}\n\n`);
    }
    finish();
    const got = await nextResponse(client);
    assert.equal(got.body.toString(), [0, 1, 2, 3, 4].map((i) => `data: event ${i}\n\n`).join(''));
  });
}

test('a coding that can\'t be read is refused on a filtered route, before a byte has gone up', async (t) => {
  const { upstream, port, target } = await start(t);
  const unreadable = ['compress', 'gzip, br', 'aws-chunked', 'x', ...(zstdCompressSync === undefined ? ['zstd'] : [])];
  for (const coding of unreadable) {
    const answer = await exchange(t, port, requestBytes('POST', target, [`Content-Encoding: ${coding}`], Buffer.from('xx')));
    const message = assertRefused(answer, 415, 'unsupported_content_encoding');
    assert.match(message, /gzip, deflate, br/);
  }
  const twice = await exchange(t, port, requestBytes('POST', target, ['Content-Encoding: gzip', 'Content-Encoding: gzip'], zlib.gzipSync(zlib.gzipSync('x'))));
  assertRefused(twice, 415, 'unsupported_content_encoding');
  assert.equal(upstream.sockets.size, 0);
});

test('identity is no coding, and its header stays', async (t) => {
  const { upstream, port, target } = await start(t);
  await exchange(t, port, requestBytes('POST', target, ['Content-Encoding: identity'], BODY));
  assert.deepEqual(upstream.last().body, BODY);
  assert.equal(valueOf(upstream.last().rawHeaders, 'content-encoding'), 'identity');
});

test('what is not filtered keeps its coding: passthrough both ways, multipart upwards', async (t) => {
  const packed = zlib.gzipSync(BODY);
  const through = await startRecorder(t, (res) => {
    res.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
    res.end(packed);
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(through.url, { mode: 'passthrough' });
  const got = await exchange(t, gateway.port, requestBytes('POST', `/v1/__gw__/t/${token}/x`, ['Content-Encoding: zstd', 'Accept-Encoding: gzip'], packed));
  assert.deepEqual(through.last().body, packed);
  assert.equal(valueOf(through.last().rawHeaders, 'content-encoding'), 'zstd');
  assert.deepEqual(got.body, packed);
  assert.equal(valueOf(got.rawHeaders, 'content-encoding'), 'gzip');

  const { upstream, port, target } = await start(t);
  await exchange(t, port, requestBytes('POST', target, ['Content-Type: Multipart/Form-Data; boundary=b', 'Content-Encoding: gzip'], packed));
  assert.deepEqual(upstream.last().body, packed);
  assert.equal(valueOf(upstream.last().rawHeaders, 'content-encoding'), 'gzip');
});

test('a response in a coding that can\'t be read passes where nothing has to read it', async (t) => {
  const upstream = await startUpstream(t, (_req, res) => {
    res.writeHead(200, { 'content-encoding': 'compress', 'content-length': 3 });
    res.end('abc');
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const got = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assert.equal(valueOf(got.rawHeaders, 'content-encoding'), 'compress');
  assert.equal(got.body.toString(), 'abc');
});

test('and is refused where a filter has to', async (t) => {
  const upstream = await startUpstream(t, (_req, res) => {
    res.writeHead(200, { 'content-encoding': 'compress', 'content-length': 3 });
    res.end('abc');
  });
  const filter = { push: (chunk: Buffer, emit: (bytes: Buffer) => void) => emit(chunk), end() {} };
  const gateway = await startGateway(t, { filterSources: [() => ({ request: () => undefined, response: () => filter })] });
  const token = await gateway.register(upstream.url);
  const got = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assertRefused(got, 502, 'upstream_unreachable');
});

test('a large response in bare deflate passes whole to a client that reads in fits and starts', async (t) => {
  const packed = zlib.deflateRawSync(Buffer.alloc(4_000_000, 'abc'));
  const upstream = await startUpstream(t, (_req, res) => {
    res.setHeader('content-encoding', 'deflate');
    res.end(packed);
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  let bytes = 0;
  client.socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes % 7 !== 0) return;
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 1);
  });
  client.write(requestText('GET', `/v1/__gw__/t/${token}/x`));
  const got = await nextResponse(client);
  assert.ok(got.body.equals(Buffer.alloc(4_000_000, 'abc')));
});
