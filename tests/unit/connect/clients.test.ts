import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { VENDOR_UPSTREAMS, wireOfUpstream, type Surroundings } from '../../../src/connect/client.ts';
import { applySettings } from '../../../src/connect/change.ts';
import { CLIENTS, findClient } from '../../../src/connect/clients.ts';
import { EDITORS } from '../../../src/connect/edit/editor.ts';
import { parseUpstreamBase } from '../../../src/http/upstream-url.ts';
import { stateFolder } from '../../../src/connect/state.ts';

/** What a public address may hold that shells, scripts and formats read something into. */
const HOSTILE_BASE = "https://gw.example.com/a'b$(echo%20c);d&e!~*,@(f)/v1/__gw__/t/Ab3k9Qx7";

test('every client has its name once, an API, a snippet for each API, and says where the key stays', () => {
  assert.equal(new Set(CLIENTS.map(({ id }) => id)).size, CLIENTS.length);
  for (const client of CLIENTS) {
    assert.match(client.id, /^[a-z][a-z-]+$/);
    assert.ok(client.wires.length > 0 && client.key !== '' && client.notes.length > 0, client.id);
    for (const wire of client.wires) assert.ok(client.snippets('BASE').some((snippet) => snippet.wire === wire), `${client.id} ${wire}`);
    assert.equal(client.files.length > 0, client.noFile === undefined, `${client.id}: a file, or why there is none`);
    assert.equal(client.launch !== undefined, client.noLaunch === undefined, `${client.id}: a launch, or why there is none`);
    assert.equal(findClient(client.id), client);
  }
});

test('every snippet holds the base URL, or belongs to one that does, and ends its last line', () => {
  for (const client of CLIENTS) {
    for (const wire of client.wires) {
      const snippets = client.snippets('http://gw/v1/__gw__/t/T').filter((snippet) => snippet.wire === wire);
      assert.ok(snippets.some(({ text }) => text.includes('http://gw/v1/__gw__/t/T')), `${client.id} ${wire}`);
      for (const { text, title } of snippets) {
        assert.ok(text.endsWith('\n') && !text.endsWith('\n\n') && title !== '', client.id);
        // Names of variables may stand there, keys never.
        assert.doesNotMatch(text, /sk-|AIza|API_KEY\s*[=:]/);
      }
    }
  }
});

test('an address with characters that mean something goes into every snippet and setting as it is', () => {
  for (const client of CLIENTS) {
    for (const snippet of client.snippets(HOSTILE_BASE)) {
      const what = `${client.id}, ${snippet.title}`;
      if (snippet.language === 'sh') {
        const [, name = ''] = /export (\w+_BASE_URL|\w+)=/.exec(snippet.text) ?? [];
        const exports = snippet.text.split('\n').filter((line) => line.startsWith('export ')).join('\n');
        const { stdout } = spawnSync('sh', ['-c', `${exports}\nprintf %s "$${name}"`], { encoding: 'utf8' });
        if (process.platform !== 'win32') assert.equal(stdout, HOSTILE_BASE, what);
      } else if (snippet.language === 'powershell') {
        assert.ok(snippet.text.includes(`'${HOSTILE_BASE.replaceAll("'", "''")}'`), what);
      } else if (snippet.language === 'js') {
        const [, literal = ''] = /baseURL: ('(?:[^'\\]|\\.)*')/.exec(snippet.text) ?? [];
        assert.equal(Function(`return ${literal}`)(), HOSTILE_BASE, what);
      }
    }
    if (client.id === 'gemini-cli' || client.id === 'qwen-code') continue; // A "$" can't stand in a .env file; it is refused.
    for (const wire of client.wires) {
      for (const file of client.files) {
        const settings = file.settings(HOSTILE_BASE, wire);
        const { text } = applySettings('', file.format, settings, wire);
        for (const { path, value } of settings) if (value === HOSTILE_BASE) assert.equal(EDITORS[file.format].readPath(text, path)?.value, HOSTILE_BASE, client.id);
      }
    }
  }
});

test('each vendor\'s own upstream may be registered, and is known by its host', () => {
  for (const [wire, upstream] of Object.entries(VENDOR_UPSTREAMS)) {
    assert.ok(parseUpstreamBase(upstream));
    assert.equal(wireOfUpstream(upstream), wire);
  }
  assert.equal(wireOfUpstream('https://eu.api.openai.com/v1'), 'openai');
  for (const other of ['https://anthropic.com.example/v1', 'https://xanthropic.com', 'http://127.0.0.1:1/v1', 'none']) assert.equal(wireOfUpstream(other), undefined, other);
});

test('Claude Code\'s search for tools stays on only where the upstream is Anthropic\'s', () => {
  const claude = findClient('claude-code');
  const has = (upstream?: string): boolean => claude?.snippets('BASE', upstream).every(({ text }) => text.includes('ENABLE_TOOL_SEARCH')) === true;
  assert.equal(has(), true);
  assert.equal(has('https://api.anthropic.com'), true);
  assert.equal(has('https://api.other.example/anthropic'), false);
  assert.equal(claude?.launch?.('BASE', 'anthropic', {}, 'https://api.other.example').env['ENABLE_TOOL_SEARCH'], undefined);
});

test('files lie where each platform has them', () => {
  const places = (id: string, around: Surroundings): readonly string[] => findClient(id)?.files.flatMap((file) => file.places(around)) ?? [];
  const windows = { env: { LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }, home: 'C:\\Users\\me', platform: 'win32' } as const;
  const mac = { env: {}, home: '/Users/me', platform: 'darwin' } as const;
  const linux = { env: { XDG_CONFIG_HOME: '', XDG_STATE_HOME: '/s' }, home: '/home/me', platform: 'linux' } as const;
  assert.deepEqual(places('codex', windows), ['C:\\Users\\me\\.codex\\config.toml']);
  assert.deepEqual(places('opencode', windows), ['C:\\Users\\me\\.config\\opencode\\opencode.jsonc', 'C:\\Users\\me\\.config\\opencode\\opencode.json']);
  assert.deepEqual(places('claude-code', mac), ['/Users/me/.claude/settings.json']);
  assert.deepEqual(places('opencode', linux), ['/home/me/.config/opencode/opencode.jsonc', '/home/me/.config/opencode/opencode.json']);
  assert.deepEqual(places('gemini-cli', mac), ['/Users/me/.gemini/.env', '/Users/me/.gemini/settings.json']);
  assert.deepEqual(places('cline', linux), ['/home/me/.cline/data/settings/providers.json']);
  assert.deepEqual(places('openclaw', { ...linux, env: { OPENCLAW_HOME: '/o' } }), ['/o/.openclaw/openclaw.json']);
  assert.deepEqual([windows, mac, linux].map(stateFolder), ['C:\\Users\\me\\AppData\\Local\\AegisGate\\connect', '/Users/me/Library/Application Support/AegisGate/connect', '/s/aegisgate/connect']);
});
