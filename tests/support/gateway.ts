// A real gateway inside the test's process, on a free port, with its token file in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { createGateway, type Gateway, type GatewayParts } from '../../src/gateway.ts';
import { createLog } from '../../src/observe/log.ts';

export interface TestGateway {
  readonly gateway: Gateway;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly tokensPath: string;
  /** Everything the gateway has logged so far. */
  log(): string;
  /** POSTs JSON to an admin call. */
  admin(call: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Registers an upstream and returns its token. */
  register(upstreamBase: string, settings?: Record<string, unknown>): Promise<string>;
}

export interface TestGatewayOptions extends Partial<Pick<GatewayParts, 'filterSources' | 'resolve' | 'consolePingMs'>> {
  /** AEGIS_* settings beyond the test's own. */
  readonly env?: Record<string, string>;
}

/** Starts a gateway that is cut and cleaned away when the test ends. */
export async function startGateway(t: TestContext, { env = {}, ...parts }: TestGatewayOptions = {}): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'aegis-test-'));
  const config = readConfig({ AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(folder, 'gw_tokens.json'), AEGIS_AUDIT_LOG_PATH: join(folder, 'audit.jsonl'), ...env });
  let logged = '';
  const keep = (text: string): void => {
    logged += text;
  };
  const log = createLog({
    level: 'debug',
    format: 'json',
    sink: {
      write(text, done) {
        keep(text);
        done();
      },
      writeNow: keep,
    },
  });
  const gateway = await createGateway(config, { log, ...parts });
  t.after(async () => {
    gateway.cut();
    // The audit log may still be written to.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  const url = await gateway.listen();

  async function admin(call: string, body: unknown, headers: Record<string, string> = {}): ReturnType<TestGateway['admin']> {
    const response = await fetch(`${url}/__gw__/${call}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  return {
    gateway,
    url,
    port: Number(new URL(url).port),
    folder,
    tokensPath: config.tokensPath,
    log() {
      log.flush();
      return logged;
    },
    admin,
    async register(upstreamBase, settings = {}) {
      const { status, body } = await admin('register', { upstream_base: upstreamBase, gateway_key: config.gatewayKey, ...settings });
      if (status !== 200) throw new Error(`register answered ${status}: ${JSON.stringify(body)}`);
      return String(body['token']);
    },
  };
}
