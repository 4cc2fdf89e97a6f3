// run: a client, here a stand-in on the PATH, started through a gateway that runs.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startCli } from '../support/cli-process.ts';
import { startProcess } from '../support/compiled-process.ts';
import { connectHome, TOKENS, UPSTREAMS, type ConnectHome } from '../support/connect-home.ts';
import { until, within } from '../support/until.ts';

const skip = process.platform === 'win32' && 'the stand-in is a script with a first line for Unix';

/** Writes down what it was given, then does what its first own argument says. */
const STAND_IN = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
writeFileSync(process.env.SEEN, JSON.stringify({ args, env: process.env, pid: process.pid }));
const [what, value] = args.slice(args.indexOf('do') + 1);
if (what === 'exit') process.exit(Number(value));
if (what === 'die') process.kill(process.pid, value);
if (what === 'echo') process.stdin.pipe(process.stdout);
if (what === 'wait') {
  process.on(value, () => { process.stdout.write('got ' + value + '\\n'); process.exit(7); });
  // Whatever becomes of the test, it does not stay.
  setTimeout(() => process.exit(8), 25_000);
  process.stdout.write('ready\\n');
}
`;

interface Seen {
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly pid: number;
}

interface Bench extends ConnectHome {
  seen(): Seen;
  readonly seenPath: string;
}

/** Gateway and stand-ins for all clients. */
async function bench(t: TestContext, extra: Record<string, string> = {}): Promise<Bench> {
  const place = await connectHome(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: place.env['AEGIS_GW_TOKENS_PATH'] ?? '' });
  const url = await gateway.url();
  const seenPath = join(place.home, 'seen.json');
  for (const name of ['claude', 'codex', 'opencode', 'gemini', 'qwen', 'app']) {
    const file = place.path('bin', name);
    writeFileSync(file, STAND_IN);
    chmodSync(file, 0o755);
  }
  Object.assign(place.env, { AEGIS_PORT: new URL(url).port, PATH: join(place.home, 'bin'), SEEN: seenPath, ...extra });
  return { ...place, base: (token) => `${url}/v1/__gw__/t/${token}`, seenPath, seen: () => JSON.parse(readFileSync(seenPath, 'utf8')) as Seen };
}

test('each client is given its own setting, its arguments as they are, and no setting of the gateway\'s', { skip }, async (t) => {
  const { run, seen, base, home } = await bench(t, { AEGIS_LOG_LEVEL: 'warn', KEPT: 'yes' });
  const cases: readonly (readonly [client: string, program: string, env: Record<string, string>, args: readonly string[]])[] = [
    ['claude-code', 'claude', { ANTHROPIC_BASE_URL: base(TOKENS.anthropic), ENABLE_TOOL_SEARCH: 'true' }, ['--settings', `{"env":{"ANTHROPIC_BASE_URL":"${base(TOKENS.anthropic)}","ENABLE_TOOL_SEARCH":"true"}}`]],
    ['codex', 'codex', {}, ['-c', 'model_provider=aegisgate', '-c', 'model_providers.aegisgate.name=AegisGate', '-c', `model_providers.aegisgate.base_url=${base(TOKENS.openai)}`, '-c', 'model_providers.aegisgate.wire_api=responses', '-c', 'model_providers.aegisgate.env_key=OPENAI_API_KEY']],
    ['gemini-cli', 'gemini', { GOOGLE_GEMINI_BASE_URL: base(TOKENS.gemini) }, []],
    ['qwen-code', 'qwen', { OPENAI_BASE_URL: base(TOKENS.openai) }, []],
  ];
  for (const [client, , env, args] of cases) {
    const { code, err } = await run('run', client, '--', '--flag', 'a b', '$HOME', 'do', 'exit', '0');
    assert.equal(code, 0, `${client}: ${err}`);
    const told = seen();
    assert.deepEqual(told.args, [...args, '--flag', 'a b', '$HOME', 'do', 'exit', '0']);
    for (const [name, value] of Object.entries(env)) assert.equal(told.env[name], value);
    assert.equal(told.env['KEPT'], 'yes');
    assert.deepEqual(Object.keys(told.env).filter((name) => name.startsWith('AEGIS_')), []);
  }
  assert.ok(!existsSync(join(home, '.claude')) && !existsSync(join(home, '.codex')), 'nothing is written');
});

test('OpenCode\'s own settings for one run are added to', { skip }, async (t) => {
  const { run, seen, base } = await bench(t, { OPENCODE_CONFIG_CONTENT: '{"theme":"x"}' });
  assert.equal((await run('run', 'opencode', '--', 'do', 'exit', '0')).code, 0);
  assert.deepEqual(JSON.parse(seen().env['OPENCODE_CONFIG_CONTENT'] ?? ''), { theme: 'x', provider: { anthropic: { options: { baseURL: base(TOKENS.anthropic) } } } });
});

test('a program of one\'s own gets the variable of its SDK', { skip }, async (t) => {
  const { run, seen, base } = await bench(t);
  assert.equal((await run('run', 'anthropic-sdk', '--', 'app', 'do', 'exit', '0')).code, 0);
  assert.equal(seen().env['ANTHROPIC_BASE_URL'], base(TOKENS.anthropic));
  assert.equal((await run('run', 'ai-sdk', '--api', 'openai', '--', './bin/app', 'do', 'exit', '0')).code, 0);
  assert.equal(seen().env['OPENAI_BASE_URL'], base(TOKENS.openai));
  const { code, err } = await run('run', 'openai-sdk');
  assert.equal(code, 2);
  assert.match(err, /the program is missing: aegisgate run openai-sdk -- node app\.js/);
});

test('the exit code is handed on, and a signal that ended the client', { skip }, async (t) => {
  const { run } = await bench(t);
  assert.equal((await run('run', 'claude-code', '--', 'do', 'exit', '42')).code, 42);
  const { code, signal } = await run('run', 'claude-code', '--', 'do', 'die', 'SIGTERM');
  assert.deepEqual({ code, signal }, { code: null, signal: 'SIGTERM' });
  assert.equal((await run('run', 'claude-code', '--', 'do', 'die', 'SIGKILL')).signal, 'SIGKILL');
});

test('standard input and output are the client\'s own', { skip }, async (t) => {
  const { home, env } = await bench(t);
  const child = await startCli(t, ['run', 'claude-code', '--', 'do', 'echo'], { cwd: home, env });
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stdin?.end('through and back');
  await within('the client to end', new Promise((resolve) => child.once('close', resolve)), 20_000);
  assert.equal(out, 'through and back');
});

test('a signal to the command reaches the client, whose end is waited for', { skip }, async (t) => {
  const { home, env } = await bench(t);
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const child: ChildProcess = await startCli(t, ['run', 'claude-code', '--', 'do', 'wait', name], { cwd: home, env });
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until('the client to be ready', () => out.includes('ready'), 20_000);
    child.kill(name);
    assert.equal(await within('the command to end', closed, 20_000), 7);
    assert.match(out, new RegExp(`got ${name}`));
  }
});

test('a client that is not there is 127, one that can\'t be started is not silent', { skip }, async (t) => {
  const { run, env, home, path } = await bench(t);
  env['PATH'] = join(home, 'nowhere');
  const { code, err } = await run('run', 'gemini-cli');
  assert.equal(code, 127);
  assert.match(err, /gemini is not found; install Gemini CLI, or put it on the PATH/);
  const broken = path('broken', 'claude');
  writeFileSync(broken, '#!/no/such/interpreter\n');
  chmodSync(broken, 0o755);
  env['PATH'] = join(home, 'broken');
  const started = await run('run', 'claude-code');
  assert.ok(started.code === 127 || started.code === 126, String(started.code));
  assert.match(started.err, /claude can't be started/);
});

test('without a gateway that runs nothing is started', { skip }, async (t) => {
  const { run, seenPath } = await bench(t);
  const other = await connectHome(t);
  const { code, err } = await run('run', 'claude-code', '--url', `http://127.0.0.1:${other.env['AEGIS_PORT']}`);
  assert.equal(code, 2, err);
  const told = await other.run('run', 'claude-code');
  assert.equal(told.code, 1);
  assert.match(told.err, /start the gateway first: aegisgate serve/);
  assert.ok(!existsSync(seenPath));
});

test('clients that can\'t be started so say what to do', { skip }, async (t) => {
  const { run } = await bench(t);
  for (const client of ['openclaw', 'cline', 'continue', 'cursor', 'cherry-studio']) {
    const { code, err } = await run('run', client);
    assert.equal(code, 2);
    assert.match(err, /alone|servers/, client);
  }
  assert.match((await run('run', 'claude-code', 'more')).err, /stands behind --: aegisgate run claude-code -- more/);
});

test('a proxy in the environment does not come between client and gateway', { skip }, async (t) => {
  const { run, seen } = await bench(t, { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'corp.example' });
  assert.equal((await run('run', 'claude-code', '--', 'do', 'exit', '0')).code, 0);
  assert.equal(seen().env['NO_PROXY'], 'corp.example,127.0.0.1');
});

test('--json tells what would be started, and starts nothing', { skip }, async (t) => {
  const { run, seenPath, base, home } = await bench(t);
  const { code, out } = await run('run', 'gemini-cli', '--json', '--', '-p', 'hi');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), {
    client: 'gemini-cli', api: 'gemini', base_url: base(TOKENS.gemini), upstream_base: UPSTREAMS[TOKENS.gemini].upstream_base,
    command: 'gemini', program: join(home, 'bin', 'gemini'), args: ['-p', 'hi'], env: { GOOGLE_GEMINI_BASE_URL: base(TOKENS.gemini) },
  });
  assert.ok(!existsSync(seenPath));
});
