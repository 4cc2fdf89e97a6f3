// The time of day jumps, as after a night in a laptop bag or a first answer of an NTP server: nothing hangs on it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVault, VAULT_DEFAULTS } from '../../src/redaction/vault.ts';
import { withFileLock } from '../../src/tokens/file-lock.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { SECRETS } from '../support/redaction.ts';
import { until, within } from '../support/until.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

test('exchanges, registrations, the token file and restoration go on through jumps of a year forth and back', async (t) => {
  const upstream = await startRecorder(t, (res, { body }) => void res.setHeader('content-type', 'application/json').end(body));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const text = `token ${SECRETS.github}`;
  const post = async (body: unknown): Promise<string> => (await fetch(`${gateway.url}/v1/__gw__/t/${token}/x`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).text();
  assert.deepEqual(JSON.parse(await post({ text })), { text });
  const placeholder = /aegis-[a-z2-7-]+/.exec(upstream.last().body.toString())?.[0] ?? '';

  const now = Date.now;
  let jump = 0;
  t.mock.method(Date, 'now', () => now() + jump);
  for (jump of [YEAR_MS, -YEAR_MS, 0]) {
    assert.deepEqual(JSON.parse(await post({ text })), { text });
    // From an earlier exchange, before the jump: it was not forgotten.
    assert.deepEqual(JSON.parse(await post({ text: `see ${placeholder}` })), { text: `see ${SECRETS.github}` });
    const made = await within('a registration', gateway.register(`http://127.0.0.1:9/${jump}`));
    assert.ok(readFileSync(gateway.tokensPath, 'utf8').includes(made));
    writeFileSync(gateway.tokensPath, readFileSync(gateway.tokensPath, 'utf8').replace('{', `{"Hand${Math.abs(jump)}": 1,`));
    await until('an edit by hand to be taken over', () => gateway.gateway.tokenCount > 1);
  }
  assert.equal((await fetch(`${gateway.url}/health`)).status, 200);
});

test('a lock is not taken from a living holder because the clock has jumped', async (t) => {
  const { folder } = await startGateway(t);
  const lock = join(folder, 'other.json.lock');
  const holder = JSON.stringify({ pid: process.pid, host: hostname(), nonce: 'ab'.repeat(12) });
  const now = Date.now;
  let jump = 0;
  t.mock.method(Date, 'now', () => now() + jump);
  for (jump of [YEAR_MS, -YEAR_MS]) {
    writeFileSync(lock, holder);
    let entered = false;
    const waiting = withFileLock(lock, async () => {
      entered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.ok(!entered, `after a jump of ${jump} ms`);
    writeFileSync(lock, '');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { rmSync } = await import('node:fs');
    rmSync(lock);
    await within('the freed lock', waiting);
  }
});

test('a lock whose holder nobody can ask after is broken when it was watched for long, whatever the clock says', async (t) => {
  const { folder } = await startGateway(t);
  const lock = join(folder, 'other.json.lock');
  writeFileSync(lock, JSON.stringify({ pid: 1, host: 'another-machine', nonce: 'cd'.repeat(12) }));
  const now = Date.now;
  t.mock.method(Date, 'now', () => now() - YEAR_MS);
  const before = performance.now();
  await within('the abandoned lock to be broken', withFileLock(lock, async () => {}), 15_000);
  assert.ok(performance.now() - before > 9000, 'not before');
});

test('what the memory holds is kept for its time, by a clock that nobody sets', (t) => {
  const vault = createVault({ ...VAULT_DEFAULTS, ttlMs: 3_600_000 });
  const memory = vault.memory('token');
  memory.remember('aaaaaaaaaaaa', 'value-4711', 'password', true);
  t.mock.method(Date, 'now', () => YEAR_MS * 90);
  assert.equal(memory.lookup('aaaaaaaaaaaa'), 'value-4711');
});
