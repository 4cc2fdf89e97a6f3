import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkEnvelope, checkError } from '../support/envelope.ts';
import { startGateway } from '../support/gateway.ts';
import { connectWire } from '../support/wire-client.ts';

const BODY = { upstream_base: 'http://127.0.0.1:9/v1', gateway_key: 'agent' };
const CALLS = ['register', 'lookup', 'unregister'] as const;

describe('a content type other than JSON', () => {
  test('is refused, also those that a web page may send without asking', async (t) => {
    const gateway = await startGateway(t);
    for (const call of CALLS) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'text/json', 'application/json, text/plain', '']) {
        const { status, body } = await gateway.admin(call, BODY, { 'content-type': type });
        assert.equal(status, 415, type);
        checkEnvelope(body, 'unsupported_media_type');
      }
    }
  });
  test('is not one with parameters or in capitals', async (t) => {
    const gateway = await startGateway(t);
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/json ;x=y']) {
      assert.equal((await gateway.admin('register', BODY, { 'content-type': type })).status, 200, type);
    }
  });
});

test('only POST is taken, and the answer names it', async (t) => {
  const gateway = await startGateway(t);
  for (const call of CALLS) {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const response = await fetch(`${gateway.url}/__gw__/${call}`, { method });
      assert.equal(response.headers.get('allow'), 'POST');
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      await checkError(response, { status: 405, code: 'method_not_allowed' });
    }
  }
});

test('a web page of another origin is refused, whatever else is right', async (t) => {
  const gateway = await startGateway(t);
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://localhost:3000' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const { status, body } = await gateway.admin('register', BODY, headers as Record<string, string>);
    assert.equal(status, 403, JSON.stringify(headers));
    checkEnvelope(body, 'admin_endpoint_network_restricted');
  }
  for (const headers of [{ origin: gateway.url }, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }]) {
    assert.equal((await gateway.admin('register', BODY, headers as Record<string, string>)).status, 200, JSON.stringify(headers));
  }
});

test('an address that AEGIS_ADMIN_ALLOW does not list is refused on every call', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_ADMIN_ALLOW: '10.0.0.0/8' } });
  for (const call of CALLS) {
    const { status, body } = await gateway.admin(call, BODY);
    assert.equal(status, 403);
    checkEnvelope(body, 'admin_endpoint_network_restricted');
  }
  await checkError(await fetch(`${gateway.url}/metrics`), { status: 403, code: 'admin_endpoint_network_restricted' });
  // What is for everybody stays so.
  assert.equal((await fetch(`${gateway.url}/health`)).status, 200);
});

test('an address that is not allowed learns nothing of the key', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_ADMIN_ALLOW: '10.0.0.0/8' } });
  const right = await gateway.admin('lookup', BODY);
  const wrong = await gateway.admin('lookup', { ...BODY, gateway_key: 'wrong' });
  const { request_id: _one, ...told } = right.body;
  const { request_id: _two, ...toldToo } = wrong.body;
  assert.deepEqual(told, toldToo);
});

test('forwarding headers without a trusted proxy close the admin endpoints', async (t) => {
  const gateway = await startGateway(t);
  for (const headers of [
    { 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-for': '' }, { forwarded: 'for=127.0.0.1' }, { 'x-real-ip': '127.0.0.1' }, { 'x-forwarded-host': 'gw.example.com' }, { 'x-forwarded-proto': 'https' },
    { via: '1.1 nginx' },
  ]) {
    const { status, body } = await gateway.admin('register', BODY, headers as unknown as Record<string, string>);
    assert.equal(status, 403, JSON.stringify(headers));
    assert.match(checkEnvelope(body, 'admin_endpoint_network_restricted').error.message, /AEGIS_TRUSTED_PROXY_IPS/);
  }
});

test('a trusted proxy tells who calls', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1', AEGIS_ADMIN_ALLOW: '192.0.2.0/24' } });
  const cases: readonly (readonly [string | undefined, number])[] = [
    ['192.0.2.7', 200],
    ['198.51.100.1, 192.0.2.7', 200],
    ['192.0.2.7, 127.0.0.1', 200],
    ['[::ffff:192.0.2.7]:4711', 200],
    ['192.0.2.7, 198.51.100.1', 403],
    ['198.51.100.1', 403],
    ['unknown', 403],
    ['127.0.0.1', 403],
    [undefined, 403],
  ];
  for (const [forwardedFor, expected] of cases) {
    const { status } = await gateway.admin('register', BODY, forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor });
    assert.equal(status, expected, forwardedFor);
  }
});

test('a call that waits for leave to send its body gets it, and its answer', async (t) => {
  const gateway = await startGateway(t);
  const wire = await connectWire(t, gateway.port);
  const body = JSON.stringify(BODY);
  wire.write(`POST /__gw__/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`);
  await wire.waitFor('HTTP/1.1 100 Continue\r\n\r\n');
  wire.write(body);
  await wire.waitFor('HTTP/1.1 200 OK');
});

test('a refused call does not spoil the connection for the next', async (t) => {
  const gateway = await startGateway(t);
  const wire = await connectWire(t, gateway.port);
  const call = (key: string): string => {
    const body = JSON.stringify({ ...BODY, gateway_key: key });
    return `POST /__gw__/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  wire.write(call('wrong'));
  await wire.waitFor('gateway_key_invalid');
  wire.write(call('agent'));
  await wire.waitFor('baseUrl');
});
