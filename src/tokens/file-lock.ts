/**
 * A lock between processes, held as a file created exclusively beside the one it guards.
 *
 * Node offers no flock(2). A holder that died is recognised by its process id (same host) or by a lock that has
 * not changed for long, and its lock is broken by exactly one of those that wait: the breaker first makes a hard link named after the dead
 * lock's nonce, which only one process can do, and checks that what it linked is still that lock.
 */
import { randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_LIMIT_MS = 15_000;
/**
 * A lock is held for milliseconds; one that was watched for so long belongs to nobody, wherever its holder ran. Watched,
 * not dated: a file's own times come from clocks that are set, or that another machine has.
 */
const ABANDONED_AFTER_MS = 10_000;

interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly nonce: string;
}

/**
 * Runs `work` while holding the lock file.
 * @throws Error when the lock can't be created (the folder's own error) or stays taken for 15 s.
 */
export async function withFileLock<T>(lockPath: string, work: () => Promise<T>): Promise<T> {
  const mine: LockHolder = { pid: process.pid, host: hostname(), nonce: randomBytes(12).toString('hex') };
  await acquire(lockPath, mine);
  try {
    await sweepDrafts(lockPath);
    return await work();
  } finally {
    // A process that was halted for long (a laptop asleep) finds its lock broken: then it is another's.
    const held = await readHolder(lockPath);
    if (held === undefined || held.nonce === mine.nonce) await unlink(lockPath).catch(() => undefined);
  }
}

/** Removes the drafts and marks of processes that were killed while they waited or broke a lock. */
async function sweepDrafts(lockPath: string): Promise<void> {
  const prefix = `${basename(lockPath)}.`;
  for (const name of await readdir(dirname(lockPath)).catch(() => [])) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{24}(?:\.broken)?$/.test(name.slice(prefix.length))) continue;
    const path = join(dirname(lockPath), name);
    const holder = await readHolder(path);
    // One killed before it had written its draft left an empty one: nobody to ask after but its age.
    const dead = holder === undefined ? ((await ageOf(path)) ?? 0) > ABANDONED_AFTER_MS : isDead(holder);
    if (dead) await unlink(path).catch(() => undefined);
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  return parseHolder(await readFile(path, 'utf8').catch(() => ''));
}

async function acquire(lockPath: string, mine: LockHolder): Promise<void> {
  const deadline = performance.now() + WAIT_LIMIT_MS;
  const text = JSON.stringify(mine);
  // Written in full before it gets its name: a lock with no content could not be told from one of a dead holder.
  const draft = `${lockPath}.${mine.nonce}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  const watch = createWatch();
  try {
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
      if (await linked(draft, lockPath, text)) return;
      await breakIfAbandoned(lockPath, watch);
      if (performance.now() > deadline) throw new Error(`the lock ${lockPath} stays taken; remove it if no gateway is running`);
      await sleep(pauseMs + Math.random() * pauseMs);
    }
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

/** What link(2) fails with on file systems that know no hard links (FAT, some network shares). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK']);

/** link(2) as an exclusive create: true when this call made `path`. */
async function linked(existing: string, path: string, text: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** For how long a waiter has seen the same content in a file, in milliseconds of a clock that nobody sets. */
type Watch = (path: string, content: string) => number;

function createWatch(): Watch {
  const seen = new Map<string, { readonly content: string; readonly sinceMs: number }>();
  return (path, content) => {
    const now = performance.now();
    const before = seen.get(path);
    if (before?.content === content) return now - before.sinceMs;
    seen.set(path, { content, sinceMs: now });
    return 0;
  };
}

async function breakIfAbandoned(lockPath: string, watch: Watch): Promise<void> {
  const seen = await readFile(lockPath, 'utf8').catch(() => undefined);
  if (seen === undefined) return;
  const holder = parseHolder(seen);
  const watchedMs = watch(lockPath, seen);
  if (!(holder !== undefined && isDead(holder)) && watchedMs < ABANDONED_AFTER_MS) return;

  const marker = `${lockPath}.${holder?.nonce ?? 'unreadable'}.broken`;
  try {
    await link(lockPath, marker);
  } catch (error) {
    if (NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) await unlink(lockPath).catch(() => undefined);
    // Another one is breaking it, unless that one died too.
    const mark = await readFile(marker, 'utf8').catch(() => undefined);
    if (mark !== undefined && watch(marker, mark) > ABANDONED_AFTER_MS) await unlink(marker).catch(() => undefined);
    return;
  }
  try {
    const caught = await readFile(marker, 'utf8').catch(() => undefined);
    if (caught === seen) await unlink(lockPath);
  } finally {
    await unlink(marker).catch(() => undefined);
  }
}

/** By ctime: it is set by the machine when the file is made or linked, never taken over from elsewhere. */
async function ageOf(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).ctimeMs;
  } catch {
    return undefined;
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, host, nonce } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof nonce !== 'string') return undefined;
    return /^[0-9a-f]{24}$/.test(nonce) ? { pid, host, nonce } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the holder surely lives no more: only a process of this host can be asked after. */
function isDead(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}
