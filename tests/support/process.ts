// The gateway as users run it: a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { metric } from './metrics.ts';
import { until } from './until.ts';

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url));

export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly tokensPath: string;
  stdout(): string;
  stderr(): string;
  register(upstreamBase: string): Promise<string>;
  residentBytes(): Promise<number>;
  /** The exit code, or the signal's name, once it has ended. */
  exited(): Promise<number | string>;
}

export interface RunOutcome {
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

function spawnServer(t: TestContext, env: Env): { child: ChildProcess; out: { stdout: string; stderr: string }; exited: Promise<number | string> } {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:AEGIS_|https?_proxy|no_proxy|all_proxy|NODE_TEST)/i.test(name)));
  const child = spawn(process.execPath, ['--import', 'tsx', SERVER], { env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (out.stderr += String(chunk)));
  const exited = new Promise<number | string>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? '')));
  t.after(() => child.kill('SIGKILL'));
  return { child, out, exited };
}

/** Runs the gateway with settings that keep it from starting, and waits for its end. */
export async function runToExit(t: TestContext, env: Env): Promise<RunOutcome> {
  const { out, exited } = spawnServer(t, env);
  const exit = await exited;
  return { exit, ...out };
}

/** Starts the gateway on a free port and waits for its line. Killed when the test ends. */
export async function startProcess(t: TestContext, env: Env = {}): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'aegis-process-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const tokensPath = env['AEGIS_GW_TOKENS_PATH'] ?? join(folder, 'gw_tokens.json');
  const { child, out, exited } = spawnServer(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: tokensPath, AEGIS_AUDIT_LOG_PATH: '', ...env });
  await until('the gateway process to listen', () => out.stdout.includes('\n') || child.exitCode !== null, 20_000);
  const url = /http:\/\/\S+/.exec(out.stdout)?.[0];
  if (url === undefined) throw new Error(`the gateway did not start: ${out.stderr}`);
  return {
    child,
    url,
    port: Number(new URL(url).port),
    folder,
    tokensPath,
    stdout: () => out.stdout,
    stderr: () => out.stderr,
    async register(upstreamBase) {
      const response = await fetch(`${url}/__gw__/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ upstream_base: upstreamBase, gateway_key: 'agent' }),
      });
      const body = (await response.json()) as Record<string, unknown>;
      if (response.status !== 200) throw new Error(`register answered ${response.status}: ${JSON.stringify(body)}`);
      return String(body['token']);
    },
    residentBytes: () => metric({ url }, 'process_resident_memory_bytes'),
    exited: () => exited,
  };
}
