// A home folder of its own with a token file, for connect, disconnect and run as users call them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { dispatch } from '../../src/cli/dispatch.ts';
import { COMMANDS } from '../../src/cli/index.ts';
import { memoryIo } from './command-io.ts';
import { folderOf, runCli, type CliRun } from './cli-process.ts';

/** Invented tokens, one for each vendor. */
export const TOKENS = { anthropic: 'AnthropicAnthropicAnthro', openai: 'OpenaiOpenaiOpenaiOpenai', gemini: 'GeminiGeminiGeminiGemini' } as const;

export const UPSTREAMS = {
  [TOKENS.anthropic]: { upstream_base: 'https://api.anthropic.com/v1' },
  [TOKENS.openai]: { upstream_base: 'https://api.openai.com/v1' },
  [TOKENS.gemini]: { upstream_base: 'https://generativelanguage.googleapis.com/v1beta' },
};

export interface ConnectHome {
  readonly home: string;
  readonly env: Record<string, string>;
  /** The base URL of a token. */
  base(token: string): string;
  /** In a process of its own. */
  run(...args: string[]): Promise<CliRun>;
  /** Within the test's process, which is there at once. */
  call(...args: string[]): Promise<Omit<CliRun, 'signal'>>;
  /** A path below the home folder, with its folders made. */
  path(...parts: string[]): string;
}

/** A port that nobody listens on, as far as that can be known. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function connectHome(t: TestContext, { env = {}, tokens = UPSTREAMS }: { env?: Record<string, string>; tokens?: object } = {}): Promise<ConnectHome> {
  const home = folderOf(t);
  const port = await freePort();
  const tokensPath = join(home, 'gw_tokens.json');
  writeFileSync(tokensPath, JSON.stringify({ tokens }), { mode: 0o600 });
  const all = { HOME: home, AEGIS_PORT: String(port), AEGIS_GW_TOKENS_PATH: tokensPath, ...env };
  return {
    home,
    env: all,
    base: (token) => `http://127.0.0.1:${port}/v1/__gw__/t/${token}`,
    run: (...args) => runCli(t, args, { cwd: home, env: all }),
    async call(...args) {
      const io = memoryIo({ env: all, home, cwd: home, platform: process.platform });
      const code = await dispatch(args, io, COMMANDS);
      return { code, out: io.out(), err: io.err() };
    },
    path(...parts) {
      mkdirSync(join(home, ...parts.slice(0, -1)), { recursive: true });
      return join(home, ...parts);
    },
  };
}
