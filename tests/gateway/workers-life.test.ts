// Workers come and go: signals, crashes, a rolling restart; and no stream is lost by it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startProcess } from '../support/compiled-process.ts';
import { SECRETS } from '../support/redaction.ts';
import { until, untilAsync, within } from '../support/until.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';
import { lives, startFleet, SKIP_SIGNALS, workerOf, type WorkerFleet } from '../support/worker-fleet.ts';

const skip = SKIP_SIGNALS;
const WORKERS = 2;

interface Streams {
  readonly fleet: WorkerFleet;
  readonly path: string;
  readonly clients: WireClient[];
  /** The upstream's ends, in the order in which they were asked for. */
  readonly answers: ServerResponse[];
}

/** A fleet with a stream under way on each worker. */
async function streaming(t: TestContext, env: Record<string, string> = {}): Promise<Streams> {
  const answers: ServerResponse[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    answers.push(res);
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write('data: one\n\n');
  });
  const fleet = await startFleet(t, WORKERS, env);
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/messages`;
  const clients = new Map<string, WireClient>();
  while (clients.size < WORKERS) {
    const client = await connectWire(t, fleet.port);
    client.write(requestText('POST', path, [], '{}'));
    const head = await client.waitFor('data: one');
    clients.set(workerOf(/x-aegis-request-id: (\S+)/i.exec(head)?.[1]), client);
    assert.ok(answers.length < 20, 'each worker gets its share of the connections');
  }
  return { fleet, path, clients: [...clients.values()], answers };
}

function endAll(answers: readonly ServerResponse[]): void {
  for (const answer of answers) answer.end('data: two\n\n');
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} lets the streams of all workers finish and ends with 0`, { skip }, async (t) => {
    const { fleet, clients, answers } = await streaming(t);
    const pids = fleet.pids();
    // A terminal signals all processes of the group.
    if (signal === 'SIGINT') for (const pid of pids) process.kill(pid, signal);
    fleet.child.kill(signal);
    await until('the drain to begin', () => fleet.stderr().includes('"draining"'));
    await untilAsync('the port to be closed', () => fleet.ask('/health').then(() => false, () => true));
    endAll(answers);
    for (const client of clients) assert.match(await client.closed(), /data: two[^]*\r\n0\r\n\r\n$/);
    assert.deepEqual(await fleet.ended(), { code: 0, signal: null }, fleet.stderr());
    assert.ok(!pids.some(lives), 'no worker is left');
  });
}

test('streams that outlast the grace are cut, and the exit code is 1', { skip }, async (t) => {
  const { fleet, clients } = await streaming(t, { AEGIS_SHUTDOWN_GRACE_MS: '200' });
  fleet.child.kill('SIGTERM');
  for (const client of clients) assert.doesNotMatch(await client.closed(), /\r\n0\r\n\r\n$/);
  assert.deepEqual(await fleet.ended(), { code: 1, signal: null });
});

test('a second signal cuts all workers, also one that is stuck', { skip }, async (t) => {
  const { fleet, clients } = await streaming(t);
  const pids = fleet.pids();
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  fleet.child.kill('SIGTERM');
  await until('the drain to begin', () => fleet.stderr().includes('"draining"'));
  fleet.child.kill('SIGTERM');
  assert.deepEqual(await fleet.ended(), { code: 1, signal: null });
  for (const client of clients) await client.closed();
  await until('no worker to be left', () => !pids.some(lives));
});

test('a stuck worker does not outlive the grace by much', { skip }, async (t) => {
  const fleet = await startFleet(t, WORKERS, { AEGIS_SHUTDOWN_GRACE_MS: '100' });
  const pids = fleet.pids();
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  fleet.child.kill('SIGTERM');
  assert.deepEqual(await fleet.ended(), { code: 1, signal: null });
  assert.ok(!pids.some(lives));
});

test('with the primary killed no worker is left', { skip }, async (t) => {
  const fleet = await startFleet(t, WORKERS);
  const pids = fleet.pids();
  fleet.child.kill('SIGKILL');
  await until('the workers to end', () => !pids.some(lives));
});

test('a worker that crashes is replaced, the others serve on, and the new one knows the placeholders of before', { skip }, async (t) => {
  let seen = '';
  let answer = '{}';
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then((body) => {
      seen = body.toString('utf8');
      res.setHeader('Content-Type', 'application/json');
      res.end(answer);
    });
  });
  const fleet = await startFleet(t, WORKERS);
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/responses`;
  await fleet.ask(path, { input: `use ${SECRETS.github}` });
  answer = JSON.stringify({ output: /aegis-github-token-[a-z2-7]{12}/.exec(seen)?.[0] });
  const restored = JSON.stringify({ output: SECRETS.github });
  const lines = await fleet.lines(WORKERS);
  await untilAsync('both to know it', async () => (await Promise.all(lines.map((line) => line.ask(path, {})))).every(({ text }) => text === restored));

  const before = fleet.pids();
  for (const pid of before) {
    const serving = fleet.pids().length;
    process.kill(pid, 'SIGKILL');
    await until('the primary to see it', () => fleet.stderr().includes(`another one takes its place","worker":${pid},"code":null,"signal":"SIGKILL"`));
    // The other one serves on all the while.
    for (let i = 0; i < 5; i++) assert.equal((await fleet.ask(path, {})).text, restored);
    await until('another worker', () => fleet.pids().length === serving);
  }
  // By now nobody is left to whom it was told at first.
  for (const line of await fleet.lines(WORKERS)) assert.equal((await line.ask(path, {})).text, restored);
  assert.ok(!fleet.pids().some((pid) => before.includes(pid)));
  assert.equal(fleet.child.exitCode, null);
  assert.match((await fleet.ask('/metrics')).text, /^aegis_worker_crashes_total 2$/m);
});

test('connections on their way to a worker that dies are served by the others, or closed where there are none', { skip }, async (t) => {
  const fleet = await startFleet(t, WORKERS);
  const pids = fleet.pids();
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  // One of them at least is sent to it, and waits there.
  const asked = Array.from({ length: 2 * WORKERS }, () => fleet.ask('/health'));
  await Promise.any(asked);
  process.kill(pids[0] ?? 0, 'SIGKILL');
  for (const { status } of await Promise.all(asked)) assert.equal(status, 200);

  await until('another worker', () => fleet.pids().length === WORKERS);
  const now = fleet.pids();
  for (const pid of now) process.kill(pid, 'SIGSTOP');
  const lost = Array.from({ length: WORKERS }, () => connectWire(t, fleet.port));
  for (const client of await Promise.all(lost)) client.write(requestText('GET', '/health'));
  for (const pid of now) process.kill(pid, 'SIGKILL');
  for (const client of await Promise.all(lost)) await client.closed();
});

test('when all workers crash at once, new ones serve the same port', { skip }, async (t) => {
  const fleet = await startFleet(t, WORKERS);
  const before = fleet.pids();
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await until('other workers', () => fleet.pids().filter((pid) => !before.includes(pid)).length === WORKERS);
  await fleet.lines(WORKERS);
});

test('SIGHUP replaces all workers: streams go on to their end, and every request of the time is served', { skip }, async (t) => {
  const { fleet, path, clients, answers } = await streaming(t);
  const old = fleet.pids();
  let asking = true;
  const statuses: number[] = [];
  const kept = await fleet.lines(WORKERS);
  const askers = [...kept, undefined].map(async (line) => {
    while (asking) {
      // A connection that has been idle may be closed while it is asked, as by any server: clients ask again, and so is done here.
      const { status } = await (line ?? fleet).ask('/health').catch(() => fleet.ask('/health'));
      statuses.push(status);
    }
  });
  fleet.child.kill('SIGHUP');
  await until('the restart', () => fleet.stderr().includes('"rolling restart done"'));
  asking = false;
  await Promise.all(askers);
  assert.ok(statuses.length > 10);
  assert.deepEqual([...new Set(statuses)], [200]);
  // The old ones are there for their streams alone.
  const fresh = fleet.pids().filter((pid) => !old.includes(pid));
  assert.equal(fresh.length, WORKERS);
  assert.ok(old.every(lives));
  for (const answer of answers) answer.write('data: still\n\n');
  for (const client of clients) await client.waitFor('data: still');
  const open = answers.length;
  const newer = await connectWire(t, fleet.port);
  newer.write(requestText('POST', path, [], '{}'));
  await newer.waitFor('data: one');
  endAll(answers.slice(0, open));
  for (const client of clients) assert.match(await client.closed(), /data: still[^]*data: two[^]*\r\n0\r\n\r\n$/);
  await until('the old workers to end', () => !old.some(lives));
  // That of a new worker is not concerned.
  endAll(answers.slice(open));
  assert.match(await newer.waitFor('\r\n0\r\n\r\n'), /data: two/);
  await until('the log to say so', () => fleet.stderr().split('"worker has finished"').length - 1 === WORKERS);
  assert.match((await fleet.ask('/metrics')).text, /^aegis_worker_crashes_total 0$/m);
  fleet.child.kill('SIGTERM');
  assert.deepEqual(await fleet.ended(), { code: 0, signal: null });
  assert.doesNotMatch(fleet.stderr(), /unexpected/);
});

test('SIGTERM during a rolling restart drains old workers and new ones', { skip }, async (t) => {
  const { fleet, clients, answers } = await streaming(t);
  fleet.child.kill('SIGHUP');
  await until('the restart', () => fleet.stderr().includes('"rolling restart"'));
  fleet.child.kill('SIGTERM');
  await until('the drain to begin', () => fleet.stderr().includes('"draining"'));
  endAll(answers);
  for (const client of clients) assert.match(await client.closed(), /data: two[^]*\r\n0\r\n\r\n$/);
  assert.deepEqual(await fleet.ended(), { code: 0, signal: null }, fleet.stderr());
});

test('SIGHUP takes over the rules file; with one that is broken the old workers go on', { skip }, async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then((body) => res.end(body)));
  const rules = join(await folderWith(t, '{}'), 'rules.json');
  const fleet = await startFleet(t, WORKERS, { AEGIS_RULES_PATH: rules });
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/responses`;
  const findings = async (): Promise<string> => String((await fleet.ask(path, { input: 'ACME-12345678' })).headers['x-aegis-findings'] ?? '');
  assert.equal(await findings(), '');
  const old = fleet.pids();
  writeFileSync(rules, '{"rules": [{"id": "acme-key", "pattern": "["}]}');
  fleet.child.kill('SIGHUP');
  await until('the restart to be given up', () => fleet.stderr().includes('rolling restart ended'));
  assert.match(fleet.stderr(), /rolling restart ended[^\n]*AEGIS_RULES_PATH[^\n]*acme-key/);
  assert.doesNotMatch(fleet.stderr(), /another one takes its place/);
  assert.deepEqual(fleet.pids(), old);
  assert.equal(await findings(), '');

  writeFileSync(rules, JSON.stringify({ rules: [{ id: 'acme-key', pattern: 'ACME-[0-9]{8}', matches: ['ACME-12345678'], ignores: ['ACME-123'] }] }));
  fleet.child.kill('SIGHUP');
  await until('the restart', () => fleet.stderr().includes('"rolling restart done"'));
  await until('the old workers to end', () => !old.some(lives));
  for (let i = 0; i < WORKERS; i++) assert.equal(await findings(), 'acme-key=redact');
});

async function folderWith(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aegis-rules-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'rules.json'), text);
  return folder;
}

test('a start that can not succeed is told once, with exit code 2', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const gateway = await startProcess(t, { AEGIS_PORT: String(port), AEGIS_WORKERS: '3', AEGIS_LOG_LEVEL: 'silent' }, await folderWith(t, '{}'));
  assert.deepEqual(await within('the process to end', gateway.ended()), { code: 2, signal: null });
  assert.equal(gateway.stdout(), '');
  assert.match(gateway.stderr(), new RegExp(`^aegisgate: AEGIS_PORT: the port ${port} is taken[^\\n]*\\n$`));
});
