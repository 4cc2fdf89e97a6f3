// What a web page can make a browser send to a service on this machine, as the bytes that arrive.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assertRefused, exchange, type RawResponse } from '../support/exchange.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

const EVIL = 'https://evil.example';
/** What such a page would like to register. */
const BODY = JSON.stringify({ upstream_base: 'http://127.0.0.1:9/evil', gateway_key: 'agent' });
const ADMIN = ['/__gw__/register', '/__gw__/lookup', '/__gw__/unregister'] as const;
const UNKNOWN_TOKEN = '/v1/__gw__/t/Ab3k9Qx7Ab3k9Qx7Ab3k9Qx7/messages';

function assertNoPermission(answer: RawResponse, what: string): void {
  const names = answer.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  assert.deepEqual(names.filter((name) => name.startsWith('access-control-') || name === 'timing-allow-origin'), [], what);
}

async function ask(t: TestContext, gateway: TestGateway, text: string): Promise<RawResponse> {
  const answer = await exchange(t, gateway.port, text);
  assertNoPermission(answer, text.slice(0, text.indexOf('\r\n')));
  return answer;
}

const PREFLIGHTS: readonly (readonly string[])[] = [
  ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: content-type'],
  ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: content-type', 'Access-Control-Request-Private-Network: true'],
  ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: content-type', 'Access-Control-Request-Local-Network: true'],
  ['Access-Control-Request-Method: DELETE', 'Access-Control-Request-Headers: authorization, x-api-key', 'Access-Control-Request-Private-Network: true'],
];

test('no preflight of a page is given leave, neither for its origin nor for the private network', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  for (const path of [...ADMIN, '/health', '/ready', '/metrics', '/', '/nowhere', UNKNOWN_TOKEN, `/v1/__gw__/t/${token}__unknown/messages`]) {
    for (const origin of [EVIL, 'null', 'http://localhost:3000', 'http://evil.localhost', 'https://127.0.0.1:1', 'chrome-extension://abcdefghijklmnop', 'file://']) {
      for (const lines of PREFLIGHTS) {
        const answer = await ask(t, gateway, requestText('OPTIONS', path, [`Origin: ${origin}`, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: cors', ...lines]));
        assert.ok(answer.status >= 400, `${path}: ${answer.status}`);
      }
    }
  }
});

test('on a token\'s route a preflight is the upstream\'s to answer, and the gateway adds nothing to it', async (t) => {
  const upstream = await startRecorder(t, (res) => {
    res.writeHead(405, { Allow: 'POST' });
    res.end();
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (const lines of PREFLIGHTS) {
    assert.equal((await ask(t, gateway, requestText('OPTIONS', `/v1/__gw__/t/${token}/messages`, [`Origin: ${EVIL}`, ...lines]))).status, 405);
  }
});

/** Content types that a page may send without a preflight, and those that look like JSON's and are not. */
const SIMPLE_TYPES: readonly (string | undefined)[] = [
  undefined, 'text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; application/json', 'text/plain;x=application/json', 'application/x-www-form-urlencoded; application/json',
  'multipart/form-data; boundary=application/json', 'text/html', '', 'x/application/json', 'application/jsonp', 'application/json-seq', 'text/json', 'application/ld+json', '*/*',
];

/** The body as each kind of form would send it. */
const BODIES: readonly string[] = [BODY, `${BODY}=`, `${BODY.slice(0, -1)},"x":"="}`, `upstream_base=http%3A%2F%2F127.0.0.1%3A9&gateway_key=agent`, `--x\r\nContent-Disposition: form-data; name="gateway_key"\r\n\r\nagent\r\n--x--\r\n`];

test('a page\'s simple requests register, find and remove nothing, with or without what browsers say of them', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9/mine');
  const contexts: readonly (readonly string[])[] = [[], [`Origin: ${EVIL}`], ['Origin: null', 'Sec-Fetch-Site: cross-site'], ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: empty'], [`Origin: ${EVIL}`, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Sec-Fetch-User: ?1']];
  for (const path of ADMIN) {
    for (const type of SIMPLE_TYPES) {
      for (const [i, context] of contexts.entries()) {
        const body = path.endsWith('unregister') ? JSON.stringify({ token, gateway_key: 'agent' }) : (BODIES[i % BODIES.length] ?? '');
        const answer = await ask(t, gateway, requestText('POST', path, [...(type === undefined ? [] : [`Content-Type: ${type}`]), ...context], body));
        if (context.length === 0) assertRefused(answer, 415, 'unsupported_media_type');
        else assert.ok(answer.status === 415 || answer.status === 403, `${answer.status}`);
      }
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await ask(t, gateway, requestText(method, `${path}?upstream_base=http://127.0.0.1:9&gateway_key=agent&token=${token}`, ['Content-Type: application/json'], method === 'HEAD' ? '' : BODY));
      assert.equal(answer.status, 405);
    }
  }
  assert.equal(gateway.gateway.tokenCount, 1);
});

test('JSON of a page is refused by its origin, whatever it claims', async (t) => {
  const gateway = await startGateway(t);
  const foreign = [
    [`Origin: ${EVIL}`], ['Origin: null'], ['Origin:'], ['Origin: http://localhost:3000'], [`Origin: http://127.0.0.1:${gateway.port}.evil.example`], [`Origin: http://evil.example:${gateway.port}`], [`Origin: https://127.0.0.1:${gateway.port}`],
    [`Origin: http://127.0.0.1:${gateway.port} ${EVIL}`], [`Origin: http://user@127.0.0.1:${gateway.port}`], [`Origin: http://127.0.0.1:${gateway.port}/`], ['Origin: file://'], ['Origin: chrome-extension://abcdefghijklmnop'],
    ['Sec-Fetch-Site: cross-site'], ['Sec-Fetch-Site: same-site'], ['Sec-Fetch-Site: something-new'], ['Sec-Fetch-Site:'], [`Origin: ${gateway.url}`, 'Sec-Fetch-Site: cross-site'], [`Origin: ${gateway.url}`, `Origin: ${EVIL}`], [`Origin: ${EVIL}`, `Origin: ${gateway.url}`],
    [`Origin: ${EVIL}`, 'Sec-Fetch-Site: same-origin'],
  ];
  for (const lines of foreign) {
    const answer = await ask(t, gateway, requestText('POST', '/__gw__/register', [...lines, 'Content-Type: application/json'], BODY).replace('Host: 127.0.0.1\r\n', `Host: 127.0.0.1:${gateway.port}\r\n`));
    assert.equal(answer.status, 403, `${lines.join(', ')}: ${answer.body.toString()}`);
  }
  assert.equal(gateway.gateway.tokenCount, 0);
});

test('a rebound name is refused on every route and method, however it resembles the gateway\'s own', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  const hosts = [
    'evil.example', `evil.example:${gateway.port}`, 'localhost.evil.example', '127.0.0.1.nip.io', '127.0.0.1.evil.example:80', 'evil.localhost', 'localhost@evil.example', 'evil.example@localhost', 'localhost:80@evil.example', 'localhost#evil.example',
    'localhost/evil.example', 'localhost?evil', 'localhost,evil.example', 'evil.example, localhost', 'localhost evil.example', 'localhost\\evil.example', '[::1].evil.example', '[::1', '::1]', '[::1]evil', 'localhost:', 'localhost:x', 'localhost:99999',
    'localhost:-1', 'xlocalhost', 'localhostx', 'localhost..evil', '0.0.0.0', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.2', '[::]', '[::ffff:7f00:1]', '%6cocalhost', '\xefocalhost', 'http://localhost', '*', '',
  ];
  const targets: readonly (readonly [string, string])[] = [['GET', '/health'], ['GET', '/metrics'], ['GET', '/'], ['POST', '/__gw__/register'], ['OPTIONS', '/__gw__/register'], ['POST', `/v1/__gw__/t/${token}/messages`], ['OPTIONS', `/v1/__gw__/t/${token}/messages`]];
  for (const host of hosts) {
    for (const [method, target] of targets) {
      const own = host === '' ? 'http://' : `http://${host}`;
      const lines = ['Content-Type: application/json', `Origin: ${own}`, 'Sec-Fetch-Site: same-origin'];
      const answer = await ask(t, gateway, requestText(method, target, lines, method === 'POST' ? BODY : '').replace('Host: 127.0.0.1', `Host: ${host}`));
      assertRefused(answer, 421, 'host_not_allowed');
    }
  }
  assert.equal(gateway.gateway.tokenCount, 1);
});

test('a page\'s WebSocket is refused, with a token and without', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const lines = [`Origin: ${EVIL}`, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  assert.equal((await ask(t, gateway, requestText('GET', `/v1/__gw__/t/${token}/responses`, lines))).status, 426);
  for (const path of ['/', '/__gw__/register', UNKNOWN_TOKEN]) assert.ok((await ask(t, gateway, requestText('GET', path, lines))).status >= 400);
  assert.equal(upstream.requests.length, 0);
});

test('the gateway\'s own answers can\'t be read as another type, nor kept by a cache', async (t) => {
  const gateway = await startGateway(t);
  for (const path of ['/health', '/ready', '/metrics', '/nowhere', '/__gw__/register', UNKNOWN_TOKEN]) {
    const { rawHeaders } = await ask(t, gateway, requestText('GET', path, [`Origin: ${EVIL}`]));
    const headers = new Map(rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1]] as const] : [])));
    assert.equal(headers.get('cache-control'), 'no-store', path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path);
  }
});
