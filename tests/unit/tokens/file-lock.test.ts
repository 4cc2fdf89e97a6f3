import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { withFileLock } from '../../../src/tokens/file-lock.ts';
import { within } from '../../support/until.ts';

function lockIn(t: TestContext): { folder: string; lock: string } {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, lock: join(folder, 'table.json.lock') };
}

/** The id of a process that has ended. */
function deadPid(): number {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  assert.ok(pid);
  return pid;
}

const holder = (pid: number, host = hostname(), nonce = 'ab'.repeat(12)): string => JSON.stringify({ pid, host, nonce });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('only one holds the lock at a time, and nothing is left of it', async (t) => {
  const { folder, lock } = lockIn(t);
  let inside = 0;
  let total = 0;
  const work = async (): Promise<void> => {
    inside++;
    assert.equal(inside, 1);
    await pause(1);
    total++;
    inside--;
  };
  await within('all holders', Promise.all(Array.from({ length: 25 }, () => withFileLock(lock, work))));
  assert.equal(total, 25);
  assert.deepEqual(readdirSync(folder), []);
});

test('the work\'s value is handed on, and its error, with the lock given back', async (t) => {
  const { folder, lock } = lockIn(t);
  assert.equal(await withFileLock(lock, async () => 7), 7);
  await assert.rejects(withFileLock(lock, async () => { throw new Error('own fault'); }), /own fault/);
  assert.deepEqual(readdirSync(folder), []);
});

test('the lock names its holder while it is held', async (t) => {
  const { lock } = lockIn(t);
  await withFileLock(lock, async () => {
    const { pid, host } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; host: string };
    assert.deepEqual({ pid, host }, { pid: process.pid, host: hostname() });
  });
});

test('the lock of a process that died is broken at once, by one only', async (t) => {
  const { folder, lock } = lockIn(t);
  for (let round = 0; round < 10; round++) {
    writeFileSync(lock, holder(deadPid(), hostname(), String(round).padStart(24, '0')));
    let inside = 0;
    const work = async (): Promise<void> => {
      inside++;
      assert.equal(inside, 1);
      await pause(2);
      inside--;
    };
    // Below the age at which any lock is abandoned: it is the process id that tells.
    await within('the dead one\'s lock to be broken', Promise.all(Array.from({ length: 6 }, () => withFileLock(lock, work))), 8000);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('the lock of a living process is respected', async (t) => {
  const { lock } = lockIn(t);
  writeFileSync(lock, holder(process.pid));
  let entered = false;
  const waiting = withFileLock(lock, async () => {
    entered = true;
  });
  await pause(300);
  assert.ok(!entered);
  rmSync(lock);
  await within('the freed lock', waiting);
  assert.ok(entered);
});

test('a lock of another machine is not judged by process ids of this one', async (t) => {
  const { lock } = lockIn(t);
  writeFileSync(lock, holder(deadPid(), 'another-machine'));
  let entered = false;
  const waiting = withFileLock(lock, async () => {
    entered = true;
  });
  await pause(300);
  assert.ok(!entered);
  rmSync(lock);
  await within('the freed lock', waiting);
});

test('a holder whose lock was broken meanwhile does not take away its successor\'s', async (t) => {
  const { lock } = lockIn(t);
  const successor = holder(process.pid, hostname(), 'cd'.repeat(12));
  await withFileLock(lock, async () => {
    rmSync(lock);
    writeFileSync(lock, successor);
  });
  assert.equal(readFileSync(lock, 'utf8'), successor);
});

test('what waiters that were killed left behind is swept away, what living ones need is not', async (t) => {
  const { folder, lock } = lockIn(t);
  const dead = deadPid();
  const stale = ['0'.repeat(24), `${'1'.repeat(24)}.broken`].map((end) => `${lock}.${end}`);
  for (const path of stale) writeFileSync(path, holder(dead, hostname(), '0'.repeat(24)));
  const kept = [`${lock}.${'2'.repeat(24)}`, `${lock}.notes`, join(folder, 'table.json')];
  writeFileSync(kept[0] as string, holder(process.pid, hostname(), '2'.repeat(24)));
  writeFileSync(kept[1] as string, 'mine');
  writeFileSync(kept[2] as string, '{}');
  await withFileLock(lock, async () => {});
  for (const path of stale) assert.ok(!existsSync(path), path);
  for (const path of kept) assert.ok(existsSync(path), path);
});

test('an unreadable lock blocks while it is young', async (t) => {
  const { lock } = lockIn(t);
  writeFileSync(lock, 'not a holder');
  // A file's own times may come from elsewhere; only when it was made here counts.
  utimesSync(lock, new Date(0), new Date(0));
  let entered = false;
  const waiting = withFileLock(lock, async () => {
    entered = true;
  });
  await pause(300);
  assert.ok(!entered);
  rmSync(lock);
  await within('the freed lock', waiting);
});

test('a folder that is not there is the folder\'s own error', async (t) => {
  const { folder } = lockIn(t);
  await assert.rejects(withFileLock(join(folder, 'none', 'x.lock'), async () => {}), { code: 'ENOENT' });
});
