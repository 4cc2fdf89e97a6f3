import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClientNames, UNKNOWN_CLIENT } from '../../../src/observe/client-name.ts';
import { modelInPath, shownPath } from '../../../src/observe/shown-path.ts';

const nameOf = createClientNames();

test('known programs are called by the names that people know', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['claude-cli/2.0.14 (external, cli)', 'Claude Code'],
    ['codex_cli_rs/0.46.0 (Debian 12.0.0; x86_64) xterm', 'Codex'],
    ['Anthropic/JS 0.65.0', 'Anthropic SDK (JS)'],
    ['AsyncAnthropic/Python 0.71.0', 'Anthropic SDK (Python)'],
    ['OpenAI/JS 6.3.0', 'OpenAI SDK (JS)'],
    ['AsyncOpenAI/Python 2.3.0', 'OpenAI SDK (Python)'],
    ['GeminiCLI/0.9.0/gemini-2.5-pro (linux; x64)', 'Gemini CLI'],
    ['google-genai-sdk/1.20.0 gl-node/v22', 'Google Gen AI SDK'],
    ['opencode/0.15.0', 'OpenCode'],
    ['curl/7.88.1', 'curl'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'Browser'],
    ['node', 'Node.js'],
  ];
  for (const [agent, name] of cases) for (let twice = 0; twice < 2; twice++) assert.equal(nameOf(agent), name);
});

test('others by their first product token, cleaned and short', () => {
  assert.equal(nameOf('my-agent/1.2 (x)'), 'my-agent');
  assert.equal(nameOf('Agent of mine'), 'Agent of mine');
  for (const agent of [undefined, '', '/', '<script>', '\u202eevil/1', `${'x'.repeat(60)}/1`, 'ghp_aB3dE5gH7jK9mN1pQ3sT/1', ' /1']) assert.equal(nameOf(agent), UNKNOWN_CLIENT, agent);
});

test('user agents without end are not remembered without end, and cost time in line with their length', () => {
  const own = createClientNames();
  for (let i = 0; i < 2000; i++) own(`agent-${i}/1`);
  for (const agent of ['a'.repeat(60_000), ' '.repeat(60_000), 'a/'.repeat(30_000)]) assert.ok(own(agent).length <= 40);
});

test('of a path the words of APIs are shown, and what may be somebody\'s own is not', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['/messages', '/messages'],
    ['/v1/messages/count_tokens', '/v1/messages/count_tokens'],
    ['/chat/completions', '/chat/completions'],
    ['/v1beta/models/gemini-2.5-pro:streamGenerateContent', '/v1beta/models/gemini-2.5-pro:streamGenerateContent'],
    ['/models/claude-sonnet-4-5-20250929', '/models/claude-sonnet-4-5-20250929'],
    ['/models/ghp_aB3dE5gH7jK9mN1pQ3sT5vW7', '/models/*'],
    ['/messages/batches/msgbatch_013Zva2CMHLNnXjNJJKqJ2EF/results', '/messages/batches/*/results'],
    ['/canary-path-4711/x', '/*/x'],
    ['/aaaa/bbbb/cccc/dddd/eeee/ffff/gggg/hhhh/iiii', '/aaaa/bbbb/cccc/dddd/eeee/ffff/gggg/hhhh/…'],
    ['', ''],
    ['/', '/'],
    ['//x', '//x'],
    ['/%2e/X', '/*/*'],
  ];
  for (const [rest, shown] of cases) assert.equal(shownPath(rest), shown);
  assert.ok(shownPath(`/${'a/'.repeat(50_000)}`).length < 40);
});

test('Gemini\'s model is read off the path', () => {
  assert.equal(modelInPath('/v1beta/models/gemini-2.5-pro:generateContent'), 'gemini-2.5-pro');
  for (const rest of ['/messages', '/models/x', '/models/:x', '/models/ghp_aB3dE5gH7jK9mN1pQ3sT5vW7:generateContent']) assert.equal(modelInPath(rest), null, rest);
});
