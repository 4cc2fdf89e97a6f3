import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { noOpenssl, selfSigned } from '../support/certificates.ts';
import { startProcess, type GatewayProcess } from '../support/compiled-process.ts';
import { assertRefused, exchange, requestBytes, valueOf, type RawResponse } from '../support/exchange.ts';
import { startFakeProxy } from '../support/fake-proxy.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { bodyOf, startRawUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';
import { requestText } from '../support/wire-client.ts';

const USER = Buffer.from('us er:p@ss').toString('base64');

test('an http upstream is asked of the proxy in absolute form, with the proxy\'s credentials and the upstream\'s Host', async (t) => {
  const upstream = await startRecorder(t, (res, { body }) => void res.end(body));
  const proxy = await startFakeProxy(t, { upstreamPort: upstream.port });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: `http://us%20er:p%40ss@127.0.0.1:${proxy.port}` } });
  const token = await gateway.register('http://upstream.test:8080/base');
  const answer = await exchange(t, gateway.port, requestBytes('POST', `/v1/__gw__/t/${token}/a%20b?c=d`, ['Proxy-Authorization: Basic b3du'], Buffer.from('hello')));
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), 'hello');
  assert.equal(proxy.seen.length, 1);
  const [seen] = proxy.seen;
  assert.equal(seen?.method, 'POST');
  assert.equal(seen?.target, 'http://upstream.test:8080/base/a%20b?c=d');
  assert.equal(valueOf(seen?.rawHeaders ?? [], 'host'), 'upstream.test:8080');
  assert.equal(valueOf(seen?.rawHeaders ?? [], 'proxy-authorization'), `Basic ${USER}`);
});

test('loopback upstreams and those of NO_PROXY are reached directly', async (t) => {
  const upstream = await startRecorder(t);
  const proxy = await startFakeProxy(t, { upstreamPort: upstream.port });
  const gateway = await startGateway(t, { env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'direct.invalid,.sub.invalid' } });
  for (const host of ['127.0.0.1', 'localhost']) {
    const token = await gateway.register(`http://${host}:${upstream.port}`);
    assert.equal((await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`))).status, 200);
  }
  for (const host of ['direct.invalid', 'a.direct.invalid', 'b.sub.invalid']) {
    const token = await gateway.register(`http://${host}`);
    // It is DNS that fails: nobody has asked the proxy.
    assert.match(assertRefused(await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`)), 502, 'upstream_unreachable'), /DNS/);
  }
  assert.equal(proxy.seen.length, 0);
  const token = await gateway.register('http://indirect.invalid');
  assert.equal((await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`))).status, 200);
  assert.equal(proxy.seen.length, 1);
});

test('connections to the proxy are used again', async (t) => {
  const upstream = await startRecorder(t);
  const proxy = await startFakeProxy(t, { upstreamPort: upstream.port });
  const gateway = await startGateway(t, { env: { http_proxy: `127.0.0.1:${proxy.port}` } });
  const token = await gateway.register('http://upstream.test');
  for (let i = 0; i < 3; i++) assert.equal((await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`))).status, 200);
  assert.equal(proxy.seen.length, 3);
});

test('upstreams that are never allowed are not asked of a proxy either', async (t) => {
  const proxy = await startFakeProxy(t, { upstreamPort: 9 });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: `http://127.0.0.1:${proxy.port}` } });
  for (const base of ['http://169.254.169.254', 'http://metadata.google.internal', 'https://[fe80::1]']) {
    const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
    assert.equal(status, 400, JSON.stringify(body));
  }
  assert.equal(proxy.seen.length, 0);
});

async function refusedBy(t: TestContext, answerConnect: string): Promise<string> {
  const proxy = await startFakeProxy(t, { upstreamPort: 9, answerConnect });
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: `http://user:pass@127.0.0.1:${proxy.port}` } });
  const token = await gateway.register('https://upstream.test/v1');
  const message = assertRefused(await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'x')), 502, 'upstream_unreachable');
  assert.equal(proxy.seen.length, 1);
  const [seen] = proxy.seen;
  assert.equal(seen?.method, 'CONNECT');
  assert.equal(seen?.target, 'upstream.test:443');
  assert.equal(valueOf(seen?.rawHeaders ?? [], 'proxy-authorization'), `Basic ${Buffer.from('user:pass').toString('base64')}`);
  assert.ok(!gateway.log().includes('pass'));
  return message;
}

test('a proxy that refuses the tunnel is 502 with its status', async (t) => {
  assert.match(await refusedBy(t, 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno'), /proxy refused .* 407/);
  assert.match(await refusedBy(t, 'HTTP/1.1 403 Forbidden\r\n\r\nnot for you'), /proxy refused .* 403/);
  assert.match(await refusedBy(t, 'HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n'), /proxy refused .* 302/);
});

test('a proxy that closes or answers no HTTP is 502', async (t) => {
  await refusedBy(t, '');
  await refusedBy(t, 'nonsense\r\n\r\n');
  // A tunnel that leads to no TLS.
  await refusedBy(t, 'HTTP/1.1 200 OK\r\n\r\n');
  await refusedBy(t, 'HTTP/1.1 200 OK\r\n\r\nnot TLS at all, this');
});

test('an http proxy\'s own refusal is an answer like any other, less what is meant for the gateway', async (t) => {
  const proxy = await startRawUpstream(t, (socket) => void socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno')));
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: proxy.url } });
  const token = await gateway.register('http://upstream.test');
  const answer = await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assert.equal(answer.status, 407);
  assert.equal(valueOf(answer.rawHeaders, 'proxy-authenticate'), undefined);
});

test('a proxy that can\'t be reached is 502', async (t) => {
  for (const base of ['http://upstream.test', 'https://upstream.test']) {
    const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: 'http://127.0.0.1:9' } });
    const token = await gateway.register(base);
    assertRefused(await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`)), 502, 'upstream_unreachable');
  }
});

test('a proxy that never answers CONNECT is 504 after the connect timeout', async (t) => {
  const deaf = await startRawUpstream(t, (socket) => void socket.resume());
  const gateway = await startGateway(t, { env: { AEGIS_UPSTREAM_PROXY: deaf.url, AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS: '150' } });
  const token = await gateway.register('https://upstream.test');
  assertRefused(await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`)), 504, 'upstream_timeout');
  await until('the proxy\'s connection to be closed', () => deaf.sockets.size === 0);
});

test('an https upstream is reached through a tunnel, which is kept and verified by the upstream\'s own name', { skip: noOpenssl }, async (t) => {
  const certificate = selfSigned(t, 'DNS:upstream.test');
  const seen: { target: string; body: string; servername: unknown; rawHeaders: string[] }[] = [];
  const server = createHttpsServer(certificate, (req, res) => {
    void bodyOf(req).then((body) => {
      seen.push({ target: req.url ?? '', body: body.toString(), servername: (req.socket as { servername?: unknown }).servername, rawHeaders: req.rawHeaders });
      res.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const proxy = await startFakeProxy(t, { upstreamPort: (server.address() as AddressInfo).port });
  const gateway = await startProcess(t, {
    AEGIS_PORT: '0',
    AEGIS_GW_TOKENS_PATH: `${certificate.certPath}.tokens.json`,
    HTTPS_PROXY: `http://user:pass@127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: certificate.certPath,
  });
  const ask = (base: string, body: string): Promise<RawResponse> => askProcess(t, gateway, base, body);
  for (const body of ['one', 'two']) {
    const answer = await ask('https://upstream.test:8443/v1', body);
    assert.equal(answer.status, 200, answer.body.toString());
    assert.equal(answer.body.toString(), 'ok');
  }
  assert.deepEqual(seen.map(({ target, body, servername }) => [target, body, servername]), [['/v1/x', 'one', 'upstream.test'], ['/v1/x', 'two', 'upstream.test']]);
  assert.equal(valueOf(seen[0]?.rawHeaders ?? [], 'host'), 'upstream.test:8443');
  assert.equal(valueOf(seen[0]?.rawHeaders ?? [], 'proxy-authorization'), undefined);
  assert.deepEqual(proxy.seen.map(({ method, target }) => [method, target]), [['CONNECT', 'upstream.test:8443']]);
  assert.equal(valueOf(proxy.seen[0]?.rawHeaders ?? [], 'proxy-authorization'), `Basic ${Buffer.from('user:pass').toString('base64')}`);
  // Same certificate, another name.
  const message = assertRefused(await ask('https://other.test/v1', 'x'), 502, 'upstream_unreachable');
  assert.match(message, /certificate/);
  assert.ok(!gateway.stderr().includes('pass'));
});

async function askProcess(t: TestContext, gateway: GatewayProcess, base: string, body: string): Promise<RawResponse> {
  const { status, body: registered } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
  assert.equal(status, 200, JSON.stringify(registered));
  return exchange(t, Number(new URL(await gateway.url()).port), requestText('POST', `/v1/__gw__/t/${String(registered['token'])}/x`, [], body));
}
