import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assertRefused, nextResponse, valueOf } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

async function start(t: TestContext, mode: string, env: Record<string, string> = {}): Promise<{ upstream: Recorder; port: number; target: string }> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { env });
  const token = await gateway.register(upstream.url, { mode });
  return { upstream, port: gateway.port, target: `/v1/__gw__/t/${token}/x` };
}

for (const mode of ['full', 'passthrough']) {
  test(`in ${mode} mode the client gets its leave and Expect goes no further`, async (t) => {
    const { upstream, port, target } = await start(t, mode);
    const client = await connectWire(t, port);
    client.write(requestText('POST', target, ['Expect: 100-continue', 'Content-Length: 5']));
    assert.equal(await client.waitFor(CONTINUE), CONTINUE);
    client.write('hello');
    const answer = await nextResponse(client);
    assert.equal(answer.status, 200);
    assert.equal(upstream.last().body.toString(), 'hello');
    assert.equal(valueOf(upstream.last().rawHeaders, 'expect'), undefined);
    // The connection is still good.
    const from = client.received().length;
    client.write(requestText('POST', target, ['Expect: 100-Continue', 'Transfer-Encoding: chunked']));
    await until('leave to go on', () => client.received().length > from);
    client.write('1\r\nx\r\n0\r\n\r\n');
    const next = await nextResponse(client, { from });
    assert.deepEqual(next.interim.map(({ status }) => status), [100]);
    assert.equal(next.status, 200);
    assert.equal(upstream.last().body.toString(), 'x');
  });
}

test('a request that will not be taken is refused instead of being given leave, and the connection closed', async (t) => {
  const { upstream, port, target } = await start(t, 'full', { AEGIS_MAX_REQUEST_BODY_BYTES: '10' });
  const refusals: [string, string[], number, string][] = [
    [target, ['Content-Length: 11'], 413, 'request_body_too_large'],
    [target, ['Content-Length: 5', 'Content-Encoding: compress'], 415, 'unsupported_content_encoding'],
    ['/v1/__gw__/t/Nobody0000000000000000ab/x', ['Content-Length: 5'], 404, 'token_not_found'],
    ['/v1/messages', ['Content-Length: 5'], 400, 'invalid_parameters'],
  ];
  for (const [path, headers, status, code] of refusals) {
    const client = await connectWire(t, port);
    client.write(requestText('POST', path, ['Expect: 100-continue', ...headers]));
    const answer = await nextResponse(client);
    assertRefused(answer, status, code);
    assert.deepEqual(answer.interim, []);
    assert.equal(valueOf(answer.rawHeaders, 'connection'), 'close');
    await client.closed();
    assert.equal(client.ending(), 'end');
  }
  assert.equal(upstream.requests.length, 0);
});

test('admin calls give leave too', async (t) => {
  const gateway = await startGateway(t);
  const client = await connectWire(t, gateway.port);
  const body = JSON.stringify({ upstream_base: 'http://127.0.0.1:9/v1', gateway_key: 'agent' });
  client.write(requestText('POST', '/__gw__/register', ['Expect: 100-continue', 'Content-Type: application/json', `Content-Length: ${body.length}`]));
  await client.waitFor(CONTINUE);
  client.write(body);
  assert.equal((await nextResponse(client)).status, 200);
});

test('an expectation that nobody knows is passed over', async (t) => {
  const { upstream, port, target } = await start(t, 'full');
  const client = await connectWire(t, port);
  client.write(requestText('POST', target, ['Expect: 200-ok'], 'hello'));
  assert.equal((await nextResponse(client)).status, 200);
  assert.equal(upstream.last().body.toString(), 'hello');
  assert.equal(valueOf(upstream.last().rawHeaders, 'expect'), undefined);
});
