import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { readConfig } from '../../../src/config.ts';
import { GatewayError } from '../../../src/errors.ts';
import { checkHost, checkOrigin, readCaller } from '../../../src/http/caller.ts';

type Headers = Record<string, string>;

/** As much of a request as is looked at: headers and the two ends of the connection. */
function request(headers: Headers, remoteAddress = '127.0.0.1', localAddress = '127.0.0.1'): IncomingMessage {
  return { headers, rawHeaders: Object.entries(headers).flat(), socket: { remoteAddress, localAddress, localPort: 18080 } } as unknown as IncomingMessage;
}

describe('whose address it is', () => {
  const trust = { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1,10.0.0.0/8' };
  const cases: readonly (readonly [string, Headers, string, Headers, string | undefined])[] = [
    ['the peer\'s', {}, '192.0.2.1', {}, '192.0.2.1'],
    ['the peer\'s in its plain form', {}, '::ffff:192.0.2.1', {}, '192.0.2.1'],
    ['nobody\'s behind a proxy that is not trusted', {}, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }, undefined],
    ['nobody\'s with an empty forwarding header', {}, '127.0.0.1', { 'x-forwarded-for': '' }, undefined],
    ['nobody\'s with Forwarded', {}, '127.0.0.1', { forwarded: 'for=127.0.0.1' }, undefined],
    ['nobody\'s with X-Real-IP', {}, '127.0.0.1', { 'x-real-ip': '127.0.0.1' }, undefined],
    ['nobody\'s with X-Forwarded-Host alone', {}, '127.0.0.1', { 'x-forwarded-host': 'gw.example.com' }, undefined],
    ['nobody\'s with X-Forwarded-Proto alone', {}, '127.0.0.1', { 'x-forwarded-proto': 'https' }, undefined],
    ['nobody\'s with Via alone', {}, '127.0.0.1', { via: '1.1 proxy' }, undefined],
    ['nobody\'s when another than the trusted proxy forwards', trust, '192.0.2.9', { 'x-forwarded-for': '127.0.0.1' }, undefined],
    ['the one the trusted proxy names', trust, '127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
    ['the last that is no trusted proxy, whatever the client put before', trust, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 192.0.2.1' }, '192.0.2.1'],
    ['the last that is no trusted proxy, behind several', trust, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 192.0.2.1, 10.0.0.1,10.0.0.2' }, '192.0.2.1'],
    ['with a port taken off', trust, '127.0.0.1', { 'x-forwarded-for': '192.0.2.1:4711' }, '192.0.2.1'],
    ['IPv6 in brackets', trust, '127.0.0.1', { 'x-forwarded-for': '[2001:DB8::1]:4711' }, '2001:db8::1'],
    ['the mapped form made plain', trust, '127.0.0.1', { 'x-forwarded-for': '::ffff:192.0.2.1' }, '192.0.2.1'],
    ['the first of all when all are trusted', trust, '127.0.0.1', { 'x-forwarded-for': '10.1.1.1, 10.0.0.2' }, '10.1.1.1'],
    ['the trusted proxy\'s own without any header', trust, '127.0.0.1', {}, '127.0.0.1'],
    ['nobody\'s when the trusted proxy tells it in a way that is not read', trust, '127.0.0.1', { forwarded: 'for=192.0.2.1' }, undefined],
    ['nobody\'s when the trusted proxy names nobody', trust, '127.0.0.1', { 'x-forwarded-for': ' , ', 'x-real-ip': '192.0.2.1' }, undefined],
  ];
  for (const [what, env, peer, headers, expected] of cases) {
    test(what, () => {
      assert.equal(readCaller(request(headers, peer), readConfig(env), undefined).address, expected);
    });
  }
  test('a name that is no address is never in a list', () => {
    const config = readConfig({ ...trust, AEGIS_ADMIN_ALLOW: '0.0.0.0/0,::/0' });
    for (const hop of ['unknown', '_hidden', '127.0.0.1.evil', 'localhost', '127.1']) {
      const { address } = readCaller(request({ 'x-forwarded-for': hop }), config, undefined);
      assert.ok(!config.adminAllow.has(address), hop);
    }
  });
});

describe('the public base', () => {
  const trust = { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1' };
  const cases: readonly (readonly [string, Headers, Headers, string | undefined, string])[] = [
    ['is made of Host', {}, { host: 'localhost:18080' }, undefined, 'http://localhost:18080'],
    ['is made of an absolute target\'s authority', {}, { host: 'other' }, 'localhost:1', 'http://localhost:1'],
    ['falls back to the address for a Host that is none', {}, { host: 'a"b c' }, undefined, 'http://127.0.0.1:18080'],
    ['falls back to the address without Host', {}, {}, undefined, 'http://127.0.0.1:18080'],
    ['is the setting\'s whatever is sent', { AEGIS_PUBLIC_URL: 'https://gw.example.com/x/' }, { host: 'localhost', 'x-forwarded-host': 'evil' }, undefined, 'https://gw.example.com/x'],
    ['believes no forwarding header without trust', {}, { host: 'localhost', 'x-forwarded-host': 'evil', 'x-forwarded-proto': 'https' }, undefined, 'http://localhost'],
    ['believes a trusted proxy', trust, { host: 'localhost', 'x-forwarded-host': 'gw.example.com', 'x-forwarded-proto': 'https' }, undefined, 'https://gw.example.com'],
    ['believes the nearest proxy of several', trust, { host: 'localhost', 'x-forwarded-host': 'evil, gw.example.com:8443', 'x-forwarded-proto': 'http, HTTPS' }, undefined, 'https://gw.example.com:8443'],
    ['takes no malformed name even from a trusted proxy', trust, { host: 'localhost', 'x-forwarded-host': 'a/b?c' }, undefined, 'http://127.0.0.1:18080'],
    ['takes no other scheme', trust, { host: 'localhost', 'x-forwarded-proto': 'javascript' }, undefined, 'http://localhost'],
  ];
  for (const [what, env, headers, authority, expected] of cases) {
    test(what, () => {
      assert.equal(readCaller(request(headers), readConfig(env), authority).publicBase(), expected);
    });
  }
});

describe('a Host', () => {
  const settings = { AEGIS_ALLOWED_HOSTS: 'gw.internal,*.wild.example,ported.example:8443', AEGIS_PUBLIC_URL: 'https://public.example.com' };
  const good = [
    'localhost', 'LOCALHOST:18080', '127.0.0.1', '127.0.0.1:1', '[::1]:18080', '::1', 'localhost.', 'gw.internal', 'GW.internal:99', 'a.wild.example', 'ported.example:8443', 'public.example.com',
    'public.example.com:8080', '10.0.0.5:18080',
  ];
  for (const host of good) test(`${host} is accepted`, () => checkHost(request({ host }, '10.0.0.9', '::ffff:10.0.0.5'), undefined, readConfig(settings)));
  const bad = [
    '', ' ', 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'wild.example', 'ported.example', 'ported.example:80', '10.0.0.6', 'localhost:18080:1', 'localhost@evil', 'evil@localhost',
    'localhost/evil', 'localhost#', 'localhost?', 'a,localhost', 'localhost, evil', '127.0.0.2', '127.1', '0.0.0.0', '[::ffff:127.0.0.1]', 'http://localhost',
  ];
  for (const host of bad) {
    test(`${JSON.stringify(host)} is refused`, () => {
      assert.throws(() => checkHost(request({ host }, '10.0.0.9', '10.0.0.5'), undefined, readConfig(settings)), { code: 'host_not_allowed' });
    });
  }
  test('an absolute target\'s authority stands in for it', () => {
    assert.throws(() => checkHost(request({ host: 'localhost' }), 'evil.example', readConfig({})), { code: 'host_not_allowed' });
    checkHost(request({ host: 'evil.example' }), 'localhost', readConfig({}));
  });
  test('the message does not repeat it', () => {
    assert.throws(() => checkHost(request({ host: 'canary-4711' }), undefined, readConfig({})), (error: Error) => !error.message.includes('canary'));
  });
});

describe('an Origin', () => {
  const cases: readonly (readonly [string, Headers, Headers, boolean])[] = [
    ['none', {}, {}, true],
    ['the gateway\'s own', {}, { origin: 'http://localhost:18080' }, true],
    ['the gateway\'s own by address', {}, { host: '127.0.0.1:18080', origin: 'http://127.0.0.1:18080' }, true],
    ['another port of this machine', {}, { origin: 'http://localhost:3000' }, false],
    ['another name of this machine', {}, { origin: 'http://127.0.0.1:18080' }, false],
    ['another scheme', {}, { origin: 'https://localhost:18080' }, false],
    ['somebody else\'s', {}, { origin: 'https://evil.example' }, false],
    ['null', {}, { origin: 'null' }, false],
    ['empty', {}, { origin: '' }, false],
    ['own public URL', { AEGIS_PUBLIC_URL: 'https://gw.example.com' }, { origin: 'https://gw.example.com' }, true],
    ['own public URL that has a path', { AEGIS_PUBLIC_URL: 'https://gw.example.com/aegis' }, { origin: 'https://gw.example.com' }, true],
    ['own Host beside a public URL', { AEGIS_PUBLIC_URL: 'https://gw.example.com' }, { origin: 'http://localhost:18080' }, true],
    ['somebody else\'s beside a public URL', { AEGIS_PUBLIC_URL: 'https://gw.example.com' }, { origin: 'https://gw.example.com.evil.example' }, false],
    ['a page of the same origin, says the browser', {}, { 'sec-fetch-site': 'same-origin' }, true],
    ['the user himself, says the browser', {}, { 'sec-fetch-site': 'none' }, true],
    ['a page of the same site, says the browser', {}, { 'sec-fetch-site': 'same-site' }, false],
    ['a page of another site, says the browser', {}, { 'sec-fetch-site': 'cross-site' }, false],
    ['own, but the browser says otherwise', {}, { origin: 'http://localhost:18080', 'sec-fetch-site': 'cross-site' }, false],
    ['a program that fetches like a browser', {}, { 'sec-fetch-mode': 'cors' }, true],
  ];
  for (const [what, env, headers, accepted] of cases) {
    test(`${what}: ${accepted ? 'accepted' : 'refused'}`, () => {
      const req = request({ host: 'localhost:18080', ...headers });
      const check = (): void => checkOrigin(req, readCaller(req, readConfig(env), undefined));
      if (accepted) check();
      else assert.throws(check, (error) => error instanceof GatewayError && error.code === 'admin_endpoint_network_restricted');
    });
  }
});
