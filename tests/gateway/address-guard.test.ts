import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { createUpstreamClient } from '../../src/http/upstream.ts';
import { parseUpstreamBase } from '../../src/http/upstream-url.ts';
import { assertRefused, exchange } from '../support/exchange.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { within } from '../support/until.ts';
import { requestText } from '../support/wire-client.ts';

const DENIED = [
  'http://169.254.169.254/latest/meta-data', 'https://169.254.1.1', 'http://2852039166/', 'http://0xa9fea9fe', 'http://0251.0376.0251.0376', 'http://169.254.43518',
  'http://0.0.0.0', 'http://0', 'http://0.0.0.0:8080', 'http://224.0.0.1', 'http://255.255.255.255', 'http://100.100.100.200', 'http://168.63.129.16',
  'http://[::]', 'http://[::ffff:169.254.169.254]', 'http://[::ffff:a9fe:a9fe]', 'http://[64:ff9b::169.254.169.254]', 'http://[fe80::1]', 'http://[ff02::1]', 'http://[fd00:ec2::254]',
  'http://metadata.google.internal', 'http://METADATA.GOOGLE.INTERNAL./computeMetadata', 'http://metadata', 'http://instance-data',
];

function registered(gateway: TestGateway, base: string): ReturnType<TestGateway['admin']> {
  return gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
}

test('an upstream of a denied address can\'t be registered, however it is spelled', async (t) => {
  const gateway = await startGateway(t);
  for (const base of DENIED) {
    const { status, body } = await registered(gateway, base);
    assert.equal(status, 400, base);
    assert.equal((body['error'] as Record<string, unknown>)['code'], 'invalid_upstream', base);
  }
});

test('one that stands in the token file all the same is refused with each request', async (t) => {
  const gateway = await startGateway(t);
  const tokens = Object.fromEntries(DENIED.slice(0, 3).map((upstream_base, i) => [`Denied0000000000000000A${i}`, { upstream_base }]));
  await writeFile(gateway.tokensPath, JSON.stringify({ tokens }));
  for (const token of Object.keys(tokens)) {
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x'));
    // Whether the table takes such an entry or leaves it out, nothing is connected to.
    if (answer.status === 404) assertRefused(answer, 404, 'token_not_found');
    else assertRefused(answer, 400, 'invalid_upstream');
  }
});

test('connections are refused on their own account, direct and through the lookup', async (t) => {
  const client = createUpstreamClient({ proxy: readConfig({}).proxy, connectTimeoutMs: 5_000 });
  t.after(() => client.close());
  for (const base of DENIED) {
    for (const fresh of [false, true]) {
      const upstream = parseUpstreamBase(base);
      const request = client.request(upstream, { method: 'GET', target: '/', rawHeaders: ['Host', upstream.hostHeader], fresh });
      const error = await within(
        `${base} to be refused`,
        new Promise<NodeJS.ErrnoException>((resolve, reject) => {
          request.once('error', resolve);
          request.once('response', () => reject(new Error(`${base} was connected to`)));
          request.end();
        }),
      );
      assert.equal(error.code, 'EADDRDENIED', base);
    }
  }
});

test('AEGIS_UPSTREAM_ALLOW leaves only what it names, at registration and with each request', async (t) => {
  const upstream = await startRecorder(t);
  const env = { AEGIS_UPSTREAM_ALLOW: `127.0.0.1:${upstream.port}, *.allowed.invalid, 169.254.169.254` };
  const gateway = await startGateway(t, { env });
  assert.equal((await registered(gateway, upstream.url)).status, 200);
  assert.equal((await registered(gateway, 'https://a.b.allowed.invalid/v1')).status, 200);
  for (const base of ['http://127.0.0.1:1', 'http://localhost', 'https://allowed.invalid', 'https://api.anthropic.com', 'https://xallowed.invalid', 'http://169.254.169.254']) {
    const { status, body } = await registered(gateway, base);
    assert.equal(status, 400, base);
    assert.equal((body['error'] as Record<string, unknown>)['code'], 'invalid_upstream', base);
  }
  await writeFile(gateway.tokensPath, JSON.stringify({ tokens: { Elsewhere000000000000000: { upstream_base: 'http://localhost:1' } } }));
  const answer = await exchange(t, gateway.port, requestText('POST', '/v1/__gw__/t/Elsewhere000000000000000/x', [], 'x'));
  if (answer.status === 404) assertRefused(answer, 404, 'token_not_found');
  else assert.match(assertRefused(answer, 400, 'invalid_upstream'), /AEGIS_UPSTREAM_ALLOW/);
});

test('the gateway is not its own upstream', async (t) => {
  const gateway = await startGateway(t);
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST.', '127.1', '[::1]', '[::ffff:127.0.0.1]', ...(own === undefined ? [] : [own])]) {
    const { status, body } = await registered(gateway, `http://${host}:${gateway.port}/v1`);
    assert.equal(status, 400, host);
    assert.match(String((body['error'] as Record<string, unknown>)['message']), /itself/);
  }
});
