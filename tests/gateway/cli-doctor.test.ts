// `aegisgate doctor` as users call it, against real gateways, ports and upstreams.
import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { noOpenssl, selfSigned } from '../support/certificates.ts';
import { folderOf, runCli } from '../support/cli-process.ts';
import { startProcess } from '../support/compiled-process.ts';
import { doctor, freePort } from '../support/doctor.ts';
import { startRawUpstream, startUpstream } from '../support/upstream.ts';

function writeTokens(folder: string, ...bases: string[]): string {
  const path = join(folder, 'tokens.json');
  writeFileSync(path, JSON.stringify({ tokens: Object.fromEntries(bases.map((base, i) => [`Canary4711Token${i}`, { upstream_base: base }])) }), { mode: 0o600 });
  return path;
}

test('a fresh set-up has no problem: what is not there yet is told with the next step', async (t) => {
  const folder = folderOf(t);
  const env = { AEGIS_PORT: await freePort() };
  const report = await doctor(t, env, folder);
  assert.equal(report.code, 0);
  assert.equal(report.about('port')[0]?.advice, 'aegisgate serve starts it');
  assert.match(report.about('upstream')[0]?.advice ?? '', /^aegisgate register /);
  const { out, code } = await runCli(t, ['doctor'], { cwd: folder, env });
  assert.equal(code, 0);
  assert.match(out, /^ok {7}node {13}Node /);
  assert.match(out, /\n2 warnings\.\n$/);
  assert.ok(!out.includes('\x1b'));
});

test('with a gateway and an upstream that are well all is ok, and nothing is left of the look', async (t) => {
  const seen: string[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    seen.push(`${req.method} ${req.url} ${req.headers.authorization ?? ''}${String(req.headers['x-api-key'] ?? '')}`);
    res.end('{}');
  });
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GATEWAY_KEY: 'canary-key-4711' }, folder);
  const url = await gateway.url();
  await gateway.admin('register', { upstream_base: `${upstream.url}/v1`, gateway_key: 'canary-key-4711' });
  const before = readFileSync(join(folder, 'config', 'gw_tokens.json'), 'utf8');
  const report = await doctor(t, { AEGIS_PORT: new URL(url).port, AEGIS_GATEWAY_KEY: 'canary-key-4711', OPENAI_API_KEY: 'canary-openai' }, folder);
  assert.equal(report.code, 0);
  assert.equal(report.warnings, 0, JSON.stringify(report.findings));
  assert.match(report.about('port')[0]?.message ?? '', /^AegisGate answers at /);
  if (process.platform === 'linux') assert.equal(report.about('port')[0]?.facts?.['holder_pid'], gateway.child.pid);
  assert.match(report.about('gateway')[0]?.message ?? '', /knows the tokens of the token file/);
  assert.match(report.about('upstream')[0]?.message ?? '', /^reached, HTTP 200 without a key; .*no proxy$/);
  assert.equal(report.about('clock')[0]?.status, 'ok');
  assert.match(report.about('stream')[0]?.message ?? '', /streams unbuffered: each of 5 events/);
  assert.deepEqual(seen, ['GET /v1 '], 'one request, without a key');
  assert.equal(readFileSync(join(folder, 'config', 'gw_tokens.json'), 'utf8'), before);
  const told = JSON.stringify(report.findings);
  assert.ok(!told.includes('canary') && !told.includes(/"([0-9A-Za-z]{24})"/.exec(before)?.[1] ?? 'none'));

  const offline = await doctor(t, { AEGIS_PORT: new URL(url).port, AEGIS_GATEWAY_KEY: 'canary-key-4711' }, folder, '--offline');
  assert.equal(offline.about('upstream')[0]?.status, 'skipped');
  assert.equal(seen.length, 1, '--offline contacts none');
  assert.equal(offline.about('stream')[0]?.status, 'ok');
});

test('a port that another program holds is a problem that names it', async (t) => {
  const web = await startUpstream(t, (_req, res) => res.writeHead(404, { server: 'elsewhere/1.0' }).end());
  const silent = await startRawUpstream(t, () => {});
  for (const [port, what] of [[web.port, /HTTP 404, elsewhere\/1\.0/], [silent.port, /no answer within/]] as const) {
    const [finding] = (await doctor(t, { AEGIS_PORT: String(port) }, folderOf(t))).about('port');
    assert.equal(finding?.status, 'problem');
    assert.match(finding?.message ?? '', /is held by another program/);
    assert.match(finding?.message ?? '', what);
    if (process.platform === 'linux') assert.equal(finding?.facts?.['holder_pid'], process.pid);
  }
});

test('an address that is not this machine\'s is a problem', async (t) => {
  const [finding] = (await doctor(t, { AEGIS_HOST: '192.0.2.1', AEGIS_GATEWAY_KEY: 'a-long-key-4711', AEGIS_PORT: await freePort() }, folderOf(t))).about('port');
  assert.equal(finding?.status, 'problem');
  assert.match(finding?.advice ?? '', /AEGIS_HOST/);
});

test('settings and files that the gateway would refuse are all told at once, without what they hold', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, 'tokens.json'), '{"tokens":{"Canary4711":');
  writeFileSync(join(folder, 'placeholder.key'), 'canary-key');
  const report = await doctor(t, { AEGIS_PORT: await freePort(), AEGIS_LOG_LEVL: 'info', AEGIS_GW_TOKENS_PATH: join(folder, 'tokens.json'), AEGIS_SECRET_FILES: join(folder, 'gone.env'), AEGIS_GATEWAY_KEY: 'canary-gateway' }, folder);
  assert.equal(report.code, 1);
  assert.deepEqual(report.findings.filter(({ status }) => status === 'problem').map(({ check }) => check), ['settings', 'token file', 'placeholder key', 'secret file']);
  assert.ok(!/canary/i.test(JSON.stringify(report.findings)));
});

test('an upstream that is down, untrusted or far off in time is told, each with what to do', { skip: noOpenssl }, async (t) => {
  const folder = folderOf(t);
  const { key, cert } = selfSigned(t, 'DNS:localhost');
  const untrusted = createHttpsServer({ key, cert }, (_req, res) => res.end('{}'));
  await new Promise<void>((resolve) => untrusted.listen(0, '127.0.0.1', resolve));
  t.after(() => untrusted.close());
  const skewed = await startUpstream(t, (_req, res) => res.writeHead(200, { date: new Date(Date.now() - 3 * 3_600_000).toUTCString() }).end('{}'));
  const tls = `https://localhost:${(untrusted.address() as AddressInfo).port}/v1`;
  const path = writeTokens(folder, 'http://127.0.0.1:1/v1', tls, `${skewed.url}/v1`);
  const report = await doctor(t, { AEGIS_PORT: await freePort(), AEGIS_GW_TOKENS_PATH: path }, folder);
  const [down, issued, reached] = report.about('upstream');
  assert.match(down?.message ?? '', /connection was refused/);
  assert.match(issued?.message ?? '', /not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*issued by aegis test/);
  assert.match(issued?.advice ?? '', /NODE_EXTRA_CA_CERTS/);
  assert.equal(reached?.status, 'ok');
  assert.equal(report.about('clock')[0]?.status, 'problem');
  assert.match(report.about('clock')[0]?.message ?? '', /clock is 3 h ahead of/);
  assert.ok(!JSON.stringify(report.findings).includes('Canary4711'));
});

test('a certificate that is accepted is told with its end, and one that ends soon is a warning', { skip: noOpenssl }, async (t) => {
  const folder = folderOf(t);
  const { key, cert, certPath } = selfSigned(t, 'DNS:localhost');
  const server = createHttpsServer({ key, cert }, (_req, res) => res.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const path = writeTokens(folder, `https://localhost:${(server.address() as AddressInfo).port}/v1`);
  const report = await doctor(t, { AEGIS_PORT: await freePort(), AEGIS_GW_TOKENS_PATH: path, NODE_EXTRA_CA_CERTS: certPath }, folder);
  const [reached, soon] = report.about('upstream');
  assert.match(reached?.message ?? '', /^reached, HTTP 200 without a key; DNS \d+ ms, TCP \d+ ms, TLS \d+ ms, first byte \d+ ms/);
  assert.equal(reached?.facts?.['tls_protocol'], 'TLSv1.3');
  assert.match(String(reached?.facts?.['certificate_expires']), /^\d{4}-\d\d-\d\d$/);
  assert.equal(soon?.status, 'warning');
  assert.match(soon?.message ?? '', /^its certificate expires in 1 day, on /);
});

/** Hands on what comes, as a container's or a tunnel's port does. */
async function forwarder(t: TestContext, target: string): Promise<string> {
  const { port } = await startRawUpstream(t, (socket) => {
    const up = connect(Number(new URL(target).port), '127.0.0.1');
    up.on('error', () => socket.destroy());
    socket.on('close', () => up.destroy());
    socket.pipe(up).pipe(socket);
  });
  return String(port);
}

test('a gateway with other tokens than the file of these settings is told: it is another one', async (t) => {
  const gateway = await startProcess(t, { AEGIS_PORT: '0' }, folderOf(t));
  const folder = folderOf(t);
  const path = writeTokens(folder, 'http://127.0.0.1:1/v1');
  // By a process whose settings are nobody's to read: another one holds the port.
  const port = await forwarder(t, await gateway.url());
  const report = await doctor(t, { AEGIS_PORT: port, AEGIS_GW_TOKENS_PATH: path }, folder, '--offline');
  assert.equal(report.about('gateway')[0]?.status, 'warning');
  assert.match(report.about('gateway')[0]?.message ?? '', /other tokens \(0\) than the token file of these settings \(1\)/);
});

test('the files looked at are those of the gateway that runs, wherever it was started', { skip: process.platform === 'linux' ? false : 'only Linux tells the settings of a process' }, async (t) => {
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_SECURITY_LEVEL: 'high' }, folder);
  await gateway.admin('register', { upstream_base: 'http://127.0.0.1:1/v1', gateway_key: 'agent' });
  const report = await doctor(t, { AEGIS_PORT: new URL(await gateway.url()).port }, folderOf(t), '--offline');
  assert.equal(report.about('token file')[0]?.subject, join(folder, 'config', 'gw_tokens.json'));
  assert.match(report.about('gateway')[0]?.message ?? '', /knows the tokens of the token file/);
  assert.ok(report.about('settings').some(({ message }) => message === `AEGIS_SECURITY_LEVEL=high in the gateway that runs (process ${gateway.child.pid}), not in this shell`));
});

test('a key that is not the gateway\'s is a problem', async (t) => {
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GATEWAY_KEY: 'a-long-key-4711' }, folderOf(t));
  const report = await doctor(t, { AEGIS_PORT: new URL(await gateway.url()).port }, folderOf(t));
  assert.equal(report.about('gateway')[0]?.status, 'problem');
  assert.match(report.about('gateway')[0]?.message ?? '', /Set AEGIS_GATEWAY_KEY here as the gateway has it/);
});
