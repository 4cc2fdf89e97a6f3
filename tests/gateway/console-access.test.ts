// Who gets at the console: addresses, hosts, origins, the login and its cookie.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { describe, test } from 'node:test';
import { tokenFingerprint } from '../../src/tokens/token.ts';
import { askConsole, type ConsoleAnswer, type Headers } from '../support/console.ts';
import { checkEnvelope } from '../support/envelope.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const KEY = 'a long key of the gateway 4711';
const GUARDED = { AEGIS_GATEWAY_KEY: KEY };

/** What a page of the console can ask, with a body that would do. */
const READS = ['/exchanges', '/overview', '/tokens', '/tokens/00000000/base', '/clients', '/clients/claude-code?fingerprint=00000000'];
const CHANGES: readonly (readonly [string, object])[] = [
  ['/register', { upstream_base: 'https://api.anthropic.com/v1' }],
  ['/update', { token: '00000000', note: 'x' }],
  ['/unregister', { token: '00000000' }],
  ['/try', { text: 'x' }],
];

const post = (gateway: TestGateway, path: string, body: unknown, headers: Headers = {}): Promise<ConsoleAnswer> =>
  askConsole(gateway.url, path, { body, headers: { origin: gateway.url, ...headers } });

async function logIn(gateway: TestGateway, key = KEY, headers: Headers = {}): Promise<{ answer: ConsoleAnswer; cookie: string }> {
  const answer = await post(gateway, '/login', { gateway_key: key }, headers);
  return { answer, cookie: (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '' };
}

async function everything(gateway: TestGateway, headers: Headers, see: (what: string, answer: ConsoleAnswer) => void): Promise<void> {
  for (const path of READS) {
    // The feed does not end by itself: what is refused is.
    if (path === '/exchanges' && headers['cookie'] !== undefined) continue;
    see(`GET ${path}`, await askConsole(gateway.url, path, { headers }));
  }
  for (const [path, body] of CHANGES) see(`POST ${path}`, await post(gateway, path, body, headers));
}

describe('without a login', () => {
  test('the default key on this machine alone asks for none', async (t) => {
    const gateway = await startGateway(t);
    const { status, body } = await askConsole(gateway.url, '/session');
    assert.equal(status, 200);
    const { started, ...rest } = body;
    assert.deepEqual(rest, { login: 'not-needed', level: 'medium', version: '0.1.0', workers: 1 });
    assert.ok(Math.abs(Date.parse(String(started)) - Date.now()) < 60_000);
    const registered = await post(gateway, '/register', { upstream_base: 'https://api.anthropic.com/v1', note: 'n' });
    assert.equal(registered.status, 200);
  });

  test('another key asks for one, for everything but the page and the state of the session', async (t) => {
    const gateway = await startGateway(t, { env: GUARDED });
    assert.equal((await askConsole(gateway.url, '/session')).body['login'], 'needed');
    let asked = 0;
    await everything(gateway, {}, (what, { status, body }) => {
      assert.equal(status, 401, what);
      checkEnvelope(body, 'console_login_required');
      asked++;
    });
    assert.equal(asked, READS.length + CHANGES.length);
    assert.deepEqual((await gateway.admin('tokens', { gateway_key: KEY })).body, { tokens: [] });
  });

  test('so does a gateway that listens beyond this machine, also for callers of this machine', async (t) => {
    const gateway = await startGateway(t, { env: { ...GUARDED, AEGIS_HOST: '0.0.0.0' } });
    const url = `http://127.0.0.1:${gateway.port}`;
    assert.equal((await askConsole(url, '/session')).body['login'], 'needed');
    assert.equal((await askConsole(url, '/tokens')).status, 401);
  });

  test('and callers from elsewhere, as a trusted proxy tells of them', async (t) => {
    const gateway = await startGateway(t, { env: { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1', AEGIS_ADMIN_ALLOW: '127.0.0.1,192.0.2.7' } });
    const far = { 'x-forwarded-for': '192.0.2.7' };
    assert.equal((await askConsole(gateway.url, '/session', { headers: far })).body['login'], 'needed');
    assert.equal((await askConsole(gateway.url, '/tokens', { headers: far })).status, 401);
    assert.equal((await askConsole(gateway.url, '/tokens')).status, 200);
  });
});

test('the key opens a session, whose cookie opens everything; logging out ends it', async (t) => {
  const gateway = await startGateway(t, { env: GUARDED });
  const { answer, cookie } = await logIn(gateway);
  assert.equal(answer.status, 200);
  assert.equal(answer.body['login'], 'in');
  const [set = ''] = answer.headers['set-cookie'] ?? [];
  assert.match(set, /^aegis_console=\d+\.[0-9a-f]{32}\.[\w-]{43}; Path=\/__gw__\/console; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  assert.equal((await askConsole(gateway.url, '/session', { headers: { cookie } })).body['login'], 'in');
  assert.equal((await askConsole(gateway.url, '/session', { headers: { cookie: ['a=b', cookie, 'c=d'] } })).body['login'], 'in', 'beside cookies of others, each in a header of its own');
  await everything(gateway, { cookie }, (what, { status }) => assert.ok(status === 200 || status === 404, `${what}: ${status}`));

  const left = await post(gateway, '/logout', {}, { cookie });
  assert.deepEqual([left.status, left.headers['set-cookie']], [200, ['aegis_console=; Path=/__gw__/console; Max-Age=0; HttpOnly; SameSite=Strict']]);
  await everything(gateway, { cookie }, (what, { status }) => assert.equal(status, 401, what));
  assert.ok(!gateway.log().includes(KEY) && !gateway.log().includes(cookie.slice(20)), 'neither key nor cookie is in the log');
});

test('behind https the cookie goes over https only', async (t) => {
  const gateway = await startGateway(t, { env: { ...GUARDED, AEGIS_PUBLIC_URL: 'https://gw.example.com' } });
  const { answer } = await logIn(gateway, KEY, { origin: 'https://gw.example.com' });
  assert.match(answer.headers['set-cookie']?.[0] ?? '', /; SameSite=Strict; Secure$/);
});

test('a cookie of another gateway is none here, even with the same key', async (t) => {
  const [one, other] = [await startGateway(t, { env: GUARDED }), await startGateway(t, { env: GUARDED })];
  const { cookie } = await logIn(one);
  assert.equal((await askConsole(one.url, '/tokens', { headers: { cookie } })).status, 200);
  assert.equal((await askConsole(other.url, '/tokens', { headers: { cookie } })).status, 401);
});

test('wrong keys are refused, logged without the key, and after five a minute not even looked at', async (t) => {
  const gateway = await startGateway(t, { env: { ...GUARDED, AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1', AEGIS_ADMIN_ALLOW: '127.0.0.1,192.0.2.0/24' } });
  for (const [index, key] of ['wrong-key-4712', '', `${KEY} `, 5, ['x']].entries()) {
    const { status, body } = await post(gateway, '/login', { gateway_key: key });
    assert.equal(status, 403, String(index));
    checkEnvelope(body, 'gateway_key_invalid');
  }
  const limited = await post(gateway, '/login', { gateway_key: KEY });
  assert.equal(limited.status, 429);
  checkEnvelope(limited.body, 'too_many_requests');
  const wait = Number(limited.headers['retry-after']);
  assert.ok(wait > 50 && wait <= 60, `retry-after ${wait}`);
  assert.equal(limited.headers['set-cookie'], undefined);
  assert.equal((await logIn(gateway, KEY, { 'x-forwarded-for': '192.0.2.1' })).answer.status, 200, 'others are not kept out');
  const lines = gateway.log().split('\n').filter((line) => line.includes('console login failed')).map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines.length, 5);
  assert.deepEqual([lines[0]?.['level'], lines[0]?.['address']], ['warn', '127.0.0.1']);
  assert.ok(!gateway.log().includes('wrong-key-4712'));
  const missing = await post(gateway, '/login', {}, { 'x-forwarded-for': '192.0.2.1' });
  assert.equal(missing.status, 400);
});

test('what is no address in a forwarding header is neither told nor counted as one', async (t) => {
  const gateway = await startGateway(t, { env: { ...GUARDED, AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1', AEGIS_ADMIN_ALLOW: '0.0.0.0/0' } });
  const { status } = await post(gateway, '/login', { gateway_key: 'x' }, { 'x-forwarded-for': 'canary-4711' });
  assert.equal(status, 403);
  assert.ok(!gateway.log().includes('canary-4711'));
});

describe('whoever else is kept out, with and without a login', () => {
  for (const env of [{}, GUARDED]) {
    const kind = 'AEGIS_GATEWAY_KEY' in env ? 'own key' : 'default key';

    test(`${kind}: addresses that are not the admins', for the page as well`, async (t) => {
      const gateway = await startGateway(t, { env: { ...env, AEGIS_ADMIN_ALLOW: '192.0.2.1' } });
      for (const path of ['', '/app.js', '/session', ...READS]) {
        const { status, body } = await askConsole(gateway.url, path);
        assert.equal(status, 403, path);
        checkEnvelope(body, 'admin_endpoint_network_restricted');
      }
      for (const [path, body] of [...CHANGES, ['/login', { gateway_key: KEY }] as const]) assert.equal((await post(gateway, path, body)).status, 403, path);
    });

    test(`${kind}: forwarded by a proxy that nobody trusts`, async (t) => {
      const gateway = await startGateway(t, { env });
      for (const path of ['', '/session', ...READS]) assert.equal((await askConsole(gateway.url, path, { headers: { 'x-forwarded-for': '127.0.0.1' } })).status, 403, path);
    });

    test(`${kind}: a name that was rebound to this machine`, async (t) => {
      const gateway = await startGateway(t, { env });
      const headers = { host: `evil.example:${gateway.port}`, origin: `http://evil.example:${gateway.port}`, 'sec-fetch-site': 'same-origin' };
      for (const path of ['', '/app.js', '/session', ...READS]) assert.equal((await askConsole(gateway.url, path, { headers })).status, 421, path);
      for (const [path, body] of [...CHANGES, ['/login', { gateway_key: KEY }] as const]) assert.equal((await post(gateway, path, body, headers)).status, 421, path);
    });

    test(`${kind}: pages of another origin, for reading and for changes, whatever they send`, async (t) => {
      const gateway = await startGateway(t, { env });
      const cookie = 'AEGIS_GATEWAY_KEY' in env ? (await logIn(gateway)).cookie : '';
      const foreign: readonly Headers[] = [
        { origin: 'http://evil.example' },
        { origin: 'null' },
        { origin: `http://127.0.0.1:${gateway.port + 1}` },
        { origin: gateway.url.replace('http:', 'https:') },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: gateway.url, 'sec-fetch-site': 'cross-site' },
      ];
      for (const headers of foreign) {
        for (const path of ['', '/app.js', '/session', ...READS]) {
          const { status, headers: answered } = await askConsole(gateway.url, path, { headers: { cookie, ...headers } });
          assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
          assert.equal(answered['access-control-allow-origin'], undefined);
        }
        for (const [path, body] of CHANGES) assert.equal((await askConsole(gateway.url, path, { body, headers: { cookie, ...headers } })).status, 403, path);
      }
      // Changes ask for a word of the browser's that they come from the page itself.
      for (const [path, body] of CHANGES) assert.equal((await askConsole(gateway.url, path, { body, headers: { cookie } })).status, 403, path);
      for (const [path, body] of CHANGES) assert.ok([200, 404].includes((await askConsole(gateway.url, path, { body, headers: { cookie, 'sec-fetch-site': 'same-origin' } })).status), path);
      // And for a type that no form can send.
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
        for (const [path, body] of [...CHANGES, ['/login', { gateway_key: KEY }] as const]) {
          assert.equal((await post(gateway, path, body, { cookie, 'content-type': type })).status, 415, `${path} ${type}`);
        }
      }
      assert.equal((await gateway.admin('tokens', { gateway_key: 'AEGIS_GATEWAY_KEY' in env ? KEY : 'agent' })).status, 200);
    });
  }
});

test('every answer forbids frames, guesses and referrers, and keeps out of caches', async (t) => {
  const gateway = await startGateway(t, { env: GUARDED });
  const answers = [
    await askConsole(gateway.url, '/session'),
    await askConsole(gateway.url, '/tokens'),
    await askConsole(gateway.url, '/nothing'),
    await askConsole(gateway.url, '/login', { method: 'PUT' }),
    await post(gateway, '/login', { gateway_key: 'x' }),
    (await logIn(gateway)).answer,
  ];
  assert.deepEqual(answers.map(({ status }) => status), [200, 401, 404, 405, 403, 200]);
  for (const { headers } of answers) {
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['content-security-policy'], 'default-src \'none\'; frame-ancestors \'none\'');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
  }
});

test('methods and paths that nothing is at', async (t) => {
  const gateway = await startGateway(t);
  for (const path of ['/tokens/', '/../tokens', '/%2e%2e/register', '/tokens/x/base', '/tokens/00000000', '/clients/..%2f', '//session', '/session/x', '/.env', '/x.js/y', '/constructor']) {
    assert.equal((await askConsole(gateway.url, path)).status, 404, path);
  }
  for (const [method, path] of [['POST', '/session'], ['DELETE', '/tokens'], ['GET', '/login'], ['GET', '/try'], ['PUT', ''], ['HEAD', '/exchanges'], ['OPTIONS', '/update']] as const) {
    const answer = await askConsole(gateway.url, path, { method, headers: { origin: gateway.url } });
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.match(answer.headers['allow'] ?? '', /^(?:GET|POST)$/);
  }
  assert.equal((await askConsole(gateway.url, '/session', { method: 'HEAD' })).text, '');
});

test('the calls that docs/console.md lists are those that are there', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('https://api.anthropic.com/v1');
  const page = readFileSync(new URL('../../docs/console.md', import.meta.url), 'utf8');
  const calls = [...page.matchAll(/^\| (`(?:GET|POST) [^|]*) \|/gm)].flatMap(([, cell = '']) => {
    const method = cell.includes('POST') ? 'POST' : 'GET';
    return [...cell.matchAll(/(?:^`(?:GET|POST) |`)(\/[^`]*)`/g)].map(([, path = '']) => [method, path] as const);
  });
  const named = calls.filter(([, path]) => path !== '/<file>' && path !== '/exchanges');
  assert.equal(named.length, 12);
  for (const [method, path] of named) {
    const filled = path.replace('<fingerprint>', tokenFingerprint(token)).replace('<id>', 'codex').replace(/=$/, `=${tokenFingerprint(token)}`);
    const { status } = await askConsole(gateway.url, filled, method === 'GET' ? {} : { body: {}, headers: { origin: gateway.url } });
    // A call without its fields is refused for that.
    assert.equal(status, method === 'GET' || path === '/logout' ? 200 : 400, `${method} ${path}`);
  }
});

test('from another address of this machine a login is asked for', async (t) => {
  const own = Object.values(networkInterfaces()).flat().find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address;
  if (own === undefined) {
    t.skip('this machine has no other address');
    return;
  }
  const gateway = await startGateway(t, { env: { ...GUARDED, AEGIS_HOST: own, AEGIS_ADMIN_ALLOW: own } });
  assert.equal((await askConsole(gateway.url, '/session')).body['login'], 'needed');
  assert.equal((await logIn(gateway)).answer.status, 200);
});
