// The gateway as users run it: compiled, in a process of its own. For tests that start many: it is there in a tenth of a
// second, and takes its settings, working folder and token file from the test alone.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until, within } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let compiled: Promise<string> | undefined;

/** The folder of the compiled sources; compiled once a test file, into a folder that goes with the test's process. */
export function compiledFolder(): Promise<string> {
  compiled ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aegis-dist-'));
    // A hook of node:test would belong to the test that asks first.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    // For a process of another user, too.
    await chmod(folder, 0o755);
    // As in the package: what is compiled, and beside it what services are made of.
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await mkdir(join(folder, 'scripts'));
    await symlink(join(root, 'scripts', 'service'), join(folder, 'scripts', 'service'));
    const dist = join(folder, 'dist');
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    await promisify(execFile)(process.execPath, [compiler, '-p', join(root, 'tsconfig.json'), '--outDir', dist, '--sourceMap', 'false'], { timeout: 60_000 });
    return dist;
  })();
  return compiled;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GatewayProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Waits for the address that the start line names. */
  url(): Promise<string>;
  /** Waits for the process to end. */
  ended(): Promise<Ending>;
  /** POSTs JSON to an admin call; rejects when the process goes away before it has answered. */
  admin(call: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
}

/** How a process is started, beyond its settings. */
export interface Start {
  readonly cwd?: string;
  /** Commands of a shell that go before, such as `ulimit -n 200`. POSIX only. */
  readonly before?: string;
  /** An open file to write its log to; then `stderr()` is empty. */
  readonly stderr?: number;
  readonly nodeArguments?: readonly string[];
  /** Another user, whom the folders of the test must let in. Root only. */
  readonly uid?: number;
}

/** Starts a gateway with nothing but these settings in its environment; killed when the test ends. */
export async function startProcess(t: TestContext, env: Record<string, string>, start: string | Start = {}): Promise<GatewayProcess> {
  const { cwd, before, stderr: log, nodeArguments = [], uid }: Start = typeof start === 'string' ? { cwd: start } : start;
  const command = [process.execPath, ...nodeArguments, join(await compiledFolder(), 'server.js')] as const;
  const [program, ...programArguments] = before === undefined ? command : (['/bin/sh', '-c', `${before}; exec "$@"`, 'sh', ...command] as const);
  const child = spawn(program, programArguments, {
    env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', log ?? 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  t.after(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = new Promise<Ending>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  let address: string | undefined;
  const url = async (): Promise<string> => {
    if (address === undefined) {
      await until('the gateway\'s start line', () => stdout.includes('\n') || child.exitCode !== null);
      address = /listens on (http:\/\/\S+)/.exec(stdout)?.[1];
      if (address === undefined) throw new Error(`the gateway did not start: ${stderr}`);
    }
    return address;
  };
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    url,
    ended: () => within('the gateway\'s process to end', closed),
    async admin(call, body) {
      const response = await fetch(`${await url()}/__gw__/${call}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}
