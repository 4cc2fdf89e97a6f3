/**
 * A place that programs can't leave: namespaces of Linux in which there is no network but loopback, `/tmp` and the home are
 * empty and gone at the end, `rm` is a stub that only takes notes, and every process ends with the first one.
 * https://man7.org/linux/man-pages/man1/unshare.1.html, https://man7.org/linux/man-pages/man7/namespaces.7.html
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir, networkInterfaces, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const PROBE_DEADLINE_MS = 10_000;
/** Nothing listens there: the discard port, which no service of today holds. */
const DEAD_PROXY = 'http://127.0.0.1:9';

export interface Sandbox {
  /** Whether no network but loopback is there at all; else proxies that lead nowhere are all that stands in the way. */
  readonly isolated: boolean;
  /** Arguments of every `rm` that was run, one line a call; undefined where `rm` is the real one. */
  readonly removals: (() => string[]) | undefined;
  /** What programs are started with on top of their own environment. */
  readonly env: NodeJS.ProcessEnv;
  /** One sentence on how far it holds. */
  readonly description: string;
}

/** The command that runs another inside fresh namespaces; undefined where the machine does not allow it. */
export function namespaceCommand(): readonly string[] | undefined {
  for (const user of [[], ['--map-root-user']]) {
    const args = [...user, ...NAMESPACES];
    const { status } = spawnSync('unshare', [...args, 'ip', 'link', 'set', 'lo', 'up'], { timeout: PROBE_DEADLINE_MS, stdio: 'ignore' });
    if (status === 0) return ['unshare', ...args];
  }
  return undefined;
}

/** Makes the place ready, in a process that `namespaceCommand` started. `keep` are paths that must stay to be seen. */
export function enterNamespaces(keep: readonly string[]): Sandbox {
  must('ip', ['link', 'set', 'lo', 'up']);
  const others = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  if (others.length > 0) throw new Error(`There is a network besides loopback: ${others.join(', ')}.`);
  for (const folder of new Set([tmpdir(), '/tmp', homedir()].filter((path) => existsSync(path)).map((path) => realpathSync(path)))) {
    if (!keep.some((path) => path === folder || path.startsWith(`${folder}/`))) must('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  }
  const removals = stubRm();
  const rm = removals === undefined ? '`rm` is the real one' : '`rm` is a stub';
  return { isolated: true, removals, env: {}, description: `In namespaces of their own: no network but loopback, ${rm}, every process ended with the run.` };
}

/** The place on a machine without namespaces. */
export function withoutNamespaces(): Sandbox {
  const env: NodeJS.ProcessEnv = { no_proxy: '127.0.0.1,localhost', NO_PROXY: '127.0.0.1,localhost' };
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy']) {
    env[name] = DEAD_PROXY;
    env[name.toUpperCase()] = DEAD_PROXY;
  }
  return { isolated: false, removals: undefined, env, description: 'Without namespaces: proxies that lead nowhere kept the programs on loopback, as far as they heed them.' };
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { timeout: PROBE_DEADLINE_MS, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}

/** Puts a stub over every `rm`, for this namespace alone; undefined where one of them is not a program of its own. */
function stubRm(): (() => string[]) | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/bin', '/usr/bin', '/usr/local/bin'];
  const places = new Set(folders.map((folder) => join(folder, 'rm')).filter((path) => existsSync(path)).map((path) => realpathSync(path)));
  // Where one program does the work of many, a stub over it would take the others away.
  if ([...places].some((path) => basename(path) !== 'rm')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'aegis-rm-'));
  const log = join(folder, 'log');
  const stub = join(folder, 'rm');
  writeFileSync(log, '');
  chmodSync(log, 0o666);
  writeFileSync(stub, `#!/bin/sh\necho "$*" >> ${log}\n`);
  chmodSync(stub, 0o755);
  for (const path of places) must('mount', ['--bind', stub, path]);
  return () => readFileSync(log, 'utf8').split('\n').filter((line) => line !== '');
}
