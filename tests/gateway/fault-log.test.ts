// A log and an audit log that can't be written: traffic goes on, it is said once, and they are written again when they can be.
import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createLog } from '../../src/observe/log.ts';
import { startProcess, type GatewayProcess } from '../support/compiled-process.ts';
import { SECRETS } from '../support/redaction.ts';
import { startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';

/** A file that takes nothing: every write fails with ENOSPC, as on a full disk. */
const FULL = '/dev/full';
const LINUX_ONLY = { skip: existsSync(FULL) ? false : 'there is no /dev/full' };
const CALLS = 40;

async function scene(t: TestContext, env: Record<string, string>, start = {}): Promise<{ gateway: GatewayProcess; folder: string; call(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    req.on('end', () => res.end('fine'));
  });
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(folder, 'gw_tokens.json'), AEGIS_AUDIT_LOG_PATH: '', ...env }, start);
  const { status, body } = await gateway.admin('register', { upstream_base: upstream.url, gateway_key: 'agent' });
  assert.equal(status, 200);
  return {
    gateway,
    folder,
    async call() {
      const response = await fetch(`${await gateway.url()}/v1/__gw__/t/${String(body['token'])}/x`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: `password = "${SECRETS.password}"` }) });
      assert.equal(await response.text(), 'fine');
    },
  };
}

test('with the log on a full disk every exchange is answered, and a change is still made', LINUX_ONLY, async (t) => {
  const full = openSync(FULL, 'w');
  t.after(() => closeSync(full));
  const { gateway, call, folder } = await scene(t, { AEGIS_LOG_LEVEL: 'debug' }, { stderr: full });
  for (let i = 0; i < CALLS; i++) await call();
  // Longer than a batch of the log waits.
  await new Promise((resolve) => setTimeout(resolve, 150));
  await call();
  assert.equal((await gateway.admin('register', { upstream_base: 'http://127.0.0.1:9', gateway_key: 'agent' })).status, 200);
  assert.ok(readFileSync(join(folder, 'gw_tokens.json'), 'utf8').includes('http://127.0.0.1:9'));
  assert.equal(gateway.child.exitCode, null);
  gateway.child.kill('SIGTERM');
  assert.deepEqual(await gateway.ended(), { code: 0, signal: null });
});

test('what the log lost on a full disk is told once there is room again, once', async () => {
  let full = true;
  let told = '';
  const log = createLog({ level: 'info', format: 'json', sink: { write: (text, done) => {
    if (!full) told += text;
    setImmediate(done, full ? new Error('ENOSPC') : null);
  }, writeNow: (text) => void (told += text) } });
  const batch = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));
  for (let i = 0; i < 7; i++) log.info('lost');
  await batch();
  for (let i = 0; i < 5; i++) log.info('lost');
  await batch();
  full = false;
  log.info('kept');
  await batch();
  log.info('kept');
  await batch();
  const lines = told.trimEnd().split('\n').map((line) => JSON.parse(line) as { msg: string; lines?: number });
  assert.deepEqual(lines.map(({ msg, lines: count }) => [msg, count]), [['kept', undefined], ['log lines dropped', 12], ['kept', undefined]]);
});

test('with the audit log on a full disk traffic goes on, it is said once, and with room again it is written', LINUX_ONLY, async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'aegis-audit-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const audit = join(home, 'audit.jsonl');
  symlinkSync(FULL, audit);
  const { gateway, call } = await scene(t, { AEGIS_AUDIT_LOG_PATH: audit, AEGIS_LOG_LEVEL: 'info' });
  const told = (what: string): number => gateway.stderr().split(what).length - 1;
  for (let i = 0; i < CALLS; i++) await call();
  await until('the full disk to be told', () => told('audit log can not be written') > 0);
  for (let i = 0; i < CALLS; i++) await call();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(told('audit log can not be written'), 1);
  assert.match(gateway.stderr(), /audit log can not be written.*"code":"ENOSPC"/);
  rmSync(audit);
  await call();
  await until('the audit log to be written again', () => told('audit log is written again') === 1);
  assert.ok(readFileSync(audit, 'utf8').includes('"rule"'));
  assert.ok(!readFileSync(audit, 'utf8').includes(SECRETS.password));
});
