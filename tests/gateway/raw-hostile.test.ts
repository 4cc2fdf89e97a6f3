import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assertRefused, exchange, nextResponse, valueOf } from '../support/exchange.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { until, within } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

interface Scene {
  readonly upstream: Recorder;
  readonly gateway: TestGateway;
  readonly target: string;
}

async function start(t: TestContext, mode = 'full'): Promise<Scene> {
  const upstream = await startRecorder(t, (res, { target }) => void res.end(target));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, gateway, target: `/v1/__gw__/t/${token}/x` };
}

/** What stands behind the request line, and the code of the refusal. */
const MALFORMED: readonly (readonly [what: string, text: (target: string) => string])[] = [
  ['no HTTP', () => 'nonsense\r\n\r\n'],
  ['a TLS handshake', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['an HTTP/2 preface', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['an unknown version', (target) => `GET ${target} HTTP/9.9\r\nHost: localhost\r\n\r\n`],
  ['an unknown method', (target) => `FETCH ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ['no version', (target) => `GET ${target}\r\nHost: localhost\r\n\r\n`],
  ['a space in the target', (target) => `GET ${target} y HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ['a NUL in the target', (target) => `GET ${target}\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ['a NUL in a header', (target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\nx: a\x00b\r\n\r\n`],
  ['a bare CR in a header', (target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\nx: a\rb: c\r\n\r\n`],
  ['a space before a colon', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\nhello`],
  ['a header without a colon', (target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n`],
  ['a header without a name', (target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n`],
  ['no Host', (target) => `GET ${target} HTTP/1.1\r\n\r\n`],
  ['two Hosts', (target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n`],
  ['a length and chunks', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks and a length', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
  ['two lengths that differ', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello`],
  ['two lengths that agree', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ['a list of lengths', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 5\r\n\r\nhello`],
  ['a signed length', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\nhello`],
  ['a negative length', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\nhello`],
  ['a hexadecimal length', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x5\r\n\r\nhello`],
  ['a length beyond 64 bits', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\nhello`],
  ['an unknown coding of transfer', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['identity as coding of transfer', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity\r\n\r\n`],
  ['gzip below chunked', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['chunked below identity', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['chunked twice', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunked in HTTP/1.0', (target) => `POST ${target} HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`],
  ['a chunk size that is no number', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`],
  ['a chunk longer than it says', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n`],
  ['a chunk size without CR', (target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`],
];

for (const mode of ['full', 'passthrough']) {
  test(`in ${mode} mode malformed requests get the error envelope, and nothing goes up`, async (t) => {
    const { upstream, gateway, target } = await start(t, mode);
    for (const [what, text] of MALFORMED) {
      const client = await connectWire(t, gateway.port);
      client.write(Buffer.from(text(target), 'latin1'));
      const answer = await nextResponse(client).catch((error: Error) => assert.fail(`${what}: ${error.message}`));
      assert.equal(answer.status, 400, `${what}: ${answer.status} ${answer.body.toString()}`);
      assertRefused(answer, 400, 'invalid_parameters');
      assert.equal(upstream.requests.length, 0, what);
      client.socket.destroy();
    }
    assert.equal((await exchange(t, gateway.port, requestText('GET', '/health'))).status, 200);
  });
}

test('what was smuggled behind a malformed request is not run', async (t) => {
  const { upstream, gateway, target } = await start(t);
  const hidden = requestText('GET', target.replace(/\/x$/, '/hidden'));
  for (const head of ['Content-Length: 5\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: xchunked', 'Content-Length: 0\r\nContent-Length: 70', 'Transfer-Encoding:\x0bchunked', 'Transfer-Encoding: chunked\r\n foo', 'X: y\r\n\tContent-Length: 5']) {
    const client = await connectWire(t, gateway.port);
    client.write(Buffer.from(`POST ${target} HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n0\r\n\r\n${hidden}`, 'latin1'));
    await nextResponse(client);
    client.socket.end();
    await client.closed();
    assert.ok(!upstream.requests.some((request) => request.target.includes('hidden')), head);
  }
});

test('a head that is too large is 431', async (t) => {
  const { upstream, gateway, target } = await start(t);
  for (const text of [
    requestText('GET', target, [`x: ${'y'.repeat(200_000)}`]),
    requestText('GET', target, Array.from({ length: 20_000 }, (_, i) => `x-${i}: 12345`)),
    requestText('GET', `${target}?${'q'.repeat(200_000)}`),
  ]) {
    const client = await connectWire(t, gateway.port);
    client.write(text);
    assertRefused(await nextResponse(client), 431, 'request_headers_too_large');
  }
  assert.equal(upstream.requests.length, 0);
});

test('pipelined requests are answered in their order, however long each takes', async (t) => {
  const upstream = await startRecorder(t, (res, { target }) => void setTimeout(() => res.end(target), target === '/0' ? 100 : target === '/3' ? 40 : 0));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  const paths = ['/0', '/1', '/health', '/3', '/nowhere', '/5', '/6'];
  client.write(
    paths
      .map((path) => {
        if (path === '/health') return requestText('GET', '/health');
        if (path === '/nowhere') return requestText('POST', '/nowhere', [], 'body');
        return requestText(Number(path.slice(1)) % 2 === 0 ? 'GET' : 'POST', `/v1/__gw__/t/${token}${path}`, [], Number(path.slice(1)) % 2 === 0 ? '' : 'body');
      })
      .join(''),
  );
  let from = 0;
  for (const path of paths) {
    const answer = await nextResponse(client, { from });
    from = client.received().length - answer.after.length;
    if (path === '/health') assert.match(answer.body.toString(), /aegisgate/);
    else if (path === '/nowhere') assertRefused(answer, 400, 'invalid_parameters');
    else assert.equal(answer.body.toString(), path);
  }
  assert.equal(client.received().length, from);
});

test('garbage behind a request that is under way does not become its answer', async (t) => {
  let release = (): void => {};
  let asked = false;
  const upstream = await startRawUpstream(t, (socket) => {
    socket.once('data', () => {
      asked = true;
    });
    release = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('GET', `/v1/__gw__/t/${token}/x`));
  await until('the request to be under way', () => asked);
  client.write('garbage\r\n\r\n');
  release();
  const text = await client.closed();
  assert.ok(text === '' || text.startsWith('HTTP/1.1 200 OK'), text);
});

test('a malformed body on a kept connection is told like one on a new connection', async (t) => {
  const { gateway, target } = await start(t);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('GET', target));
  await nextResponse(client);
  const from = client.received().length;
  client.write(`${requestText('POST', target, ['Transfer-Encoding: chunked'])}zz\r\n`);
  assertRefused(await nextResponse(client, { from }), 400, 'invalid_parameters');
});

test('a client that has been refused and neither sends nor closes does not keep its connection', async (t) => {
  const gateway = await startGateway(t);
  const asking = await connectWire(t, gateway.port);
  const open = async (): Promise<number> => {
    const from = asking.received().length;
    asking.write(requestText('GET', '/metrics'));
    const metrics = await nextResponse(asking, { from });
    return Number(/aegis_client_connections (\d+)/.exec(metrics.body.toString())?.[1]);
  };
  assert.equal(await open(), 1);
  for (const text of ['nonsense\r\n\r\n', 'CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n']) {
    const client = await connectWire(t, gateway.port);
    client.write(text);
    const answer = await nextResponse(client);
    assert.equal(valueOf(answer.rawHeaders, 'connection'), 'close');
    let count = await open();
    for (let i = 0; i < 300 && count > 1; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      count = await open();
    }
    assert.equal(count, 1);
  }
});

test('a large malformed request is read on until its client has had the time to see the answer', async (t) => {
  const gateway = await startGateway(t);
  const client = await connectWire(t, gateway.port);
  // More than the buffers of both sides take: a connection that is closed at once fails these writes.
  const sent = new Promise<void>((resolve, reject) => {
    client.socket.write(Buffer.alloc(8_000_000, 'nonsense '), (error) => (error ? reject(error) : resolve()));
  });
  await within('the request to be sent', sent);
  assertRefused(await nextResponse(client), 400, 'invalid_parameters');
});
