// The short form of `npm run soak`: mixed traffic leaves nothing behind in the heap.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess } from '../support/compiled-process.ts';
import { createMemoryProbe } from '../support/memory-probe.ts';
import { createMixedTraffic } from '../support/mixed-traffic.ts';
import { startMockUpstream } from '../support/mock-upstream.ts';
import { seededRandom } from '../support/random.ts';

const CONCURRENCY = 8;
const WARM_UP_EXCHANGES = 600;
const EXCHANGES = 1200;
const DEADLINE_MS = 15_000;
/** A leak of 3 KB an exchange would be seen; compiled code and the placeholders' memory still grow by less. */
const HEAP_BOUND_BYTES = EXCHANGES * 3072;

test('mixed traffic of all kinds goes as it must, and the heap does not grow with it', { skip: process.platform === 'win32' ? 'Windows has no signal to ask a process with' : false }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-soak-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const mock = await startMockUpstream();
  t.after(() => mock.close());
  const probe = createMemoryProbe(folder);
  const gateway = await startProcess(t, { ...probe.env, AEGIS_PORT: '0', AEGIS_AUDIT_LOG_PATH: '', AEGIS_LOG_LEVEL: 'error', AEGIS_GW_TOKENS_PATH: join(folder, 'tokens.json') }, folder);
  const { body } = await gateway.admin('register', { upstream_base: `${mock.url}/v1`, gateway_key: 'agent' });
  const { random, seed } = seededRandom();
  t.diagnostic(`seed ${seed}`);
  const traffic = createMixedTraffic({ gateway: await gateway.url(), token: String(body['token']), mock, random });
  t.after(() => traffic.close());
  const done = (): number => [...traffic.counts.values()].reduce((sum, count) => sum + count, 0);
  const deadline = performance.now() + DEADLINE_MS;
  const pid = gateway.child.pid ?? 0;

  await traffic.run(CONCURRENCY, () => done() < WARM_UP_EXCHANGES && performance.now() < deadline);
  const before = await probe.ask(pid);
  const warm = done();
  await traffic.run(CONCURRENCY, () => done() < warm + EXCHANGES && performance.now() < deadline);
  const after = await probe.ask(pid);
  const grown = after.heapBytes - before.heapBytes;
  t.diagnostic(`${done() - warm} exchanges of ${traffic.counts.size} kinds after ${warm}: heap ${(before.heapBytes / 1024 / 1024).toFixed(1)} MB, grown by ${Math.round(grown / 1024)} KB`);
  assert.ok(done() > warm, 'a part at least was done in time');
  assert.ok(grown < HEAP_BOUND_BYTES, `the heap grew by ${grown} bytes`);
  assert.equal(gateway.stderr(), '');
});
