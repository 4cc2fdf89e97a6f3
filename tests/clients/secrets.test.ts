// A secret on its way through the real SDKs: the mock upstream never sees it, the program gets its own value back, in
// text and in a tool's arguments, whole and streamed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DIRECT, openBench, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const options = { timeout: TEST_DEADLINE_MS, skip: DIRECT ? 'without the gateway nothing is redacted' : false };
/** Invented, of the shapes of a GitHub token and of a private key, whose line ends JSON escapes once more at each depth. */
const TOKEN = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKB';
const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----\n${`${KEY_LINE}\n`.repeat(8)}-----END PRIVATE KEY-----`;
const TEXT = `export GITHUB_TOKEN=${TOKEN}\n${PRIVATE_KEY}\nand "the rest" of it`;
const SCHEMA = { type: 'object' as const, properties: { command: { type: 'string' } }, required: ['command'] };

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

function assertUnseen(): void {
  const sent = bench.lastRequest().body.toString();
  assert.ok(!sent.includes(TOKEN), 'the upstream saw the token');
  assert.ok(!sent.includes(KEY_LINE), 'the upstream saw the private key');
  assert.match(sent, /aegis-github-token-[a-z2-7]{12}/);
}

for (const stream of [false, true]) {
  const how = stream ? 'streamed' : 'whole';

  test(`Anthropic's SDK: text and tool input come back as they were, ${how}`, options, async () => {
    const request = { model: 'mock-echo+mock-split-3', max_tokens: 100, messages: [{ role: 'user' as const, content: TEXT }] };
    const ask = (extra: object) =>
      stream ? bench.anthropic.messages.stream({ ...request, ...extra }).finalMessage() : bench.anthropic.messages.create({ ...request, ...extra });
    const answered = await ask({});
    assert.equal(answered.content.map((block) => (block.type === 'text' ? block.text : '')).join(''), TEXT);
    assertUnseen();
    const called = await ask({ model: 'claude-sonnet-5+mock-split-3', tools: [{ name: 'run', description: 'Runs a command.', input_schema: SCHEMA }] });
    const use = called.content.find((block) => block.type === 'tool_use');
    assert.ok(use?.type === 'tool_use');
    assert.equal((use.input as { command: string }).command, TEXT);
    assertUnseen();
  });

  test(`OpenAI's SDK, chat: text and tool arguments come back as they were, ${how}`, options, async () => {
    const request = { model: 'mock-echo+mock-split-3', messages: [{ role: 'user' as const, content: TEXT }] };
    const ask = (extra: object) =>
      stream
        ? bench.openai.chat.completions.stream({ ...request, ...extra }).finalChatCompletion()
        : bench.openai.chat.completions.create({ ...request, ...extra });
    assert.equal((await ask({})).choices[0]?.message.content, TEXT);
    assertUnseen();
    const called = await ask({ model: 'gpt-5+mock-split-3', tools: [{ type: 'function', function: { name: 'run', parameters: SCHEMA } }] });
    const call = called.choices[0]?.message.tool_calls?.[0];
    assert.ok(call?.type === 'function');
    assert.equal((JSON.parse(call.function.arguments) as { command: string }).command, TEXT);
    assertUnseen();
  });

  test(`OpenAI's SDK, responses: text and function arguments come back as they were, ${how}`, options, async () => {
    const request = { model: 'mock-echo+mock-split-3', input: TEXT };
    const ask = (extra: object) =>
      stream ? bench.openai.responses.stream({ ...request, ...extra }).finalResponse() : bench.openai.responses.create({ ...request, ...extra });
    const answered = await ask({});
    assert.equal(answered.output_text, TEXT);
    assertUnseen();
    const tools = [{ type: 'function' as const, name: 'run', parameters: SCHEMA, strict: false }];
    const called = await ask({ model: 'gpt-5+mock-split-3', tools });
    const call = called.output.find((item) => item.type === 'function_call');
    assert.ok(call?.type === 'function_call');
    assert.equal((JSON.parse(call.arguments) as { command: string }).command, TEXT);
    assertUnseen();
  });
}
