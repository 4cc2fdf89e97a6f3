import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applySettings, undoChanges, type Change } from '../../../src/connect/change.ts';
import type { FileFormat, Setting } from '../../../src/connect/client.ts';
import { findClient } from '../../../src/connect/clients.ts';

const LEFT_NOTHING: readonly Change[] = [];

function settingsOf(id: string, baseUrl: string): readonly Setting[] {
  const client = findClient(id);
  const [file] = client?.files ?? [];
  assert.ok(client !== undefined && file !== undefined);
  return file.settings(baseUrl, client.wires[0] ?? 'openai');
}

test('connecting again and again keeps what was there before the first time', () => {
  for (const [id, format, before] of [
    ['claude-code', 'json', '{\n  "env": {"ANTHROPIC_BASE_URL": "https://old", "X": "1"}\n}\n'],
    ['codex', 'toml', 'model_provider = "mine"\n'],
    ['continue', 'yaml', 'name: Mine\nmodels:\n  - name: A\n    provider: openai\n# end\n'],
    ['gemini-cli', 'dotenv', 'GEMINI_API_KEY=invented\nGOOGLE_GEMINI_BASE_URL=https://old # note'],
  ] as const satisfies readonly (readonly [string, FileFormat, string])[]) {
    let text: string = before;
    let changes: readonly Change[] = [];
    for (const base of ['http://a/1', 'http://b/22', 'http://c/333', 'http://c/333']) ({ text, changes } = applySettings(text, format, settingsOf(id, base), 'x', changes));
    assert.ok(text.includes('http://c/333') && !text.includes('http://b/22'), text);
    assert.deepEqual(undoChanges(text, format, changes), { text: before, left: LEFT_NOTHING }, id);
  }
});

test('what stands there already is not ours, and stays', () => {
  const text = '{"env": {"ANTHROPIC_BASE_URL": "http://a", "ENABLE_TOOL_SEARCH": "true"}}';
  const applied = applySettings(text, 'json', settingsOf('claude-code', 'http://a'), 'anthropic');
  assert.deepEqual(applied, { text, changes: [] });
});

test('two APIs of one client are both taken back', () => {
  const opencode = findClient('opencode')?.files[0];
  assert.ok(opencode);
  const one = applySettings('{}', 'jsonc', opencode.settings('http://a', 'anthropic'), 'anthropic');
  const two = applySettings(one.text, 'jsonc', opencode.settings('http://b', 'openai'), 'openai', one.changes);
  assert.match(two.text, /http:\/\/a[^]*http:\/\/b/);
  assert.equal(undoChanges(two.text, 'jsonc', two.changes).text, '{}');
});

test('a value that somebody has removed is not missed', () => {
  const { changes } = applySettings('', 'toml', settingsOf('codex', 'http://a'), 'openai');
  assert.deepEqual(undoChanges('x = 1\n', 'toml', changes), { text: 'x = 1\n', left: LEFT_NOTHING });
});

test('a value that somebody has changed is left, and the containers around it', () => {
  const { text, changes } = applySettings('', 'json', settingsOf('claude-code', 'http://a'), 'anthropic');
  const undone = undoChanges(text.replace('http://a', 'http://mine'), 'json', changes);
  assert.deepEqual(JSON.parse(undone.text), { env: { ANTHROPIC_BASE_URL: 'http://mine' } });
  assert.deepEqual(undone.left.map(({ path }) => path), [['env', 'ANTHROPIC_BASE_URL']]);
});

test('what another token is not to have any more goes with the first', () => {
  const [claude] = findClient('claude-code')?.files ?? [];
  assert.ok(claude);
  const before = '{"env": {"X": "1"}}';
  const one = applySettings(before, 'json', claude.settings('http://a', 'anthropic', 'https://api.anthropic.com/v1'), 'anthropic');
  assert.match(one.text, /ENABLE_TOOL_SEARCH/);
  const two = applySettings(one.text, 'json', claude.settings('http://b', 'anthropic', 'https://other.example/v1'), 'anthropic', one.changes);
  assert.deepEqual(JSON.parse(two.text), { env: { X: '1', ANTHROPIC_BASE_URL: 'http://b' } });
  assert.equal(undoChanges(two.text, 'json', two.changes).text, before);
});
