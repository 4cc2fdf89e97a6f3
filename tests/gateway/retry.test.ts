import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { assertRefused, chunkedRequest, endToEnd, exchange, nextResponse, parseResponse, requestBytes, type RawResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

interface Scene {
  readonly port: number;
  readonly target: string;
  /** What came on each connection after its first, answered request. */
  readonly later: string[];
  connections(): number;
  /** The first request: it leaves a connection to be kept. */
  warm(): Promise<void>;
  metrics(): Promise<string>;
}

/**
 * An upstream that answers each connection's first request and treats what comes after as `meet` says: by a close at
 * the very moment that a request comes, as when it gives up an idle connection.
 */
async function start(t: TestContext, { mode = 'full', hold = '1000', meet = (socket: Socket): void => void socket.resetAndDestroy(), first = OK } = {}): Promise<Scene> {
  const later: string[] = [];
  let connections = 0;
  const upstream = await startRawUpstream(t, (socket) => {
    connections++;
    let text = '';
    let answered = false;
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (answered) {
        later.push(text);
        meet(socket);
        return;
      }
      if (parseRequest(text) === undefined) return;
      answered = true;
      if (connections > 1) later.push(text);
      text = '';
      socket.write(first);
    });
  });
  const gateway = await startGateway(t, { env: { AEGIS_REQUEST_HOLD_BYTES: hold } });
  const token = await gateway.register(upstream.url, { mode });
  const target = `/v1/__gw__/t/${token}/x`;
  return {
    port: gateway.port,
    target,
    later,
    connections: () => connections,
    async warm() {
      const answer = await exchange(t, gateway.port, requestText('GET', target));
      assert.equal(answer.status, 200);
      assert.equal(connections, 1);
      // The connection goes back to the agent a tick after the answer is whole.
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
    metrics: async () => (await exchange(t, gateway.port, requestText('GET', '/metrics'))).body.toString(),
  };
}

/** A request taken apart as a response is: they differ in their first line. Undefined while it is not whole. */
function parseRequest(text: string): RawResponse | undefined {
  const bodiless = /^GET /.test(text);
  return parseResponse(text.replace(/^.*\r\n/, 'HTTP/1.1 200 OK\r\n'), bodiless);
}

test('connections to an upstream are used again', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  for (const mode of ['full', 'passthrough']) {
    const token = await gateway.register(`${upstream.url}/${mode}`, { mode });
    for (let i = 0; i < 5; i++) {
      assert.equal((await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'hello'))).status, 200);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  // Tokens of one origin share them.
  assert.deepEqual(new Set(upstream.requests.map(({ connection }) => connection)), new Set([1]));
});

for (const mode of ['full', 'passthrough']) {
  for (const [how, meet] of [
    ['a reset', (socket: Socket) => void socket.resetAndDestroy()],
    ['a close', (socket: Socket) => void socket.destroy()],
  ] as const) {
    test(`in ${mode} mode a kept connection that meets the request with ${how} is replaced once, with the whole request`, async (t) => {
      const scene = await start(t, { mode, meet });
      const body = Buffer.from('{"a":"caf\u00e9"}');
      const requests: [string, Buffer][] = [
        ['none', Buffer.from(requestText('GET', scene.target))],
        ['length', requestBytes('POST', scene.target, ['x-a: 1'], body)],
      ];
      await scene.warm();
      for (const [what, request] of requests) {
        const before = scene.connections();
        const answer = await exchange(t, scene.port, request);
        assert.equal(answer.status, 200, what);
        assert.equal(answer.body.toString(), 'ok');
        assert.equal(scene.connections(), before + 1);
        if (what === 'length') assert.deepEqual(parseRequest(scene.later.at(-1) ?? '')?.body, body);
        // The second try's connection is not kept: another is needed for the next round.
        if (what === 'none') {
          assert.equal((await exchange(t, scene.port, requestText('GET', scene.target))).status, 200);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      assert.match(await scene.metrics(), /retr\w+[^\n]* 2\n/);
    });
  }

  test(`in ${mode} mode a chunked body within the hold is sent again whole, with its trailers`, async (t) => {
    const scene = await start(t, { mode });
    await scene.warm();
    const answer = await exchange(t, scene.port, chunkedRequest('POST', scene.target, ['Trailer: x-t'], [Buffer.from('hello '), Buffer.from('world')], ['x-t: 1']));
    assert.equal(answer.status, 200);
    const again = parseRequest(scene.later.at(-1) ?? '');
    assert.equal(again?.body.toString(), 'hello world');
    assert.deepEqual(again?.rawTrailers, ['x-t', '1']);
  });

  test(`in ${mode} mode a body beyond the hold is not sent again`, async (t) => {
    const scene = await start(t, { mode, hold: '100' });
    await scene.warm();
    const body = Buffer.alloc(300_000, 'x');
    for (const request of [requestBytes('POST', scene.target, [], body), chunkedRequest('POST', scene.target, [], [body])]) {
      const before = scene.connections();
      assertRefused(await exchange(t, scene.port, request), 502, 'upstream_unreachable');
      assert.equal(scene.connections(), before);
      // For the second round.
      await exchange(t, scene.port, requestText('GET', scene.target));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

test('a body that is still coming when its connection proves stale goes on upon the new one', async (t) => {
  // In the other modes nothing would go up before the body is whole.
  const scene = await start(t, { mode: 'passthrough' });
  await scene.warm();
  const client = await connectWire(t, scene.port);
  client.write(`${requestText('POST', scene.target, ['Content-Length: 11'])}hello`);
  await until('the second try', () => scene.connections() === 2);
  client.write(' world');
  const answer = await nextResponse(client);
  assert.equal(answer.status, 200);
  assert.equal(parseRequest(scene.later.at(-1) ?? '')?.body.toString(), 'hello world');
});

test('a second failure is told, not tried a third time', async (t) => {
  let connections = 0;
  const upstream = await startRawUpstream(t, (socket) => {
    const index = ++connections;
    let answered = false;
    socket.on('data', () => {
      if (index === 1 && !answered) socket.write(OK);
      else socket.resetAndDestroy();
      answered = true;
    });
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const target = `/v1/__gw__/t/${token}/x`;
  assert.equal((await exchange(t, gateway.port, requestText('GET', target))).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertRefused(await exchange(t, gateway.port, requestText('POST', target, [], 'hello')), 502, 'upstream_unreachable');
  assert.equal(connections, 2);
});

test('an upstream that has begun to answer is not asked again', async (t) => {
  for (const beginning of ['H', 'HTTP/1.1 2', 'HTTP/1.1 200 OK\r\nContent-Le', 'HTTP/1.1 103 Early Hints\r\nx: 1\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf']) {
    const scene = await start(t, { meet: (socket) => void socket.write(beginning, () => socket.end()) });
    await scene.warm();
    let answer: RawResponse | undefined;
    await exchange(t, scene.port, requestText('POST', scene.target, [], 'hello')).then(
      (got) => {
        answer = got;
      },
      () => {},
    );
    if (answer !== undefined) assertRefused(answer, 502, 'upstream_unreachable');
    assert.equal(scene.connections(), 1, JSON.stringify(beginning));
  }
});

test('a connection that the upstream has closed meanwhile is not used', async (t) => {
  let connections = 0;
  const upstream = await startRawUpstream(t, (socket) => {
    connections++;
    socket.once('data', () => socket.end(OK));
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (let i = 1; i <= 3; i++) {
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x'));
    assert.deepEqual(endToEnd(answer.rawHeaders), ['Content-Length', '2']);
    assert.equal(connections, i);
    await until('the connection to be gone', () => upstream.sockets.size === 0);
  }
});

test('what an upstream sends unasked on an idle connection is nobody\'s answer', async (t) => {
  let sendUnasked = (): void => {};
  let connections = 0;
  const upstream = await startRawUpstream(t, (socket) => {
    connections++;
    sendUnasked = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen');
    socket.on('data', () => socket.write(OK));
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const ask = (): Promise<RawResponse> => exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assert.equal((await ask()).body.toString(), 'ok');
  await new Promise((resolve) => setTimeout(resolve, 20));
  sendUnasked();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await ask()).body.toString(), 'ok');
  assert.ok(connections <= 2);
});
