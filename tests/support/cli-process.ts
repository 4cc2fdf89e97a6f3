// `aegisgate` as users run it: compiled, in a process of its own, with nothing in its environment but what the test says.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { compiledFolder } from './compiled-process.ts';
import { within } from './until.ts';

export interface CliRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface CliStart {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly input?: string;
}

/** A folder that goes with the test. */
export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return folder;
}

/** Starts a command and leaves it to the test; killed when the test ends. */
export async function startCli(t: TestContext, args: readonly string[], { env = {}, cwd }: CliStart = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(await compiledFolder(), 'cli.js'), ...args], {
    env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), HOME: cwd ?? tmpdir(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Runs a command to its end. */
export async function runCli(t: TestContext, args: readonly string[], start: CliStart = {}): Promise<CliRun> {
  const child = await startCli(t, args, start);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const closed = new Promise<CliRun>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })));
  child.stdin?.on('error', () => {});
  child.stdin?.end(start.input ?? '');
  return within(`aegisgate ${args.join(' ')} to end`, closed, 30_000);
}
