/**
 * The built gateway as a process of its own, as a user runs it: nothing of it is imported, it is started, spoken to over
 * its port and stopped. Its files lie in a temporary folder that goes with it.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));
const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 5000;
const CALL_DEADLINE_MS = 5000;
const GATEWAY_KEY = 'agent';
/** How much of the process's output is kept for an error message. */
const MAX_OUTPUT_CHARS = 20_000;

export interface Registration {
  token: string;
  baseUrl: string;
}

export interface BuiltGateway {
  /** `http://127.0.0.1:<port>`, read from the line that the gateway prints. */
  readonly url: string;
  readonly pid: number;
  /** What it wrote to both its outputs so far. */
  output(): string;
  /** Asks for a token; throws when the gateway does not answer 200. */
  register(upstreamBase: string): Promise<Registration>;
  /** SIGTERM, then SIGKILL after five seconds; removes the temporary folder. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts `dist/server.js` on a free port with an empty token file.
 *
 * @param env further settings, e.g. `{ AEGIS_SECURITY_LEVEL: 'high' }`.
 * @throws when it exits, or prints no address within ten seconds; the message holds its output.
 */
export async function startBuiltGateway(env: Record<string, string> = {}): Promise<BuiltGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'aegisgate-'));
  const child = spawn(process.execPath, [SERVER], {
    cwd: folder,
    env: {
      ...environmentWithoutSettings(),
      AEGIS_PORT: '0',
      AEGIS_GW_TOKENS_PATH: join(folder, 'gw_tokens.json'),
      AEGIS_AUDIT_LOG_PATH: '',
      AEGIS_SHUTDOWN_GRACE_MS: '1000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also when the process that started it ends without calling stop, by an error or by Ctrl-C.
  const clean = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', clean);

  const stop = async (): Promise<void> => {
    await terminate(child);
    process.off('exit', clean);
    rmSync(folder, { recursive: true, force: true });
  };

  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  try {
    const url = await addressOf(child, () => output);
    return {
      url,
      // The process has printed a line, so it has a number.
      pid: child.pid ?? 0,
      output: () => output,
      register: (upstreamBase) => register(url, upstreamBase),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The environment without settings of the gateway's and without proxies, which would lead away from loopback. */
function environmentWithoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AEGIS_|^(?:HTTPS?|ALL|NO)_PROXY$/i.test(name)));
}

function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(output());
      if (match) settle(() => resolve(match[0]));
    };
    const fail = (what: string): void => settle(() => reject(new Error(`${what}. Its output:\n${output()}`)));
    const exited = (code: number | null, signal: string | null): void => fail(`the gateway ended at its start (${signal ?? code})`);
    const broken = (error: Error): void => fail(`the gateway could not be started: ${error.message}`);
    const timer = setTimeout(() => fail(`the gateway printed no address within ${START_DEADLINE_MS} ms`), START_DEADLINE_MS);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      child.stdout?.off('data', look);
      child.off('exit', exited);
      child.off('error', broken);
      then();
    };
    child.stdout?.on('data', look);
    child.on('exit', exited);
    child.on('error', broken);
  });
}

async function register(url: string, upstreamBase: string): Promise<Registration> {
  const response = await fetch(`${url}/__gw__/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ upstream_base: upstreamBase, gateway_key: GATEWAY_KEY }),
    signal: AbortSignal.timeout(CALL_DEADLINE_MS),
  });
  const text = await response.text();
  const value: unknown = response.ok ? JSON.parse(text) : null;
  if (isRegistration(value)) return { token: value.token, baseUrl: value.baseUrl };
  throw new Error(`register was answered ${response.status}: ${text}`);
}

function isRegistration(value: unknown): value is Registration {
  return (
    typeof value === 'object' && value !== null &&
    'token' in value && typeof value.token === 'string' &&
    'baseUrl' in value && typeof value.baseUrl === 'string'
  );
}

async function terminate(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(timer);
}
