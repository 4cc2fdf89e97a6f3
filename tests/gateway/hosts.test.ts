import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { connectWire } from '../support/wire-client.ts';
import type { TestContext } from 'node:test';

/** Sends one request of bytes and returns its status and body. */
async function ask(t: TestContext, gateway: TestGateway, target: string, ...headers: string[]): Promise<{ status: number; body: Record<string, unknown> }> {
  const wire = await connectWire(t, gateway.port);
  wire.write([`GET ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'));
  const text = await wire.closed();
  return { status: Number(text.slice(9, 12)), body: JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown> };
}

test('a Host that is somebody else\'s gets 421 on every route', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  for (const target of ['/health', '/ready', '/metrics', '/__gw__/register', `/v1/__gw__/t/${token}`, `/v1/__gw__/t/${token}/messages`, '/nowhere']) {
    const { status, body } = await ask(t, gateway, target, `Host: rebound.example:${gateway.port}`);
    assert.equal(status, 421, target);
    assert.match(checkEnvelope(body, 'host_not_allowed').error.message, /AEGIS_ALLOWED_HOSTS/);
  }
});

test('the gateway\'s own names are accepted, with any port', async (t) => {
  const gateway = await startGateway(t);
  for (const host of ['localhost', `127.0.0.1:${gateway.port}`, '[::1]:1', 'LocalHost.:80']) assert.equal((await ask(t, gateway, '/health', `Host: ${host}`)).status, 200, host);
});

test('an absolute target is judged by its own authority', async (t) => {
  const gateway = await startGateway(t);
  assert.equal((await ask(t, gateway, 'http://evil.example/health', 'Host: localhost')).status, 421);
  assert.equal((await ask(t, gateway, 'http://localhost/health', 'Host: localhost')).status, 200);
});

test('names in AEGIS_ALLOWED_HOSTS and the public URL\'s are accepted', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_ALLOWED_HOSTS: 'gw.internal, *.lan:8080', AEGIS_PUBLIC_URL: 'https://gw.example.com/base' } });
  for (const host of ['gw.internal', 'GW.INTERNAL:1', 'a.lan:8080', 'gw.example.com']) assert.equal((await ask(t, gateway, '/health', `Host: ${host}`)).status, 200, host);
  for (const host of ['x.gw.internal', 'a.lan', 'lan:8080', 'gw.example.com.evil']) assert.equal((await ask(t, gateway, '/health', `Host: ${host}`)).status, 421, host);
});

const BODY = { upstream_base: 'http://127.0.0.1:9/v1', gateway_key: 'agent' };

test('the base URL is made of the public URL where there is one', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_PUBLIC_URL: 'https://gw.example.com/base/' } });
  for (const call of ['register', 'lookup']) {
    const { body } = await gateway.admin(call, BODY);
    assert.equal(body['baseUrl'], `https://gw.example.com/base/v1/__gw__/t/${String(body['token'])}`);
  }
});

test('the base URL follows a trusted proxy\'s forwarding headers', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1', AEGIS_ADMIN_ALLOW: '192.0.2.7' } });
  const forwarded = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-host': 'gw.example.com', 'x-forwarded-proto': 'https' };
  const { status, body } = await gateway.admin('register', BODY, forwarded);
  assert.equal(status, 200);
  assert.equal(body['baseUrl'], `https://gw.example.com/v1/__gw__/t/${String(body['token'])}`);
});

test('the base URL that register returns reaches the gateway', async (t) => {
  const gateway = await startGateway(t);
  const { body } = await gateway.admin('register', BODY);
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(String(body['baseUrl']), { method });
    assert.equal(response.status, 200);
    if (method === 'GET') assert.equal(((await response.json()) as Record<string, unknown>)['service'], 'aegisgate');
  }
});
