import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { endToEnd, exchange, nextResponse, requestBytes, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawRecorder, startRecorder } from '../support/recorder.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

async function route(t: TestContext, answer: string): Promise<{ port: number; target: string }> {
  const upstream = await startRawRecorder(t, answer);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  return { port: gateway.port, target: `/v1/__gw__/t/${token}/x` };
}

const HEADS: readonly (readonly [method: string, head: string])[] = [
  ['HEAD', '200 OK\r\nContent-Type: application/json\r\nContent-Length: 1234\r\nETag: "x"'],
  ['HEAD', '200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99'],
  ['HEAD', '200 OK\r\nContent-Encoding: compress\r\nContent-Length: 99'],
  ['HEAD', '404 Not Found\r\nx-y: 1'],
  ['GET', '204 No Content\r\nx-y: 1'],
  ['GET', '204 No Content\r\nContent-Length: 0\r\nx-y: 1'],
  ['GET', '304 Not Modified\r\nContent-Length: 77\r\nETag: "x"\r\nContent-Encoding: gzip'],
  ['POST', '204 \r\nContent-Type: text/event-stream'],
];

for (const [method, head] of HEADS) {
  test(`${method} answered ${head.split('\r\n').join(', ')} passes with its headers and without a body`, async (t) => {
    const { port, target } = await route(t, `HTTP/1.1 ${head}\r\n\r\n`);
    const client = await connectWire(t, port);
    for (let round = 0; round < 2; round++) {
      const from = client.received().length;
      client.write(requestText(method, target));
      const got = await nextResponse(client, { from, bodiless: true });
      assert.equal(got.status, Number(head.slice(0, 3)));
      assert.deepEqual(endToEnd(got.rawHeaders), head.split('\r\n').slice(1).flatMap((line) => line.split(': ')));
      assert.equal(valueOf(got.rawHeaders, 'transfer-encoding'), undefined);
      assert.equal(got.after, '');
    }
  });
}

test('an empty body stays empty, with a length and chunked', async (t) => {
  for (const framing of ['Content-Length: 0\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n']) {
    const { port, target } = await route(t, `HTTP/1.1 200 OK\r\n${framing}`);
    const got = await exchange(t, port, requestText('POST', target));
    assert.equal(got.status, 200);
    assert.equal(got.body.length, 0);
  }
});

test('205 and 3xx answers with a body keep it', async (t) => {
  for (const status of [205, 300, 302, 307]) {
    const { port, target } = await route(t, `HTTP/1.1 ${status} x\r\nContent-Length: 2\r\n\r\nhi`);
    assert.equal((await exchange(t, port, requestText('GET', target))).body.toString(), 'hi');
  }
});

test('GET, HEAD and DELETE with a body go up with it', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS']) {
    const answer = await exchange(t, gateway.port, requestBytes(method, `/v1/__gw__/t/${token}/x`, [], Buffer.from('body')));
    assert.equal(answer.status, 200);
    assert.equal(upstream.last().method, method);
    assert.equal(upstream.last().body.toString(), 'body');
    assert.equal(valueOf(upstream.last().rawHeaders, 'content-length'), '4');
  }
});
