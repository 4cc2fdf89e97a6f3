import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { endToEnd, exchange, nextResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawRecorder } from '../support/recorder.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

async function route(t: TestContext, answer: string): Promise<{ port: number; target: string; connections: readonly string[] }> {
  const upstream = await startRawRecorder(t, answer);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  return { port: gateway.port, target: `/v1/__gw__/t/${token}/x`, connections: upstream.connections };
}

test('interim responses pass, each with its headers, before the final one', async (t) => {
  const { port, target } = await route(
    t,
    'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nlink: </b.css>\r\nConnection: x-hop\r\nx-hop: 1\r\n\r\n' +
      'HTTP/1.1 102 Processing\r\n\r\n' +
      'HTTP/1.1 103 \r\nx-n: caf\xe9\r\n\r\n' +
      'HTTP/1.1 199 Odd\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  );
  const got = await exchange(t, port, requestText('GET', target));
  assert.equal(got.status, 200);
  assert.equal(got.body.toString(), 'hi');
  assert.deepEqual(got.interim.map(({ status }) => status), [103, 102, 103, 199]);
  assert.deepEqual(got.interim[0]?.rawHeaders, ['Link', '</a.css>; rel=preload', 'link', '</b.css>']);
  assert.deepEqual(got.interim[1]?.rawHeaders, []);
  assert.deepEqual(got.interim[2]?.rawHeaders, ['x-n', 'caf\xe9']);
  assert.equal(got.interim[3]?.reason, 'Odd');
});

test('an interim response does not wait for the final one', async (t) => {
  let finish = (): void => {};
  const upstream = await startRawUpstream(t, (socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 103 Early Hints\r\nx-h: 1\r\n\r\n'));
    finish = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('GET', `/v1/__gw__/t/${token}/x`));
  await client.waitFor('x-h: 1\r\n\r\n');
  assert.ok(!client.received().includes('200'));
  finish();
  assert.equal((await nextResponse(client)).status, 200);
});

test('a 100 from the upstream is the gateway\'s own business', async (t) => {
  const { port, target } = await route(t, 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  const got = await exchange(t, port, requestText('GET', target));
  assert.deepEqual(got.interim, []);
  assert.deepEqual(endToEnd(got.rawHeaders), ['Content-Length', '0']);
});

test('an HTTP/1.0 client gets no interim responses', async (t) => {
  const { port, target } = await route(t, 'HTTP/1.1 103 Early Hints\r\nx: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
  const got = await exchange(t, port, `GET ${target} HTTP/1.0\r\n\r\n`);
  assert.deepEqual(got.interim, []);
  assert.equal(got.body.toString(), 'hi');
});

test('interim responses of pipelined requests stand before their own final ones', async (t) => {
  const upstream = await startRawUpstream(t, (socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const path = /^GET \/(\w+) [^]*\r\n\r\n$/.exec(text)?.[1];
      if (path === undefined) return;
      text = '';
      const answer = `HTTP/1.1 103 Early Hints\r\nx-for: ${path}\r\n\r\nHTTP/1.1 200 OK\r\nx-for: ${path}\r\nContent-Length: 0\r\n\r\n`;
      // The first is answered after the second.
      setTimeout(() => socket.write(answer), path === 'one' ? 60 : 0);
    });
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  client.write(['one', 'two'].map((path) => requestText('GET', `/v1/__gw__/t/${token}/${path}`)).join(''));
  const first = await nextResponse(client);
  assert.deepEqual(endToEnd(first.rawHeaders).slice(0, 2), ['x-for', 'one']);
  assert.deepEqual(first.interim.map((head) => head.rawHeaders), [['x-for', 'one']]);
  const second = await nextResponse(client, { from: client.received().length - first.after.length });
  assert.deepEqual(endToEnd(second.rawHeaders).slice(0, 2), ['x-for', 'two']);
  // What came for the second while the first was still under way had no place to go.
  for (const head of second.interim) assert.deepEqual(head.rawHeaders, ['x-for', 'two']);
});
