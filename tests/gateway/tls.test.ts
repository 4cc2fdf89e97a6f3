import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { noOpenssl, selfSigned, type Certificate } from '../support/certificates.ts';
import { startProcess } from '../support/compiled-process.ts';
import { assertRefused, exchange } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { requestText } from '../support/wire-client.ts';

interface TlsUpstream {
  readonly port: number;
  readonly requests: string[];
  connections(): number;
  /** Closes what is open, in good order. */
  closeConnections(): void;
}

async function startTls(t: TestContext, certificate: Certificate): Promise<TlsUpstream> {
  const requests: string[] = [];
  let connections = 0;
  const server = createServer(certificate, (req, res) => {
    requests.push(req.url ?? '');
    req.resume();
    req.on('end', () => res.end('ok'));
  });
  server.keepAliveTimeout = 60_000;
  server.on('secureConnection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, requests, connections: () => connections, closeConnections: () => server.closeIdleConnections() };
}

test('a certificate that nobody vouches for is 502, with the way out in the message', { skip: noOpenssl }, async (t) => {
  const upstream = await startTls(t, selfSigned(t, 'IP:127.0.0.1', 'DNS:localhost'));
  const gateway = await startGateway(t);
  for (const host of ['127.0.0.1', 'localhost']) {
    const token = await gateway.register(`https://${host}:${upstream.port}`);
    const message = assertRefused(await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}/x`, [], 'secret')), 502, 'upstream_unreachable');
    assert.match(message, /certificate was not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    assert.match(message, /NODE_EXTRA_CA_CERTS/);
  }
  assert.deepEqual(upstream.requests, []);
});

test('with NODE_EXTRA_CA_CERTS a private certificate is accepted for its own names alone', { skip: noOpenssl }, async (t) => {
  const certificate = selfSigned(t, 'DNS:localhost');
  const upstream = await startTls(t, certificate);
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: `${certificate.certPath}.tokens.json`, NODE_EXTRA_CA_CERTS: certificate.certPath });
  const port = Number(new URL(await gateway.url()).port);
  const target = async (host: string): Promise<string> => {
    const { body } = await gateway.admin('register', { upstream_base: `https://${host}:${upstream.port}/v1`, gateway_key: 'agent' });
    return `/v1/__gw__/t/${String(body['token'])}/v1/messages`;
  };
  const good = await target('localhost');
  for (let i = 0; i < 3; i++) {
    const answer = await exchange(t, port, requestText('POST', good, [], 'x'));
    assert.equal(answer.status, 200, answer.body.toString());
    assert.equal(answer.body.toString(), 'ok');
  }
  assert.deepEqual(upstream.requests, ['/v1/messages', '/v1/messages', '/v1/messages']);
  assert.equal(upstream.connections(), 1, 'the connection is kept');

  const message = assertRefused(await exchange(t, port, requestText('POST', await target('127.0.0.1'), [], 'x')), 502, 'upstream_unreachable');
  assert.match(message, /certificate/);

  upstream.closeConnections();
  assert.equal((await exchange(t, port, requestText('POST', good, [], 'x'))).status, 200);
  await until('a new connection', () => upstream.connections() >= 2);
});
