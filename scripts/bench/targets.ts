/** What is measured: every target is started as a process of its own in front of the mock upstream. */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createMeter, HAS_PROC, type ProcessMeter } from './process-meter.ts';
import { FOLDER, freePort, launch, listening, printedPort, program, ROOT, stopProcess } from './processes.ts';
import { haproxyConfig, nginxConfig } from './proxy-configs.ts';

export const TARGET_NAMES = ['direct', 'bare', 'passthrough', 'redact', 'full', 'nginx', 'haproxy', 'http-proxy-3'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export interface RunningTarget {
  readonly name: TargetName;
  readonly port: number;
  /** The prefix under which the upstream's `/v1` is reached. */
  readonly basePath: string;
  /**
   * The same for what carries secrets, or comes after them: a gateway remembers values by the token, and looks for them in
   * all that the token sends and gets from then on.
   */
  readonly secretsPath: string;
  /** Undefined for `direct`, which has no process. */
  readonly meter: ProcessMeter | undefined;
  readonly pid: number | undefined;
  /** From the start of the process until it listens. */
  readonly startupMs: number;
  stop(): Promise<void>;
}

const GATEWAY = join(ROOT, 'dist/server.js');
const REGISTER_DEADLINE_MS = 5000;
const UPSTREAM_PREFIX = '/v1';
const PLAIN_PATHS = { basePath: UPSTREAM_PREFIX, secretsPath: UPSTREAM_PREFIX } as const;
/** The mock answers by the query alone, and two bases have two tokens. */
const SECRETS_PREFIX = '/v1/secrets';

/** Why a target can't be measured here; undefined when it can. */
export function missing(name: TargetName): string | undefined {
  switch (name) {
    case 'direct':
    case 'bare':
      return undefined;
    case 'nginx':
    case 'haproxy':
      // Without /proc nobody could tell their CPU time.
      return onPath(name) && HAS_PROC ? undefined : 'not installed';
    case 'http-proxy-3':
      return packageEntry() ? undefined : 'not installed';
    default:
      return existsSync(GATEWAY) ? undefined : 'not built';
  }
}

/** Starts a target. Throws when it does not come up. */
export async function startTarget(name: TargetName, upstreamPort: number): Promise<RunningTarget> {
  switch (name) {
    case 'direct':
      return { name, port: upstreamPort, ...PLAIN_PATHS, meter: undefined, pid: undefined, startupMs: 0, stop: () => Promise.resolve() };
    case 'bare':
      return startNode(name, [program('bare-proxy'), String(upstreamPort)]);
    case 'http-proxy-3':
      return startNode(name, [program('package-proxy'), String(upstreamPort), packageEntry() ?? '']);
    case 'nginx': {
      const folder = ownFolder();
      mkdirSync(join(folder, 'logs'));
      const port = await freePort();
      const config = join(folder, 'nginx.conf');
      writeFileSync(config, nginxConfig(port, upstreamPort));
      return startOther(name, port, ['-p', folder, '-c', config]);
    }
    case 'haproxy': {
      const port = await freePort();
      const config = join(ownFolder(), 'haproxy.cfg');
      writeFileSync(config, haproxyConfig(port, upstreamPort));
      return startOther(name, port, ['-db', '-f', config]);
    }
    default:
      return startGateway(name, upstreamPort);
  }
}

function ownFolder(): string {
  return mkdtempSync(join(FOLDER, 'target-'));
}

async function startNode(name: TargetName, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<RunningTarget> {
  const began = performance.now();
  const probe = HAS_PROC ? [] : ['--import', new URL(`file://${program('probe')}`).href];
  const child = launch(process.execPath, [...nodeOptions(name), ...probe, ...args], { cwd: ownFolder(), ipc: !HAS_PROC, ...(env ? { env } : {}) });
  const port = await printedPort(child, name);
  return {
    name, port, ...PLAIN_PATHS, meter: createMeter(child), pid: child.pid,
    startupMs: performance.now() - began, stop: () => stopProcess(child),
  };
}

/** `BENCH_NODE_OPTIONS='passthrough=--cpu-prof --cpu-prof-dir=/somewhere'` gives one Node target further options. */
function nodeOptions(name: TargetName): string[] {
  const setting = process.env['BENCH_NODE_OPTIONS'] ?? '';
  return setting.startsWith(`${name}=`) ? setting.slice(name.length + 1).split(' ') : [];
}

async function startOther(name: TargetName, port: number, args: readonly string[]): Promise<RunningTarget> {
  const began = performance.now();
  const child = launch(onPath(name) ?? name, args);
  await listening(port, name, child);
  return {
    name, port, ...PLAIN_PATHS, meter: createMeter(child), pid: child.pid,
    startupMs: performance.now() - began, stop: () => stopProcess(child),
  };
}

/** The gateway in one mode. Each mode has a process of its own, so that memory and warm code aren't shared. */
async function startGateway(name: TargetName, upstreamPort: number): Promise<RunningTarget> {
  // Settings and proxies of the shell must not change what is measured, nor lead away from loopback.
  const inherited = Object.entries(process.env).filter(([key]) => !/^AEGIS_|^(?:HTTPS?|ALL|NO)_PROXY$/i.test(key));
  const target = await startNode(name, [GATEWAY], {
    ...Object.fromEntries(inherited),
    AEGIS_PORT: '0',
    AEGIS_GW_TOKENS_PATH: join(ownFolder(), 'gw_tokens.json'),
    AEGIS_AUDIT_LOG_PATH: '',
    AEGIS_LOG_LEVEL: 'error',
    AEGIS_SHUTDOWN_GRACE_MS: '500',
  });
  const suffix = name === 'full' ? '' : `__${name}`;
  const pathOf = async (prefix: string): Promise<string> => (await register(target, `http://127.0.0.1:${upstreamPort}${prefix}`)) + suffix;
  return { ...target, basePath: await pathOf(UPSTREAM_PREFIX), secretsPath: await pathOf(SECRETS_PREFIX) };
}

/** The path of the base URL that an upstream is given. */
async function register({ name, port }: RunningTarget, upstream: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/__gw__/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ upstream_base: upstream, gateway_key: 'agent' }),
    signal: AbortSignal.timeout(REGISTER_DEADLINE_MS),
  });
  const answer: unknown = await response.json();
  if (!response.ok || typeof answer !== 'object' || answer === null || !('baseUrl' in answer)) {
    throw new Error(`${name}: register was answered ${response.status}`);
  }
  return new URL(String(answer.baseUrl)).pathname;
}

function onPath(command: string): string | undefined {
  // Where distributions put servers, which need not be on a user's path.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/** Found in this project or, by NODE_PATH, anywhere. */
function packageEntry(): string | undefined {
  try {
    return createRequire(join(ROOT, 'package.json')).resolve('http-proxy-3');
  } catch {
    return undefined;
  }
}
