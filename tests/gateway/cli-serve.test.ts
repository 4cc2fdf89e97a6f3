// `aegisgate serve`: the gateway as `node dist/server.js` starts it, alone and with workers.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import { test, type TestContext } from 'node:test';
import { folderOf, runCli, startCli } from '../support/cli-process.ts';
import { until, within } from '../support/until.ts';
import { lives, SKIP_SIGNALS } from '../support/worker-fleet.ts';

interface Served {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

async function serve(t: TestContext, args: readonly string[], env: Record<string, string>): Promise<Served> {
  const child = await startCli(t, ['serve', ...args], { cwd: folderOf(t), env: { AEGIS_PORT: '0', AEGIS_AUDIT_LOG_PATH: '', ...env } });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const closed = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  await until('the start line', () => out.includes('\n') || child.exitCode !== null);
  return { child, out: () => out, err: () => err, ended: () => within('the gateway to end', closed) };
}

/** Over a connection of its own: a kept one may be a worker's that is leaving. */
function healthOf(address: string): Promise<number | undefined> {
  return within('an answer', new Promise((resolve, reject) => {
    get(`${address}/health`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  }));
}

const workersOf = ({ err }: Served): number[] => [...err().matchAll(/"worker listens","worker":(\d+)/g)].map(([, pid]) => Number(pid));

test('it prints the start line, serves and stops with exit code 0', { skip: SKIP_SIGNALS }, async (t) => {
  const gateway = await serve(t, [], {});
  const url = /^AegisGate listens on (http:\/\/127\.0\.0\.1:\d+) · security level medium · 0 tokens · \S+gw_tokens\.json\n$/.exec(gateway.out())?.[1];
  assert.ok(url !== undefined, gateway.out());
  assert.deepEqual(await (await fetch(`${url}/health`)).json(), { service: 'aegisgate', status: 'ok' });
  gateway.child.kill('SIGTERM');
  assert.deepEqual(await gateway.ended(), { code: 0, signal: null });
});

test('the line may be had as JSON', { skip: SKIP_SIGNALS }, async (t) => {
  const gateway = await serve(t, ['--json'], { AEGIS_SECURITY_LEVEL: 'high' });
  const started = JSON.parse(gateway.out()) as { address: string; level: string; tokens: number; workers: number };
  assert.deepEqual([started.level, started.tokens, started.workers], ['high', 0, 1]);
  assert.equal((await fetch(`${started.address}/health`)).status, 200);
  gateway.child.kill('SIGINT');
  assert.equal((await gateway.ended()).code, 0);
});

test('with workers it serves, replaces them at SIGHUP, and none outlives it', { skip: SKIP_SIGNALS }, async (t) => {
  const gateway = await serve(t, ['--json'], { AEGIS_WORKERS: '2', AEGIS_LOG_FORMAT: 'json' });
  const { address, workers } = JSON.parse(gateway.out()) as { address: string; workers: number };
  assert.equal(workers, 2);
  await until('both workers to be told of', () => workersOf(gateway).length === 2);
  assert.equal(await healthOf(address), 200);
  gateway.child.kill('SIGHUP');
  await until('new workers', () => gateway.err().includes('rolling restart done'));
  const pids = workersOf(gateway);
  assert.equal(pids.length, 4);
  assert.equal(await healthOf(address), 200);
  gateway.child.kill('SIGTERM');
  assert.deepEqual(await gateway.ended(), { code: 0, signal: null });
  await until('the workers to be gone', () => !pids.some(lives));
});

test('a start that can\'t be is exit code 2 with the setting that mends it', { skip: SKIP_SIGNALS }, async (t) => {
  const first = await serve(t, ['--json'], {});
  const { address } = JSON.parse(first.out()) as { address: string };
  for (const workers of ['1', '2']) {
    const second = await runCli(t, ['serve'], { cwd: folderOf(t), env: { AEGIS_PORT: new URL(address).port, AEGIS_WORKERS: workers, AEGIS_LOG_LEVEL: 'silent' } });
    assert.equal(second.code, 2);
    assert.equal(second.out, '');
    assert.match(second.err, /^aegisgate: AEGIS_PORT: the port \d+ is taken/);
  }
  const wrong = await runCli(t, ['serve', 'now'], { cwd: folderOf(t) });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /"now" is not taken here/);
  const option = await runCli(t, ['serve', '--port=9000'], { cwd: folderOf(t) });
  assert.equal(option.code, 2);
  assert.match(option.err, /settings are environment variables: set AEGIS_PORT instead/);
});
