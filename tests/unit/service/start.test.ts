// What launchd and the task scheduler start: the compiled program, with a real gateway below it.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { folderOf } from '../../support/cli-process.ts';
import { compiledFolder } from '../../support/compiled-process.ts';
import { until, within } from '../../support/until.ts';

const skip = process.platform === 'win32' ? 'signals of POSIX' : false;

interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  log(): string;
  /** The process numbers of the gateways that it has started so far, by their log lines. */
  starts(): number;
  ended(): Promise<number | null>;
}

async function started(t: TestContext, settings: string): Promise<Started> {
  const folder = folderOf(t);
  const log = join(folder, 'logs', 'service.log');
  writeFileSync(join(folder, 'settings.env'), settings);
  const child = spawn(process.execPath, [join(await compiledFolder(), 'service', 'start.js'), '--settings', join(folder, 'settings.env'), '--state', folder, '--log', log], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const read = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  return { child, folder, log: read, starts: () => read().split('AegisGate listens on').length - 1, ended: () => within('the service to end', closed) };
}

function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

test('the gateway runs with the file\'s settings, its files in the state folder, and ends with the service', { skip }, async (t) => {
  const service = await started(t, 'AEGIS_PORT=0\nAEGIS_SECURITY_LEVEL="high"\n');
  await until('the gateway to listen', () => service.starts() === 1);
  assert.ok(service.log().includes(`security level high · 0 tokens · ${join(service.folder, 'gw_tokens.json')}`), service.log());
  assert.equal(statSync(join(service.folder, 'logs', 'service.log')).mode & 0o777, 0o600);
  assert.ok(existsSync(join(service.folder, 'placeholder.key')));
  service.child.kill('SIGTERM');
  assert.equal(await service.ended(), 0);
  assert.match(service.log(), /"msg":"stopped"/);
});

test('a gateway that is killed is started again', { skip: skip || (existsSync(`/proc/self/task/${process.pid}/children`) ? false : 'children are looked up in /proc') }, async (t) => {
  const service = await started(t, 'AEGIS_PORT=0\n');
  await until('the gateway to listen', () => service.starts() === 1);
  const [gateway = 0] = childrenOf(service.child.pid);
  process.kill(gateway, 'SIGKILL');
  await until('the gateway to listen again', () => service.starts() === 2);
  service.child.kill('SIGTERM');
  assert.equal(await service.ended(), 0);
});

test('settings that are wrong are told in the log and not tried again', { skip }, async (t) => {
  const service = await started(t, 'AEGIS_PORT=no\n');
  assert.equal(await service.ended(), 0, 'launchd leaves alone what has ended well');
  assert.equal(service.log().split('AEGIS_PORT: "no" is not allowed').length - 1, 1);
});
