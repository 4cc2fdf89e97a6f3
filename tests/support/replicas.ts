// Two gateways on one token file and one placeholder key behind a balancer, set up as docs/scaling.md says.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, startBalancer, type BalancerName } from './balancer.ts';
import { startProcess, type GatewayProcess } from './compiled-process.ts';
import { within } from './until.ts';
import { bodyOf, startUpstream } from './upstream.ts';
import { workerOf } from './worker-fleet.ts';

export const GATEWAYS = 2;

export interface BalancedAnswer {
  readonly status: number;
  readonly text: string;
  /** Which gateway has answered; the name of a start of one, so that it changes with a restart. */
  readonly gateway: string;
}

export interface OpenStream {
  readonly answer: IncomingMessage;
  readonly gateway: string;
  /** What has come so far. */
  text(): string;
  /** `complete`, `broken`, or undefined while it is open. */
  ending(): 'complete' | 'broken' | undefined;
}

export interface Replicas {
  readonly port: number;
  readonly gateways: GatewayProcess[];
  /** The token route of an upstream whose answers are in `upstreamAnswers`. */
  readonly path: string;
  /** What arrived upstream, in order: targets, headers and bodies. */
  readonly arrived: { readonly target: string; readonly rawHeaders: readonly string[]; readonly body: string }[];
  /** Open answers of requests to `/stream`, in order. */
  readonly streams: ServerResponse[];
  /** The next whole answers of the upstream. */
  answerWith(body: string): void;
  ask(path: string, body?: unknown, headers?: Record<string, string>): Promise<BalancedAnswer>;
  openStream(body?: unknown): Promise<OpenStream>;
  /** Starts the gateway of a place anew, on its old port. */
  restart(place: number): Promise<void>;
}

export async function startReplicas(t: TestContext, balancer: BalancerName): Promise<Replicas> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-replicas-'));
  const ports = [await freePort(), await freePort()];
  const gateways: GatewayProcess[] = [];
  const arrived: Replicas['arrived'] = [];
  const streams: ServerResponse[] = [];
  let whole = '{}';
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then((body) => {
      arrived.push({ target: req.url ?? '', rawHeaders: req.rawHeaders, body: body.toString('utf8') });
      if ((req.url ?? '').includes('/stream')) {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        res.write('data: {"n":1}\n\n');
        streams.push(res);
        return;
      }
      res.setHeader('Content-Type', 'application/json');
      res.end(whole);
    });
  });

  async function start(place: number): Promise<void> {
    const own = join(folder, String(place));
    mkdirSync(own, { recursive: true });
    const gateway = await startProcess(t, {
      AEGIS_PORT: String(ports[place]),
      AEGIS_GW_TOKENS_PATH: join(folder, 'gw_tokens.json'),
      AEGIS_PLACEHOLDER_KEY: join(folder, 'placeholder.key'),
      AEGIS_AUDIT_LOG_PATH: join(own, 'audit.jsonl'),
      AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1',
      AEGIS_PUBLIC_URL: 'https://gw.example.com',
    }, own);
    await gateway.url();
    gateways[place] = gateway;
  }
  await Promise.all(ports.map((_, place) => start(place)));
  t.after(async () => {
    await Promise.all(gateways.map((gateway) => gateway.ended().catch(() => undefined)));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  const port = await startBalancer(t, balancer, ports);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());

  function send(path: string, body: unknown, headers: Record<string, string>): Promise<IncomingMessage> {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        { port, host: '127.0.0.1', agent, path, method: body === undefined ? 'GET' : 'POST', headers: { host: 'gw.example.com', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } },
        resolve,
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
    return within(`an answer to ${path} through ${balancer}`, answered);
  }

  async function ask(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<BalancedAnswer> {
    const answer = await send(path, body, headers);
    const text = (await within('the whole answer', bodyOf(answer))).toString('utf8');
    return { status: answer.statusCode ?? 0, text, gateway: workerOf(answer.headers['x-aegis-request-id']) };
  }

  const registered = await ask('/__gw__/register', { upstream_base: `${upstream.url}/v1`, gateway_key: 'agent' });
  if (registered.status !== 200) throw new Error(`register answered ${registered.status}: ${registered.text}`);
  const { token, baseUrl } = JSON.parse(registered.text) as { token: string; baseUrl: string };
  const path = `/v1/__gw__/t/${token}`;
  if (baseUrl !== `https://gw.example.com${path}`) throw new Error(`register gave ${baseUrl}`);

  return {
    port, gateways, path, arrived, streams, ask,
    answerWith(body) {
      whole = body;
    },
    async openStream(body = {}) {
      const answer = await send(`${path}/stream`, body, {});
      let text = '';
      let ending: 'complete' | 'broken' | undefined;
      answer.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      answer.on('end', () => (ending ??= 'complete'));
      answer.on('error', () => (ending ??= 'broken'));
      answer.on('close', () => (ending ??= 'broken'));
      return { answer, gateway: workerOf(answer.headers['x-aegis-request-id']), text: () => text, ending: () => ending };
    },
    restart: start,
  };
}
