// What snippets are executed against: a mock of all providers, a gateway that reaches it by any name, a home folder, and
// stand-ins for the clients that send one request to where they were told.
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compiledFolder, startProcess } from './compiled-process.ts';
import { folderOf } from './cli-process.ts';
import { TOKENS } from './connect-home.ts';
import { within } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface SnippetBench {
  readonly home: string;
  readonly gateway: string;
  readonly base: string;
  /** What the mock was asked for since the last call. */
  asked(): readonly string[];
  /** Runs a program with the bench's environment. */
  run(program: string, args: readonly string[], env?: Record<string, string>): Promise<Ran>;
  sh(script: string): Promise<Ran>;
}

/** Looks for its base URL where the client of that name does, and asks for what it asks for. */
const STAND_IN = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const { request } = require('node:http');
const { basename, join } = require('node:path');
const name = basename(process.argv[1]);
const args = process.argv.slice(2);
const env = process.env;
const file = (...parts) => { try { return readFileSync(join(env.HOME, ...parts), 'utf8'); } catch { return ''; } };
const json = (text) => { try { return JSON.parse(text); } catch { return {}; } };
const override = (key) => args.find((arg) => arg.startsWith(key + '='))?.slice(key.length + 1);
const asks = {
  claude: () => [env.ANTHROPIC_BASE_URL ?? json(file('.claude', 'settings.json')).env?.ANTHROPIC_BASE_URL, '/v1/messages?beta=true'],
  codex: () => [override('model_providers.aegisgate.base_url') ?? /base_url = "(.*)"/.exec(file('.codex', 'config.toml'))?.[1], '/responses'],
  opencode: () => [json(env.OPENCODE_CONFIG_CONTENT ?? file('.config', 'opencode', 'opencode.json')).provider?.anthropic?.options?.baseURL, '/messages'],
  gemini: () => [env.GOOGLE_GEMINI_BASE_URL, '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
  qwen: () => [env.OPENAI_BASE_URL, '/chat/completions'],
  'app.js': () => env.ANTHROPIC_BASE_URL ? [env.ANTHROPIC_BASE_URL, '/v1/messages'] : [env.OPENAI_BASE_URL, '/chat/completions'],
};
const [base, path] = asks[name]();
if (base === undefined) { console.error(name + ' was told no base URL'); process.exit(3); }
const body = '{"model":"m","messages":[]}';
const call = request(base + path, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': body.length } }, (response) => {
  response.resume();
  response.on('end', () => process.exit(response.statusCode === 200 ? 0 : 4));
});
call.on('error', () => process.exit(5));
call.end(body);
`;

export async function openSnippetBench(t: TestContext): Promise<SnippetBench> {
  const asked: string[] = [];
  // It is the gateway's proxy as well: whatever the name of the provider, it is asked.
  const mock = createServer((req, res) => {
    asked.push(`${req.method} ${(req.url ?? '').replace(/^https?:\/\/[^/]+/, '')}`);
    req.resume();
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end('{"id":"x","type":"message","role":"assistant","model":"m","content":[],"choices":[],"output":[],"usage":{"input_tokens":0,"output_tokens":0}}');
  });
  await new Promise<void>((resolve) => mock.listen(0, '127.0.0.1', resolve));
  t.after(() => mock.close());
  const mockUrl = `http://127.0.0.1:${(mock.address() as AddressInfo).port}`;

  const home = folderOf(t);
  const tokensPath = join(home, 'gw_tokens.json');
  const upstreams = { [TOKENS.anthropic]: 'http://api.anthropic.com/v1', [TOKENS.openai]: 'http://api.openai.com/v1', [TOKENS.gemini]: 'http://generativelanguage.googleapis.com/v1beta' };
  writeFileSync(tokensPath, JSON.stringify({ tokens: Object.fromEntries(Object.entries(upstreams).map(([token, upstream_base]) => [token, { upstream_base }])) }), { mode: 0o600 });
  const process_ = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: tokensPath, AEGIS_UPSTREAM_PROXY: mockUrl });
  const gateway = await process_.url();

  const bin = join(home, 'bin');
  mkdirSync(bin);
  const program = (path: string, text: string): void => {
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  };
  for (const name of ['claude', 'codex', 'opencode', 'gemini', 'qwen']) program(join(bin, name), STAND_IN);
  // Laid out as it is installed, for commands that look for what comes with them.
  const installed = join(home, 'package');
  cpSync(await compiledFolder(), join(installed, 'dist'), { recursive: true });
  for (const part of ['package.json', 'scripts/service']) if (existsSync(join(root, part))) cpSync(join(root, part), join(installed, part), { recursive: true });
  program(join(bin, 'aegisgate'), `#!/bin/sh\nexec '${process.execPath}' '${join(installed, 'dist', 'cli.js')}' "$@"\n`);
  program(join(bin, 'node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  program(join(home, 'app.js'), STAND_IN);

  const environment = { HOME: home, PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, AEGIS_PORT: new URL(gateway).port, AEGIS_GW_TOKENS_PATH: tokensPath, AEGIS_AUDIT_LOG_PATH: '' };
  function run(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const child = spawn(file, args, { cwd: home, env: { ...environment, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const ended = new Promise<Ran>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, out, err }));
    });
    return within(`${file} ${args.join(' ').slice(0, 200)} to end`, ended, 30_000);
  }

  return {
    home,
    gateway,
    base: `${gateway}/v1/__gw__/t/${TOKENS.anthropic}`,
    asked: () => asked.splice(0),
    run,
    sh: (script) => run('/bin/sh', ['-eu', '-c', script]),
  };
}
