// `aegisgate doctor` and streams: through the gateway that runs, with a local upstream, or with a provider's key.
import assert from 'node:assert/strict';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { folderOf, runCli, startCli } from '../support/cli-process.ts';
import { startProcess } from '../support/compiled-process.ts';
import { doctor } from '../support/doctor.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';
import { until, within } from '../support/until.ts';

/** A reverse proxy that hands on an answer only when it is whole. */
async function bufferingProxy(t: TestContext, target: string): Promise<string> {
  const { port } = new URL(target);
  const server = createHttpServer((req, res) => {
    const up = httpRequest({ host: '127.0.0.1', port, method: req.method, path: req.url, headers: { ...req.headers }, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', () => res.destroy());
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        res.writeHead(answer.statusCode ?? 0, answer.headers);
        res.end(Buffer.concat(chunks));
      });
    });
    up.on('error', () => res.destroy());
    res.on('close', () => up.destroy());
    req.pipe(up);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return String((server.address() as AddressInfo).port);
}

test('a stream that something holds up is a problem, and nothing is left of the look', async (t) => {
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0' }, folder);
  const port = await bufferingProxy(t, await gateway.url());
  const report = await doctor(t, { AEGIS_PORT: port }, folder, '--offline');
  const [finding] = report.about('stream');
  assert.equal(finding?.status, 'problem');
  assert.match(finding?.message ?? '', /^the stream is buffered: event 1 was sent and had not arrived 3 s later/);
  assert.match(finding?.advice ?? '', /proxy_buffering off/);
  const { body } = await gateway.admin('tokens', { gateway_key: 'agent' });
  assert.deepEqual(body['tokens'], []);
});

test('an upstream list that has no room for this machine leaves the stream untried', async (t) => {
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_UPSTREAM_ALLOW: 'api.anthropic.com' }, folder);
  const report = await doctor(t, { AEGIS_PORT: new URL(await gateway.url()).port }, folder, '--offline');
  assert.equal(report.about('stream')[0]?.status, 'skipped');
  assert.match(report.about('stream')[0]?.message ?? '', /AEGIS_UPSTREAM_ALLOW/);
});

test('Ctrl-C in the middle takes the token away and ends by the signal, without a word', { skip: process.platform === 'win32' ? 'Windows has no such signals' : false }, async (t) => {
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0' }, folder);
  const port = await bufferingProxy(t, await gateway.url());
  const child = await startCli(t, ['doctor', '--offline'], { cwd: folder, env: { AEGIS_PORT: port } });
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdout?.resume();
  const closed = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  // The stream is held up for three seconds, in which the token is there.
  await until('the token for the look', () => gateway.stderr().includes('"call":"register"'));
  child.kill('SIGINT');
  assert.equal(await within('the doctor to end', closed), 'SIGINT');
  assert.equal(err, '');
  const { body } = await gateway.admin('tokens', { gateway_key: 'agent' });
  assert.deepEqual(body['tokens'], []);
});

test('with a key the provider is asked one question, by the gateway, and the key goes to it alone and is never shown', async (t) => {
  const seen: { url: string; key: string }[] = [];
  const provider = (pauseMs: number): Promise<TestUpstream> => startUpstream(t, (req, res) => {
    seen.push({ url: `${req.method} ${req.url}`, key: req.headers.authorization ?? '' });
    if (req.method === 'GET') {
      res.end('{}');
      return;
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      res.write(`data: {"choices":[{"index":0,"delta":{"content":"${++sent} "}}]}\n\n`);
      if (sent < 8) return;
      clearInterval(timer);
      res.end('data: [DONE]\n\n');
    }, pauseMs);
  });
  const [asked, other] = await Promise.all([provider(25), provider(25)]);
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0' }, folder);
  for (const { url } of [asked, other]) await gateway.admin('register', { upstream_base: `${url}/v1`, gateway_key: 'agent' });
  const env = { AEGIS_PORT: new URL(await gateway.url()).port, MY_KEY: 'canary-key-4711' };
  const report = await doctor(t, env, folder, '--upstream', `${asked.url}/v1/`, '--key-env', 'MY_KEY', '--model', 'some-model');
  assert.match(report.about('stream')[1]?.message ?? '', /^streams unbuffered: first byte after \d+ ms, 9 events over \d+ ms$/);
  assert.deepEqual(seen, [{ url: 'GET /v1', key: '' }, { url: 'POST /v1/chat/completions', key: 'Bearer canary-key-4711' }], 'the other upstream is not contacted');
  assert.ok(!JSON.stringify(report.findings).includes('canary'));
  const unregistered = await runCli(t, ['doctor', '--upstream', 'https://api.openai.com/v1'], { cwd: folder, env });
  assert.equal(unregistered.code, 2);
  assert.match(unregistered.err, /is not registered/);
});

test('a token that a killed doctor has left is told, with what takes it away, and not taken for an upstream', async (t) => {
  const folder = folderOf(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0' }, folder);
  await gateway.admin('register', { upstream_base: 'http://127.0.0.1:1/aegisgate-doctor-0123456789abcdef', gateway_key: 'agent' });
  const env = { AEGIS_PORT: new URL(await gateway.url()).port };
  const report = await doctor(t, env, folder);
  const left = report.findings.find(({ message }) => message.includes('was left by a doctor'));
  assert.equal(left?.status, 'warning');
  assert.match(left?.advice ?? '', /^aegisgate unregister [0-9a-f]{8}$/);
  assert.match(report.about('upstream')[0]?.message ?? '', /none is registered/);
  const [command = '', ...args] = (left?.advice ?? '').split(' ').slice(1);
  assert.equal((await runCli(t, [command, ...args], { cwd: folder, env })).code, 0);
  assert.ok(!(await doctor(t, env, folder)).findings.some(({ message }) => message.includes('was left by a doctor')));
});
