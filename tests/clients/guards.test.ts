// A dangerous tool call through the real SDKs: what the gateway puts in its place is a turn like any other to them, whole
// and streamed, helpers and all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DIRECT, openBench, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const options = { timeout: TEST_DEADLINE_MS, skip: DIRECT ? 'without the gateway nothing is refused' : false };
const DANGEROUS = 'rm -rf / --no-preserve-root';
const ORDINARY = 'npm test';
const REFUSED = /^\[AegisGate refused the tool call run: .+ \(rule [a-z-]+\)/;
const SCHEMA = { type: 'object' as const, properties: { command: { type: 'string' } }, required: ['command'] };
const SPLIT = '+mock-split-3';

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

for (const stream of [false, true]) {
  const how = stream ? 'streamed' : 'whole';

  test(`Anthropic's SDK hears a refusal as text and the turn as ended, ${how}`, options, async () => {
    const ask = (content: string) => {
      const request = { model: `claude-sonnet-5${SPLIT}`, max_tokens: 100, messages: [{ role: 'user' as const, content }], tools: [{ name: 'run', input_schema: SCHEMA }] };
      return stream ? bench.anthropic.messages.stream(request).finalMessage() : bench.anthropic.messages.create(request);
    };
    const refused = await ask(DANGEROUS);
    assert.deepEqual(refused.content.filter((block) => block.type === 'tool_use'), []);
    assert.ok(refused.content.some((block) => block.type === 'text' && REFUSED.test(block.text)));
    assert.equal(refused.stop_reason, 'end_turn');
    assert.ok(refused.usage.output_tokens > 0);
    const released = await ask(ORDINARY);
    const use = released.content.find((block) => block.type === 'tool_use');
    assert.ok(use?.type === 'tool_use');
    assert.deepEqual(use.input, { command: ORDINARY });
    assert.equal(released.stop_reason, 'tool_use');
  });

  test(`OpenAI's SDK, chat, hears a refusal as text and the turn as ended, ${how}`, options, async () => {
    const ask = (content: string) => {
      const request = { model: `gpt-5${SPLIT}`, messages: [{ role: 'user' as const, content }], tools: [{ type: 'function' as const, function: { name: 'run', parameters: SCHEMA } }] };
      return stream ? bench.openai.chat.completions.stream(request).finalChatCompletion() : bench.openai.chat.completions.create(request);
    };
    const [refused] = (await ask(DANGEROUS)).choices;
    assert.ok((refused?.message.tool_calls ?? []).length === 0);
    assert.match(refused?.message.content ?? '', /\[AegisGate refused the tool call run: /);
    assert.equal(refused?.finish_reason, 'stop');
    const [released] = (await ask(ORDINARY)).choices;
    const call = released?.message.tool_calls?.[0];
    assert.ok(call?.type === 'function');
    assert.deepEqual(JSON.parse(call.function.arguments), { command: ORDINARY });
    assert.equal(released?.finish_reason, 'tool_calls');
  });

  test(`OpenAI's SDK, responses, hears a refusal as a message and the answer as complete, ${how}`, options, async () => {
    const ask = (input: string) => {
      const request = { model: `gpt-5${SPLIT}`, input, tools: [{ type: 'function' as const, name: 'run', parameters: SCHEMA, strict: false }] };
      return stream ? bench.openai.responses.stream(request).finalResponse() : bench.openai.responses.create(request);
    };
    const refused = await ask(DANGEROUS);
    assert.deepEqual(refused.output.filter((item) => item.type === 'function_call'), []);
    assert.match(refused.output_text, /\[AegisGate refused the tool call run: /);
    assert.equal(refused.status, 'completed');
    const released = await ask(ORDINARY);
    const call = released.output.find((item) => item.type === 'function_call');
    assert.ok(call?.type === 'function_call');
    assert.deepEqual(JSON.parse(call.arguments), { command: ORDINARY });
  });
}
