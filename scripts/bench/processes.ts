/** Starts the benchmark's processes and sees to it that none is left, whichever way the runner ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { GuardMessage, PortMessage } from './child-protocol.ts';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));
const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 2000;
const MAX_OUTPUT_CHARS = 4000;

const children = new Set<ChildProcess>();
/** Kills the others when the runner itself is killed. */
let guardian: ChildProcess | undefined;
/** The compiled programs, and the folders of the proxies. */
export const FOLDER: string = mkdtempSync(join(tmpdir(), 'aegis-bench-'));

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(FOLDER, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

/**
 * Compiles this folder, so that measured processes run as plain JavaScript: a loader in them would show in their
 * memory and start-up time.
 */
export async function compilePrograms(): Promise<void> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const project = join(ROOT, 'scripts/bench/tsconfig.json');
  const child = launch(process.execPath, [tsc, '-p', project, '--outDir', FOLDER, '--noCheck']);
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the benchmark's programs could not be compiled:\n${outputs.get(child) ?? ''}`);
  writeFileSync(join(FOLDER, 'package.json'), '{"type":"module"}');
}

/** Path of a compiled program. */
export function program(name: string): string {
  return join(FOLDER, `${name}.js`);
}

const outputs = new WeakMap<ChildProcess, string>();

export interface LaunchOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly ipc?: boolean;
}

/** Starts a process that is killed with the runner. Its output is kept for error messages. */
export function launch(command: string, args: readonly string[], { cwd, env, ipc = false }: LaunchOptions = {}): ChildProcess {
  const child = spawn(command, args, {
    cwd: cwd ?? FOLDER,
    env: env ?? process.env,
    stdio: ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const keep = (data: Buffer): void => {
    outputs.set(child, ((outputs.get(child) ?? '') + data.toString()).slice(-MAX_OUTPUT_CHARS));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  child.on('close', () => {
    children.delete(child);
    if (child.pid !== undefined) tellGuardian({ unguard: child.pid });
  });
  if (child.pid !== undefined) tellGuardian({ guard: child.pid });
  return child;
}

export function makeGuardian(child: ChildProcess): void {
  guardian = child;
}

function tellGuardian(message: GuardMessage): void {
  if (guardian?.connected) guardian.send(message);
}

/** Waits for what `look` finds in a process; rejects with its output when it ends or takes too long. */
export function awaitOf<T>(child: ChildProcess, what: string, listen: (found: (value: T) => void) => () => void, deadlineMs = START_DEADLINE_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      child.off('close', ended);
      unlisten();
      then();
    };
    const fail = (why: string): void => settle(() => reject(new Error(`${what}: ${why}. Output:\n${outputs.get(child) ?? ''}`)));
    const ended = (): void => fail('the process ended');
    const timer = setTimeout(() => fail(`nothing within ${deadlineMs} ms`), deadlineMs);
    child.on('close', ended);
    const unlisten = listen((value) => settle(() => resolve(value)));
  });
}

/** The port in the line `http://127.0.0.1:<port>` that a process prints. */
export function printedPort(child: ChildProcess, what: string): Promise<number> {
  return awaitOf(child, what, (found) => {
    const look = (): void => {
      const match = /http:\/\/127\.0\.0\.1:(\d+)/.exec(outputs.get(child) ?? '');
      if (match) found(Number(match[1]));
    };
    child.stdout?.on('data', look);
    return () => child.stdout?.off('data', look);
  });
}

/** The port that a program of the benchmark's own tells over IPC. */
export function toldPort(child: ChildProcess, what: string): Promise<number> {
  return awaitOf(child, what, (found) => {
    const listener = (message: PortMessage): void => found(message.port);
    child.on('message', listener);
    return () => child.off('message', listener);
  });
}

/** Waits until something accepts connections on the port. */
export async function listening(port: number, what: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ port, host: '127.0.0.1' }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${what} does not listen. Output:\n${outputs.get(child) ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A port that was free a moment ago, for programs that can't choose one and tell it. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address !== 'string' ? address.port : 0));
    });
  });
}

/** SIGTERM, then SIGKILL. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (!children.has(child)) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await closed;
  clearTimeout(timer);
}
