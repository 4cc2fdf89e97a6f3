// A gateway of several workers, and connections to it of which each belongs to one worker.
import assert from 'node:assert/strict';
import { Agent, request, type IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startProcess, type GatewayProcess } from './compiled-process.ts';
import { parsePrometheus } from './prometheus.ts';
import { until, within } from './until.ts';
import { bodyOf } from './upstream.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
  /** What its worker's request ids begin with. */
  readonly worker: string;
}

/** One kept connection: whatever is asked over it is answered by the same worker. */
export interface Line {
  /** A body makes it a POST of JSON. */
  ask(path: string, body?: unknown): Promise<Answer>;
  close(): void;
}

export interface WorkerFleet extends GatewayProcess {
  readonly folder: string;
  readonly tokensPath: string;
  readonly base: string;
  readonly port: number;
  /** Process ids of workers that have listened and still live. */
  pids(): number[];
  register(upstreamBase: string): Promise<string>;
  /** One request over a connection of its own. */
  ask(path: string, body?: unknown): Promise<Answer>;
  line(): Line;
  /** A connection to each of `count` workers. */
  lines(count: number): Promise<Line[]>;
}

export const SKIP_SIGNALS = process.platform === 'win32' ? 'Windows has no such signals' : false;
const CONNECTIONS_TRIED = 50;

/** Starts a gateway; its files are in a folder of its own, and all is gone when the test ends. */
export async function startFleet(t: TestContext, workers: number, env: Record<string, string> = {}): Promise<WorkerFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-workers-'));
  const tokensPath = join(folder, 'gw_tokens.json');
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: tokensPath, AEGIS_WORKERS: String(workers), AEGIS_AUDIT_LOG_PATH: '', ...env }, folder);
  t.after(async () => {
    // Killed by now, which ends the workers: what they write is written before the folder goes.
    await gateway.ended().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  const base = await gateway.url();
  const port = Number(new URL(base).port);

  function line(): Line {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    return { ask: (path, body) => ask(port, agent, path, body), close: () => agent.destroy() };
  }

  const pids = (): number[] => [...gateway.stderr().matchAll(/"worker listens","worker":(\d+)/g)].map(([, pid]) => Number(pid)).filter(lives);
  // The log follows the start line by a moment.
  await until('the log to name the workers', () => pids().length === workers);

  return {
    ...gateway,
    folder,
    tokensPath,
    base,
    port,
    pids,
    async register(upstreamBase) {
      const { status, text } = await ask(port, false, '/__gw__/register', { upstream_base: upstreamBase, gateway_key: 'agent' });
      if (status !== 200) throw new Error(`register answered ${status}: ${text}`);
      return (JSON.parse(text) as { token: string }).token;
    },
    ask: (path, body) => ask(port, false, path, body),
    line,
    async lines(count) {
      const found = new Map<string, Line>();
      for (let tried = 0; found.size < count; tried++) {
        if (tried === CONNECTIONS_TRIED) throw new Error(`${tried} connections reached ${found.size} workers`);
        const one = line();
        const { worker } = await one.ask('/health');
        if (found.has(worker)) one.close();
        else found.set(worker, one);
      }
      return [...found.values()];
    },
  };
}

/** A metric as the worker of a line prints it: the sum of its samples. @throws AssertionError when it is not printed. */
export async function figure(asked: Pick<Line, 'ask'>, name: string): Promise<number> {
  const { status, text } = await asked.ask('/metrics');
  assert.equal(status, 200, text);
  const samples = parsePrometheus(text).get(name)?.samples;
  assert.ok(samples !== undefined, `${name} is printed`);
  return [...samples.values()].reduce((sum, value) => sum + value, 0);
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function ask(port: number, agent: Agent | false, path: string, body: unknown): Promise<Answer> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request({ port, host: '127.0.0.1', agent, path, method: body === undefined ? 'GET' : 'POST', headers }, resolve);
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
  const answer = await within(`an answer to ${path}`, answered);
  const text = (await bodyOf(answer)).toString('utf8');
  return { status: answer.statusCode ?? 0, text, headers: answer.headers, worker: workerOf(answer.headers['x-aegis-request-id']) };
}

/** A request id is a worker's own name of 20 digits and a count. */
export function workerOf(requestId: string | string[] | undefined): string {
  return String(requestId).slice(0, 'req_'.length + 20);
}
