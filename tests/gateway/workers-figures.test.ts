// The figures of all workers as one, and the audit log that they write together.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePrometheus } from '../support/prometheus.ts';
import { until, untilAsync } from '../support/until.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { figure, lives, startFleet, SKIP_SIGNALS } from '../support/worker-fleet.ts';

const WORKERS = 3;

test('every worker prints the sum of all, which a crash and a restart do not lessen', { skip: SKIP_SIGNALS }, async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const fleet = await startFleet(t, WORKERS);
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/messages`;
  const lines = await fleet.lines(WORKERS);
  for (const [i, line] of lines.entries()) for (let n = 0; n <= i; n++) assert.equal((await line.ask(path, {})).status, 200);
  const total = 1 + 2 + 3;
  for (const line of lines) {
    // An exchange is counted when its answer is gone, a moment after it was read.
    await untilAsync('all to be counted', async () => (await figure(line, 'aegis_exchanges_total')) === total);
    assert.equal(await figure(line, 'aegis_client_connections'), WORKERS);
    assert.equal(await figure(line, 'aegis_tokens'), 1, 'the tokens are the same in all');
    assert.equal(await figure(line, 'aegis_workers'), WORKERS);
    assert.equal(await figure(line, 'aegis_workers_silent'), 0);
    assert.equal(await figure(line, 'aegis_exchanges_open'), 0);
  }
  const duration = parsePrometheus((await fleet.ask('/metrics')).text).get('aegis_exchange_duration_seconds')?.samples;
  assert.equal(duration?.get('aegis_exchange_duration_seconds_count{wire="anthropic-messages"}'), total);
  assert.equal(duration?.get('aegis_exchange_duration_seconds_bucket{wire="anthropic-messages",le="+Inf"}'), total);
  // Three processes of which each would be some 50 MB, and the primary.
  assert.ok((await figure(fleet, 'process_resident_memory_bytes')) > WORKERS * 30e6);

  const before = fleet.pids();
  process.kill(before[0] ?? 0, 'SIGKILL');
  await until('a new worker', () => fleet.pids().filter((pid) => !before.includes(pid)).length === 1);
  assert.equal(await figure(fleet, 'aegis_exchanges_total'), total);
  assert.equal(await figure(fleet, 'aegis_worker_crashes_total'), 1);
  fleet.child.kill('SIGHUP');
  await until('the restart', () => fleet.stderr().includes('"rolling restart done"'));
  await until('the old workers to end', () => !before.some(lives));
  assert.equal(await figure(fleet, 'aegis_exchanges_total'), total);
  for (const line of await fleet.lines(WORKERS)) await line.ask(path, {});
  await untilAsync('the new ones\' to be counted', async () => (await figure(fleet, 'aegis_exchanges_total')) === total + WORKERS);
});

test('with a worker that is stuck the others print the sum, its last known figures in it, and say so', { skip: SKIP_SIGNALS }, async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const fleet = await startFleet(t, WORKERS);
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/messages`;
  const lines = await fleet.lines(WORKERS);
  for (const line of lines) await line.ask(path, {});
  await untilAsync('all to be counted', async () => (await figure(fleet, 'aegis_exchanges_total')) === WORKERS);

  const [stuck = 0] = fleet.pids();
  process.kill(stuck, 'SIGSTOP');
  t.after(() => lives(stuck) && process.kill(stuck, 'SIGKILL'));
  // One of the lines is its own, and waits.
  const heard = Promise.any(lines.map(async (line) => ({ silent: await figure(line, 'aegis_workers_silent'), line })));
  const { silent, line } = await heard;
  assert.equal(silent, 1);
  assert.equal(await figure(line, 'aegis_exchanges_total'), WORKERS);
  process.kill(stuck, 'SIGCONT');
  await untilAsync('it to be heard again', async () => (await figure(line, 'aegis_workers_silent')) === 0);
});

test('the audit log of all workers is one file of whole lines, none of which is lost when it is rotated', async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const fleet = await startFleet(t, WORKERS, { AEGIS_AUDIT_LOG_PATH: 'audit.jsonl', AEGIS_SHUTDOWN_GRACE_MS: '10000' });
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/responses`;
  const lines = await fleet.lines(WORKERS);
  // Findings of one request are written one by one, up to a thousand: some 250 bytes each.
  const findings = 1000;
  const input = Array.from({ length: findings }, (_, i) => `password = "pW${String(i).padStart(4, '0')}x!qZ${i * 7919}"`);
  const rounds = 18;
  for (let round = 0; round < rounds; round++) {
    for (const { status } of await Promise.all(lines.map((line) => line.ask(path, { input })))) assert.equal(status, 200);
  }
  fleet.child.kill('SIGTERM');
  assert.equal((await fleet.ended()).code, 0);
  const files = readdirSync(fleet.folder).filter((name) => name.startsWith('audit.jsonl')).sort();
  assert.deepEqual(files, ['audit.jsonl', 'audit.jsonl.1']);
  const requests = new Map<string, number>();
  for (const name of files) {
    for (const line of readFileSync(join(fleet.folder, name), 'utf8').trimEnd().split('\n')) {
      const { id } = JSON.parse(line) as { id: string };
      requests.set(id, (requests.get(id) ?? 0) + 1);
    }
  }
  assert.equal(requests.size, rounds * WORKERS);
  assert.deepEqual([...new Set(requests.values())], [findings]);
});
