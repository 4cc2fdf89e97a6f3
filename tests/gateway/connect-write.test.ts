// connect --write and disconnect on files in a home folder of their own.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { CLIENTS } from '../../src/connect/clients.ts';
import { EDITORS } from '../../src/connect/edit/editor.ts';
import { connectHome, TOKENS } from '../support/connect-home.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const isPosix = process.platform !== 'win32';

test('a missing file and its folder are made for their owner alone, and gone again after disconnect', async (t) => {
  const { home, base, run } = await connectHome(t);
  const path = join(home, '.claude', 'settings.json');
  const written = await run('connect', 'claude-code', '--write', '--yes');
  assert.equal(written.code, 0, written.err);
  assert.deepEqual(JSON.parse(read(path)), { env: { ANTHROPIC_BASE_URL: base(TOKENS.anthropic), ENABLE_TOOL_SEARCH: 'true' } });
  assert.match(written.out, /^~\/\.claude\/settings\.json$/m);
  assert.match(written.out, /^\+ {4}"ANTHROPIC_BASE_URL": "http:/m);
  assert.match(written.out, /aegisgate disconnect claude-code takes it back/);
  if (isPosix) {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  }
  const again = await run('connect', 'claude-code', '--write', '--yes');
  assert.equal(again.code, 0);
  assert.equal(again.out, '~/.claude/settings.json is so already\n');
  const undone = await run('disconnect', 'claude-code', '--yes');
  assert.equal(undone.code, 0, undone.err);
  assert.ok(!existsSync(path));
  assert.equal((await run('disconnect', 'claude-code', '--yes')).out, 'connect has set nothing for claude-code\n');
});

test('a file keeps its comments, line endings, mode and other values; a copy is kept, and disconnect gives the same bytes', async (t) => {
  const { base, call, path } = await connectHome(t);
  const file = path('.codex', 'config.toml');
  const before = '# mine\r\nmodel = "gpt-5" # fast\r\nmodel_provider = "corp" # at work\r\n\r\n[model_providers.corp]\r\nbase_url = "https://corp.example/v1"\r\n\r\n[history]\r\npersistence = "none"\r\n';
  writeFileSync(file, before);
  chmodSync(file, 0o640);
  const { code, out, err } = await call('connect', 'codex', '--write', '--yes');
  assert.equal(code, 0, err);
  const text = read(file);
  assert.ok(text.startsWith('# mine\r\nmodel = "gpt-5" # fast\r\nmodel_provider = "aegisgate" # at work\r\n'));
  assert.ok(text.includes(`[model_providers.aegisgate]\r\nname = "AegisGate"\r\nbase_url = "${base(TOKENS.openai)}"\r\n`));
  assert.ok(!/[^\r]\n/.test(text));
  if (isPosix) assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.match(out, /^-model_provider = "corp" # at work\n\+model_provider = "aegisgate" # at work$/m);
  assert.ok(!out.includes('persistence') && !out.includes('corp.example'), 'only what changes is shown');
  const copy = `${file}.aegis-backup-1`;
  assert.equal(read(copy), before);
  if (isPosix) assert.equal(statSync(copy).mode & 0o777, 0o640);

  assert.equal((await call('disconnect', 'codex', '--yes')).code, 0);
  assert.equal(read(file), before);
  assert.deepEqual(readdirSync(dirname(file)), ['config.toml'], 'the copy is not needed any more');
});

test('another token takes the place of the first, and disconnect still knows what was there before both', async (t) => {
  const { base, call, path } = await connectHome(t);
  const file = path('.claude', 'settings.json');
  const before = '{"env": {"ANTHROPIC_BASE_URL": "https://old.example"}}\n';
  writeFileSync(file, before);
  assert.equal((await call('connect', 'claude-code', '--write', '--yes')).code, 0);
  const second = await call('connect', 'claude-code', '--upstream', 'http://127.0.0.1:9/v1', '--write', '--yes');
  assert.equal(second.code, 0, second.err);
  const { env } = JSON.parse(read(file)) as { env: Record<string, string> };
  assert.notEqual(env['ANTHROPIC_BASE_URL'], base(TOKENS.anthropic));
  assert.deepEqual(readdirSync(dirname(file)).length, 3, 'a copy of each');
  assert.equal((await call('disconnect', 'claude-code', '--yes')).code, 0);
  assert.equal(read(file), before);
  assert.deepEqual(readdirSync(dirname(file)), ['settings.json']);
});

test('what was changed since is left alone and told; the rest is taken back', async (t) => {
  const { call, path, base } = await connectHome(t);
  const file = path('.codex', 'config.toml');
  writeFileSync(file, 'model = "a"\n');
  assert.equal((await call('connect', 'codex', '--write', '--yes')).code, 0);
  writeFileSync(file, `${read(file).replace(base(TOKENS.openai), 'http://mine/v1').replace('model = "a"', 'model = "b"')}\n[mine]\nx = 1\n`);
  const { code, err } = await call('disconnect', 'codex', '--yes');
  assert.equal(code, 1, err);
  assert.match(err, /model_providers\.aegisgate\.base_url was changed since and is left as it is/);
  assert.equal(read(file), 'model = "b"\n\n[model_providers.aegisgate]\nbase_url = "http://mine/v1"\n\n[mine]\nx = 1\n');
  assert.ok(existsSync(`${file}.aegis-backup-1`), 'the copy is kept, for the file is another one now');
});

test('a link is followed and stays one', { skip: !isPosix && 'links need rights on Windows' }, async (t) => {
  const { call, path } = await connectHome(t);
  const real = path('dotfiles', 'opencode.jsonc');
  const link = path('.config', 'opencode', 'opencode.jsonc');
  writeFileSync(real, '{\n  // mine\n  "theme": "x",\n}\n');
  symlinkSync('../../dotfiles/opencode.jsonc', link);
  assert.equal((await call('connect', 'opencode', '--write', '--yes')).code, 0);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.match(read(real), /\/\/ mine/);
  assert.match(read(real), /"baseURL": "http/);
  assert.equal((await call('disconnect', 'opencode', '--yes')).code, 0);
  assert.equal(read(real), '{\n  // mine\n  "theme": "x",\n}\n');
});

test('what can\'t be edited safely is left as it is: the place is told, the snippet printed, exit code 2', async (t) => {
  const { call, path, home } = await connectHome(t);
  const cases: readonly (readonly [client: string, file: string, text: string, told: RegExp])[] = [
    ['codex', path('.codex', 'config.toml'), 'x = 1\nmodel_providers = { a = { base_url = "b" } }\n', /line 2, column 19: model_providers is an inline table/],
    ['codex', path('.codex', 'config.toml'), 'x = \n', /line 1, column 5: a value is expected/],
    ['claude-code', path('.claude', 'settings.json'), '{\n  "env": {} // note\n}\n', /line 2, column 13: a comment/],
    ['claude-code', path('.claude', 'settings.json'), '{"env": []}', /line 1, column 9: env is not an object/],
    ['continue', path('.continue', 'config.yaml'), 'models: &all\n  - name: a\n', /line 1, column 9: models holds an anchor/],
    ['continue', path('.continue', 'config.yaml'), 'a: 1\n---\nb: 1\n', /line 2, column 1: several documents/],
  ];
  for (const [client, file, text, told] of cases) {
    writeFileSync(file, text);
    const { code, out, err } = await call('connect', client, '--write', '--yes');
    assert.equal(code, 2, `${client}: ${err}`);
    assert.match(err, told);
    assert.match(out, /__gw__\/t\//, 'the snippet is printed');
    assert.equal(read(file), text);
    assert.deepEqual(readdirSync(dirname(file)).length, 1);
  }
  assert.ok(!existsSync(join(home, '.local')), 'nothing is noted either');
});

test('a file that is not UTF-8 is told and left', async (t) => {
  const { call, path } = await connectHome(t);
  const file = path('.claude', 'settings.json');
  writeFileSync(file, '\ufeff{}', 'utf16le');
  const { code, err } = await call('connect', 'claude-code', '--write', '--yes');
  assert.equal(code, 2);
  assert.match(err, /is not UTF-8/);
});

test('without a terminal and --yes nothing is written', async (t) => {
  const { call, home } = await connectHome(t);
  const { code, out, err } = await call('connect', 'gemini-cli', '--write');
  assert.equal(code, 2);
  assert.match(out, /^\+GOOGLE_GEMINI_BASE_URL="http/m);
  assert.match(err, /give --yes/);
  assert.ok(!existsSync(join(home, '.gemini')));
});

test('variables that move a client\'s files are honoured', async (t) => {
  const moved: readonly (readonly [client: string, env: (home: string) => Record<string, string>, file: readonly string[]])[] = [
    ['codex', (home) => ({ CODEX_HOME: join(home, 'c') }), ['c', 'config.toml']],
    ['claude-code', (home) => ({ CLAUDE_CONFIG_DIR: join(home, 'cc') }), ['cc', 'settings.json']],
    ['opencode', (home) => ({ XDG_CONFIG_HOME: join(home, 'x') }), ['x', 'opencode', 'opencode.json']],
    ['opencode', (home) => ({ OPENCODE_CONFIG: join(home, 'mine.json') }), ['mine.json']],
    ['gemini-cli', (home) => ({ GEMINI_CLI_HOME: join(home, 'g') }), ['g', '.gemini', '.env']],
    ['qwen-code', (home) => ({ QWEN_HOME: join(home, 'q') }), ['q', '.env']],
    ['openclaw', (home) => ({ OPENCLAW_STATE_DIR: join(home, 'o') }), ['o', 'openclaw.json']],
    ['continue', (home) => ({ CONTINUE_GLOBAL_DIR: join(home, 'cd') }), ['cd', 'config.yaml']],
  ];
  const { home, call, env } = await connectHome(t);
  for (const [client, set, file] of moved) {
    Object.assign(env, set(home));
    const { code, err } = await call('connect', client, '--write', '--yes');
    assert.equal(code, 0, `${client}: ${err}`);
    assert.match(read(join(home, ...file)), /__gw__\/t\//);
    for (const name of Object.keys(set(home))) delete env[name];
  }
});

test('a written file holds the same as the snippet, wherever the client is to have a file', async (t) => {
  const { call, home, base } = await connectHome(t);
  for (const client of CLIENTS.filter(({ files }) => files.length > 0 && files.every(({ needs }) => needs === undefined))) {
    const { code, out, err } = await call('connect', client.id, '--write', '--yes', '--json');
    assert.equal(code, 0, `${client.id}: ${err}`);
    const told = JSON.parse(out) as { files: { file: string; changed: boolean }[]; api: 'anthropic' | 'openai' | 'gemini'; base_url: string };
    assert.equal(told.base_url, base(TOKENS[told.api]));
    const snippets = client.snippets(told.base_url, 'https://api.anthropic.com/v1').filter(({ wire, where }) => wire === told.api && where !== '');
    assert.equal(told.files.length, snippets.length, client.id);
    for (const { file, changed } of told.files) {
      assert.ok(changed && file.startsWith(home), file);
      assert.equal(read(file), snippets.find(({ where }) => file === join(home, ...where.split('/').slice(1)))?.text, file);
    }
    assert.equal((await call('disconnect', client.id, '--yes')).code, 0);
    for (const { file } of told.files) assert.ok(!existsSync(file), file);
  }
});

test('Cline\'s entry must be there; its base URL is added, its key stays unseen', async (t) => {
  const { call, path, base } = await connectHome(t);
  const file = path('.cline', 'data', 'settings', 'providers.json');
  const early = await call('connect', 'cline', '--write', '--yes');
  assert.equal(early.code, 2);
  assert.match(early.err, /cline auth/);
  const before = '{"version":1,"providers":{"anthropic":{"settings":{"provider":"anthropic","apiKey":"invented-key"},"updatedAt":"2026-01-01T00:00:00.000Z","tokenSource":"manual"}}}';
  writeFileSync(file, before);
  const { code, out, err } = await call('connect', 'cline', '--write', '--yes');
  assert.equal(code, 0, err);
  assert.equal(EDITORS.json.readPath(read(file), ['providers', 'anthropic', 'settings', 'baseUrl'])?.value, base(TOKENS.anthropic));
  assert.ok(!out.includes('invented-key') && !err.includes('invented-key'), out);
  assert.equal((await call('disconnect', 'cline', '--yes')).code, 0);
  assert.equal(read(file), before);
});

test('where what is set can\'t be noted, or the file can\'t be made, nothing stays behind', { skip: !isPosix && 'links need rights on Windows' }, async (t) => {
  const { call, path, env, home } = await connectHome(t);
  const file = path('.claude', 'settings.json');
  writeFileSync(file, '{}\n');
  writeFileSync(path('in-the-way'), '');
  // A link to nowhere: it can be read as missing, and not be made.
  symlinkSync('/nowhere/at/all', path('state', 'aegisgate', 'connect'));
  env['XDG_STATE_HOME'] = join(home, 'state');
  const { code, err } = await call('connect', 'claude-code', '--write', '--yes');
  assert.equal(code, 2);
  assert.match(err, /can't be noted in .*claude-code\.json/);
  assert.equal(read(file), '{}\n');
  assert.deepEqual(readdirSync(dirname(file)), ['settings.json']);

  delete env['XDG_STATE_HOME'];
  env['CODEX_HOME'] = join(home, 'in-the-way', 'codex');
  const other = await call('connect', 'codex', '--write', '--yes');
  assert.equal(other.code, 2);
  assert.match(other.err, /config\.toml can't be read \(ENOTDIR\)|can't be made/);
  assert.equal((await call('disconnect', 'codex', '--yes')).out, 'connect has set nothing for codex\n');
});

test('a client without a file says so; Cursor is told that its servers call', async (t) => {
  const { call } = await connectHome(t);
  for (const client of ['cherry-studio', 'cursor', 'anthropic-sdk', 'openai-sdk', 'ai-sdk']) {
    const { code, err } = await call('connect', client, '--write', '--yes');
    assert.equal(code, 2);
    assert.match(err, new RegExp(`--write: .+aegisgate connect ${client} prints`));
  }
  const cursor = await call('connect', 'cursor');
  assert.equal(cursor.code, 0);
  assert.match(cursor.err, /warning: http:\/\/127\.0\.0\.1:\d+ can be reached from this machine alone/);
  assert.match(cursor.out, /never \/__gw__\//);
});

test('without --write the snippets of the API that the token leads to are printed, and nothing is made', async (t) => {
  const { call, base, home } = await connectHome(t);
  const { code, out, err } = await call('connect', 'opencode', '--api', 'openai');
  assert.equal(code, 0);
  assert.ok(out.includes(`"baseURL": "${base(TOKENS.openai)}"`) && !out.includes(TOKENS.anthropic), out);
  assert.match(out, /^# OpenAI's models: ~\/\.config\/opencode\/opencode\.json$/m);
  assert.match(out, /^- API key: /m);
  assert.match(err, /^https:\/\/api\.openai\.com\/v1: found, no gateway runs at /);
  assert.deepEqual(readdirSync(home).filter((name) => name.startsWith('.')), []);

  const told = JSON.parse((await call('connect', 'cursor', '--json')).out) as Record<string, unknown>;
  assert.equal(told['works_from_here'], false);
  assert.equal(told['base_url'], base(TOKENS.openai));
  assert.ok(Array.isArray(told['snippets']) && Array.isArray(told['notes']));
});

test('Cursor is not warned of where a public address is set', async (t) => {
  const { call } = await connectHome(t, { env: { AEGIS_PUBLIC_URL: 'https://gw.example.com' } });
  const { err, out } = await call('connect', 'cursor');
  assert.ok(!err.includes('warning'), err);
  assert.match(out, /https:\/\/gw\.example\.com\/v1\/__gw__\/t\//);
});

test('a wrong call is exit code 2 and says what was meant', async (t) => {
  const { call } = await connectHome(t);
  assert.match((await call('connect')).err, /CLIENT is missing; known are claude-code, /);
  assert.match((await call('connect', 'claude')).err, /there is no client "claude"/);
  assert.match((await call('connect', 'claudecode')).err, /did you mean claude-code\?/);
  assert.match((await call('connect', 'codex', '--token', 'nosuch')).err, /no such token is registered/);
  assert.match((await call('connect', 'codex', '--token', TOKENS.anthropic)).err, /https:\/\/api\.anthropic\.com\/v1 speaks the anthropic API, and codex is to speak openai/);
  assert.match((await call('connect', 'codex', '--api', 'gemini')).err, /--api takes openai for codex/);
  assert.match((await call('connect', 'codex', '--token', 'a', '--upstream', 'b')).err, /exclude each other/);
});
