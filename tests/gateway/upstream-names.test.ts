// Names that lead where no upstream may be: at registration, at the connection, and those that change in between.
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Resolve } from '../../src/http/address-guard.ts';
import { assertRefused, exchange } from '../support/exchange.ts';
import { startFakeProxy } from '../support/fake-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { startRecorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

const LINK_LOCAL = '169.254.169.254';
const LOOPBACK = '127.0.0.1';

/** A resolver with a list of answers for each name, the last of which stays. */
function stubResolver(names: Readonly<Record<string, readonly (readonly string[])[]>>): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve = (name: string, _options: unknown, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void): void => {
    const answers = names[name];
    const before = asked.filter((other) => other === name).length;
    asked.push(name);
    const addresses = answers?.[Math.min(before, answers.length - 1)] ?? [];
    const failed = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    process.nextTick(() => (answers === undefined ? callback(failed, []) : callback(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))));
  };
  return { resolve: resolve as unknown as Resolve, asked };
}

async function registering(gateway: TestGateway, base: string): Promise<{ status: number; message: string }> {
  const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
  return { status, message: String((body['error'] as Record<string, unknown> | undefined)?.['message']) };
}

const DENIED: readonly string[] = [LINK_LOCAL, '0.0.0.0', '100.100.100.200', '168.63.129.16', '::', 'fe80::1', 'fd00:ec2::254', '::ffff:169.254.169.254', '::a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', 'ff02::1'];

test('a name that resolves to a denied address can\'t be registered, also where only one of its addresses is', async (t) => {
  const names = Object.fromEntries(DENIED.flatMap((address, i) => [[`only-${i}.test`, [[address]]], [`first-${i}.test`, [[address, LOOPBACK]]], [`last-${i}.test`, [['10.0.0.1', '::1', address]]]]));
  const gateway = await startGateway(t, { resolve: stubResolver(names).resolve });
  for (const name of Object.keys(names)) {
    const { status, message } = await registering(gateway, `http://${name}/v1`);
    assert.equal(status, 400, name);
    assert.match(message, /resolves to/);
  }
});

test('a name that leads elsewhere after it was registered is not followed there', async (t) => {
  const upstream = await startRecorder(t);
  const names = Object.fromEntries(DENIED.map((address, i) => [`turning-${i}.test`, [[LOOPBACK], [address]]]));
  const { resolve, asked } = stubResolver(names);
  const gateway = await startGateway(t, { resolve });
  for (const name of Object.keys(names)) {
    const token = await gateway.register(`http://${name}:${upstream.port}`);
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x'));
    assert.match(assertRefused(answer, 502, 'upstream_unreachable'), /never connected to/);
    assert.equal(asked.filter((other) => other === name).length, 2, 'asked once for the check and once for the connection');
  }
  assert.equal(upstream.requests.length, 0);
});

test('of a name\'s addresses only the allowed are connected to', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { resolve: stubResolver({ 'mixed.test': [[LOOPBACK], [LINK_LOCAL, 'fe80::1', LOOPBACK, '0.0.0.0']] }).resolve });
  const token = await gateway.register(`http://mixed.test:${upstream.port}`);
  assert.equal((await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x'))).status, 200);
  assert.equal(upstream.requests.length, 1);
});

test('a name that stands in the token file is judged by the connection alone', async (t) => {
  const gateway = await startGateway(t, { resolve: stubResolver({ 'planted.test': [[LINK_LOCAL]] }).resolve });
  await writeFile(gateway.tokensPath, JSON.stringify({ tokens: { Planted0000000000000000A: { upstream_base: 'http://planted.test/v1' } } }));
  const answer = await exchange(t, gateway.port, requestText('POST', '/v1/__gw__/t/Planted0000000000000000A/x', [], 'x'));
  assert.match(assertRefused(answer, 502, 'upstream_unreachable'), /never connected to/);
});

test('a name that leads to the gateway itself makes no loop', async (t) => {
  const loops: Record<string, readonly (readonly string[])[]> = { 'self.test': [[LOOPBACK]], 'self6.test': [['::1']], 'self-mapped.test': [['::ffff:127.0.0.1']], 'self-later.test': [['10.0.0.1'], [LOOPBACK]] };
  const gateway = await startGateway(t, { resolve: stubResolver(loops).resolve, env: { AEGIS_ALLOWED_HOSTS: 'self.test,self6.test,self-mapped.test,self-later.test' } });
  for (const name of ['self.test', 'self6.test', 'self-mapped.test']) {
    const { status, message } = await registering(gateway, `http://${name}:${gateway.port}`);
    assert.equal(status, 400, name);
    assert.match(message, /itself/);
  }
  const token = await gateway.register(`http://self-later.test:${gateway.port}/v1/__gw__/t`);
  const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/${token}/x`, [], 'x'));
  assert.match(assertRefused(answer, 502, 'upstream_unreachable'), /itself/);
  assert.equal(await metric(gateway, 'aegis_exchanges_total'), 1);
});

test('a resolver that answers nothing, garbage or an error is 502', async (t) => {
  const gateway = await startGateway(t, { resolve: stubResolver({ 'empty.test': [[]], 'garbage.test': [['not an address']] }).resolve });
  for (const name of ['empty.test', 'garbage.test', 'unknown.test']) {
    const token = await gateway.register(`http://${name}`);
    assertRefused(await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x')), 502, 'upstream_unreachable');
  }
});

test('redirects are the client\'s to follow: they pass as they are, and nothing is asked of where they point', async (t) => {
  const elsewhere = await startRecorder(t);
  const places = [`http://${LINK_LOCAL}/latest/meta-data/`, elsewhere.url, `//127.0.0.1:${elsewhere.port}/x`, '/v1/elsewhere', 'file:///etc/passwd', 'gopher://127.0.0.1:1/'];
  const upstream = await startRecorder(t, (res, { target }) => {
    const [, status = '', place = ''] = /^\/(\d+)-(\d+)$/.exec(target) ?? [];
    res.writeHead(Number(status), { Location: places[Number(place)] ?? '', Refresh: `0; url=${elsewhere.url}` });
    res.end();
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (const status of [300, 301, 302, 303, 307, 308]) {
    for (const [i, place] of places.entries()) {
      const before = upstream.requests.length;
      const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/${status}-${i}`, [], 'x'));
      assert.equal(answer.status, status);
      assert.ok(answer.rawHeaders.includes(place));
      assert.equal(upstream.requests.length, before + 1);
    }
  }
  assert.equal(elsewhere.requests.length, 0);
});

test('a proxy is asked for nothing that would be denied without it', async (t) => {
  const upstream = await startRecorder(t);
  const proxy = await startFakeProxy(t, { upstreamPort: upstream.port });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: `http://127.0.0.1:${proxy.port}` } });
  const bases = ['http://2852039166', 'https://0xa9fea9fe', 'http://[::ffff:a9fe:a9fe]', 'https://[64:ff9b::a9fe:a9fe]', 'http://metadata.google.internal', 'https://METADATA.google.internal.', 'http://[fd00:ec2::254]', 'https://0.0.0.0'];
  const tokens = Object.fromEntries(bases.map((upstream_base, i) => [`Denied0000000000000000A${i}`, { upstream_base }]));
  await writeFile(gateway.tokensPath, JSON.stringify({ tokens }));
  for (const [i, base] of bases.entries()) {
    assert.equal((await registering(gateway, base)).status, 400, base);
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/Denied0000000000000000A${i}/x`, [], 'x'));
    assert.ok(answer.status === 400 || answer.status === 404, `${base}: ${answer.status}`);
  }
  assert.deepEqual(proxy.seen, []);
});

test('the gateway as its own proxy makes no loop', async (t) => {
  const first = await startGateway(t);
  for (const base of ['http://api.anthropic.test/v1', 'https://api.anthropic.test/v1']) {
    const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: first.url } });
    const token = await gateway.register(base);
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x'));
    // Absolute targets of other hosts are 421 there, CONNECT is 405.
    if (base.startsWith('https')) assert.match(assertRefused(answer, 502, 'upstream_unreachable'), /405/);
    else assert.equal(answer.status, 421);
  }
  assert.doesNotMatch(first.log(), /"exchange"/);
});
