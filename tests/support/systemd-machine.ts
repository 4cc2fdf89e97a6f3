/**
 * A machine that systemd has booted, for tests of services: namespaces of this one (see systemd-machine.sh). Root on Linux
 * alone can make it.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compiledFolder } from './compiled-process.ts';
import { untilAsync } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = fileURLToPath(new URL('systemd-machine.sh', import.meta.url));
const NEEDED = ['unshare', 'nsenter', 'setpriv', 'ip', 'systemctl', 'systemd-run'];
const BOOT_DEADLINE_MS = 30_000;
const CALL_DEADLINE_MS = 40_000;
/** An account of the machine without rights. */
const TESTER = '4711';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface SystemdMachine {
  /** Runs a program as the machine's root, with nothing but these variables in its environment. */
  asRoot(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The same as an account without rights, whose own systemd runs. */
  asTester(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** The package as it is installed on the machine. */
export const NODE = '/opt/node';
export const PACKAGE = '/lab/aegisgate';

/** Where cgroups of version 2 are: alone, or beside those of version 1. */
const CGROUP2 = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((folder) => existsSync(join(folder, 'cgroup.controllers')));

/** Why there can be none here, or false. */
export function noMachine(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make namespaces for systemd';
  if (!existsSync('/lib/systemd/systemd')) return 'systemd is not installed';
  if (CGROUP2 === undefined) return 'there are no cgroups of version 2';
  const missing = NEEDED.find((program) => spawnSync('which', [program]).status !== 0);
  return missing === undefined ? false : `${missing} is not installed`;
}

/** Boots the machine; it goes with the test. Skips the test, with the reason, where the kernel does not let it boot. */
export async function bootMachine(t: TestContext): Promise<SystemdMachine | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-machine-'));
  const share = join(folder, 'share');
  const app = join(share, 'aegisgate');
  mkdirSync(app, { recursive: true, mode: 0o755 });
  cpSync(await compiledFolder(), join(app, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(app, 'package.json'));
  cpSync(join(root, 'scripts', 'service'), join(app, 'scripts', 'service'), { recursive: true });
  spawnSync('chmod', ['-R', 'a+rX', share]);
  mkdirSync(join(folder, 'root'));

  const cgroup = join(CGROUP2 ?? '', `aegisgate-test-${process.pid}`);
  const child = spawn('bash', [SCRIPT, join(folder, 'root'), share, process.execPath, cgroup], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  t.after(async () => {
    child.kill('SIGKILL');
    await closed;
    await untilAsync('the cgroups to be empty', async () => removeCgroups(cgroup)).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  let init: string | undefined;
  const call = (program: readonly string[], before: readonly string[], env: Readonly<Record<string, string>>): Promise<Answer> =>
    new Promise((resolve) => {
      const variables = Object.entries({ PATH: '/usr/sbin:/usr/bin', ...env }).map(([name, value]) => `${name}=${value}`);
      execFile('nsenter', ['-t', init ?? '', '-m', '-p', '-i', '-u', '-C', '-n', ...before, 'env', '-i', ...variables, ...program], { timeout: CALL_DEADLINE_MS }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
    });
  const asRoot: SystemdMachine['asRoot'] = (command, env = {}) => call(command, [], { HOME: '/root', ...env });
  try {
    await untilAsync('systemd to boot', async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${told}`);
      await sleep(100);
      // The first process of the namespace is unshare's only child; before that the script has others.
      init = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0] || undefined;
      return init !== undefined && /running|degraded/.test((await asRoot(['systemctl', 'is-system-running'])).out);
    }, BOOT_DEADLINE_MS);
  } catch (error) {
    t.skip(`systemd does not boot in namespaces here: ${(error as Error).message}`);
    return undefined;
  }
  return {
    asRoot,
    asTester: (command, env = {}) =>
      call(command, ['setpriv', '--reuid', TESTER, '--regid', TESTER, '--clear-groups', '--'], { HOME: '/home/tester', XDG_RUNTIME_DIR: `/run/user/${TESTER}`, ...env }),
  };
}

/** Starts the systemd of the account without rights, as its login would. */
export async function logIn(machine: SystemdMachine): Promise<void> {
  const runtime = `/run/user/${TESTER}`;
  await machine.asRoot(['mkdir', '-p', runtime]);
  await machine.asRoot(['chown', `${TESTER}:${TESTER}`, runtime]);
  await machine.asRoot(['chmod', '700', runtime]);
  const properties = [`User=${TESTER}`, `Group=${TESTER}`, 'Delegate=yes', 'Type=notify'].flatMap((property) => ['-p', property]);
  const { code, err } = await machine.asRoot(['systemd-run', '--quiet', '--unit=user-manager', ...properties, `--setenv=XDG_RUNTIME_DIR=${runtime}`, '--setenv=HOME=/home/tester', '/lib/systemd/systemd', '--user']);
  if (code !== 0) throw new Error(`the user's systemd did not start: ${err}`);
}

/** True when the whole tree is gone. */
function removeCgroups(folder: string): boolean {
  if (!existsSync(folder)) return true;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeCgroups(join(folder, entry.name));
  try {
    rmdirSync(folder);
  } catch {
    return false;
  }
  return true;
}
