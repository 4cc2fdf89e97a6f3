// One upstream, step by step, against servers and resolvers of the test's own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { checkUpstream, type UpstreamCheck } from '../../../src/cli/doctor/upstream.ts';
import { readConfig } from '../../../src/config.ts';
import type { Resolve } from '../../../src/http/address-guard.ts';
import { parseUpstreamBase } from '../../../src/http/upstream-url.ts';
import { noOpenssl, selfSigned } from '../../support/certificates.ts';
import { startFakeProxy } from '../../support/fake-proxy.ts';
import { startRawUpstream, startUpstream } from '../../support/upstream.ts';

interface How {
  readonly env?: Record<string, string>;
  readonly resolve?: Resolve;
  readonly limitMs?: number;
}

function check(base: string, { env = {}, ...rest }: How = {}): Promise<UpstreamCheck> {
  return checkUpstream(parseUpstreamBase(base), { config: readConfig(env), userAgent: 'aegisgate-doctor/test', limitMs: 5_000, ...rest });
}

function only({ findings }: UpstreamCheck): Finding {
  assert.equal(findings.length, 1, JSON.stringify(findings));
  // As counted above.
  return findings[0] as Finding;
}

/** A resolver that knows one address for every name, after a while; 0 = never. */
function resolver(address: string, afterMs: number): Resolve {
  const resolve = (_name: string, options: { all?: boolean }, done: (error: Error | null, found: unknown, family?: number) => void): void => {
    if (afterMs > 0) setTimeout(() => (options.all === true ? done(null, [{ address, family: 4 }]) : done(null, address, 4)), afterMs);
  };
  return resolve as Resolve;
}

async function startTls(t: TestContext, name: string): Promise<number> {
  const { key, cert } = selfSigned(t, name);
  const server = createHttpsServer({ key, cert }, (_req, res) => res.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

test('an upstream that answers is told with its steps; it gets one GET without a body and without a key', async (t) => {
  const seen: string[] = [];
  const { url, port } = await startUpstream(t, (req, res) => {
    seen.push(`${req.method} ${req.url}`, ...Object.keys(req.headers).sort());
    res.writeHead(401, { date: 'Fri, 27 Nov 2026 00:00:00 GMT' }).end('{}');
  });
  const checked = await check(`${url}/v1`);
  const finding = only(checked);
  assert.equal(finding.status, 'ok');
  assert.match(finding.message, /^reached, HTTP 401 without a key; TCP \d+ ms, first byte \d+ ms, no proxy$/);
  assert.equal(finding.facts?.['status'], 401);
  assert.ok(checked.clockAheadMs !== undefined);
  assert.deepEqual(seen, ['GET /v1', 'accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  // By a name: with DNS.
  assert.match(only(await check(`http://upstream.test:${port}/v1`, { resolve: resolver('127.0.0.1', 1) })).message, /; DNS \d+ ms, TCP/);
});

test('DNS that is slow is a warning, DNS that is silent a problem', async (t) => {
  const { port } = await startUpstream(t, (_req, res) => res.end());
  const base = `http://upstream.test:${port}`;
  const { findings } = await check(base, { resolve: resolver('127.0.0.1', 1_050) });
  assert.deepEqual(findings.map(({ status }) => status), ['ok', 'warning']);
  assert.match(findings[1]?.message ?? '', /^DNS took 1\d\d\d ms$/);
  const silent = only(await check(base, { resolve: resolver('127.0.0.1', 0), limitMs: 100 }));
  assert.equal(silent.status, 'problem');
  assert.equal(silent.message, 'DNS did not answer for upstream.test in time');
});

test('a name that nobody knows, a port where nobody listens and an address that is never allowed are problems with what to do', async (t) => {
  const failing = ((_name: string, _options: object, done: (error: Error) => void) => done(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))) as unknown as Resolve;
  assert.match(only(await check('https://no-such.test/v1', { resolve: failing })).message, /DNS knows no such name/);
  const { port } = await startRawUpstream(t, (socket) => socket.destroy());
  assert.match(only(await check(`http://127.0.0.1:${port}`)).message, /closed the connection before it answered/);
  const denied = only(await check('http://upstream.test', { resolve: resolver('169.254.169.254', 1) }));
  assert.match(denied.message, /link-local, metadata/);
  assert.match(only(await check('http://169.254.169.254/v1')).message, /never allowed/);
  assert.match(only(await check('https://api.openai.com/v1', { env: { AEGIS_UPSTREAM_ALLOW: 'api.anthropic.com' } })).message, /AEGIS_UPSTREAM_ALLOW/);
  assert.match(only(await check('http://127.0.0.1:18099/v1', { env: { AEGIS_PORT: '18099' } })).message, /gateway itself/);
});

test('nobody listening is told with what to do', async () => {
  // Port 1 is privileged and in use by nobody.
  const refused = only(await check('http://127.0.0.1:1/v1'));
  assert.match(refused.message, /the connection was refused/);
  assert.match(refused.advice ?? '', /start the upstream, or register it with the port that it has/);
});

test('an upstream that takes the connection and is silent is told as such', async (t) => {
  const { url } = await startRawUpstream(t, () => {});
  const finding = only(await check(url, { limitMs: 200 }));
  assert.equal(finding.message, 'the connection was made, but no answer came in time');
  const tls = only(await check(url.replace('http:', 'https:'), { limitMs: 200 }));
  assert.equal(tls.message, 'the connection was made, but TLS did not come about in time');
});

test('redirects and servers\' errors are warnings', async (t) => {
  const { url } = await startUpstream(t, (req, res) => {
    if (req.url === '/moved') res.writeHead(308, { location: 'https://new.test/v1?key=canary' }).end();
    else res.writeHead(503).end();
  });
  const moved = await check(`${url}/moved`);
  assert.match(moved.findings[1]?.message ?? '', /redirects to https:\/\/new\.test\/v1, which/);
  assert.ok(!JSON.stringify(moved.findings).includes('canary'));
  assert.match((await check(url)).findings[1]?.message ?? '', /HTTP 503/);
});

test('a certificate that nobody vouches for is a problem that names its issuer', { skip: noOpenssl }, async (t) => {
  const port = await startTls(t, 'DNS:upstream.test');
  const finding = only(await check(`https://upstream.test:${port}/v1`, { resolve: resolver('127.0.0.1', 1) }));
  assert.equal(finding.status, 'problem');
  assert.match(finding.message, /DEPTH_ZERO_SELF_SIGNED_CERT.* It is issued by aegis test for aegis test, and holds from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\.$/);
  assert.match(finding.advice ?? '', /NODE_EXTRA_CA_CERTS/);
  assert.equal(finding.facts?.['certificate_issuer'], 'aegis test');
});

test('by a proxy: it is named without its password, and one that refuses is told', { skip: noOpenssl }, async (t) => {
  const upstream = await startUpstream(t, (_req, res) => res.end('{}'));
  const proxy = await startFakeProxy(t, { upstreamPort: upstream.port });
  const env = { AEGIS_UPSTREAM_PROXY: `http://me:canary-4711@127.0.0.1:${proxy.port}` };
  const checked = await check('http://upstream.test/v1', { env });
  assert.match(only(checked).message, new RegExp(`by the proxy 127\\.0\\.0\\.1:${proxy.port}$`));
  assert.deepEqual(proxy.seen.map(({ method, target }) => `${method} ${target}`), ['GET http://upstream.test/v1']);
  assert.ok(!JSON.stringify(checked).includes('canary'));

  const refusing = await startFakeProxy(t, { upstreamPort: upstream.port, answerConnect: 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n' });
  const refused = only(await check('https://upstream.test/v1', { env: { AEGIS_UPSTREAM_PROXY: `http://127.0.0.1:${refusing.port}` } }));
  assert.match(refused.message, /proxy refused the tunnel with status 407/);
  const gone = only(await check('https://upstream.test/v1', { env: { AEGIS_UPSTREAM_PROXY: 'http://127.0.0.1:1' } }));
  assert.match(gone.advice ?? '', /nothing listens at the proxy's address/);
});
