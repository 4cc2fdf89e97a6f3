import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type OpenAI from 'openai';
import { embeddingOf } from '../support/mock-upstream.ts';
import { openBench, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const MODEL = 'gpt-5';
const timeout = TEST_DEADLINE_MS;

const PARAMETERS = {
  type: 'object',
  properties: { folder: { type: 'string' }, depth: { type: 'integer' } },
  required: ['folder', 'depth'],
};
const CHAT_TOOL: OpenAI.Chat.Completions.ChatCompletionFunctionTool = {
  type: 'function',
  function: { name: 'list_files', description: 'Lists the files of a folder.', parameters: PARAMETERS },
};
const RESPONSES_TOOL: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'list_files',
  description: 'Lists the files of a folder.',
  parameters: PARAMETERS,
  strict: false,
};
const AWKWARD = 'C:\\new\\table "quoted"\n世界 🌍';

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

test('a chat completion is answered by the upstream', { timeout }, async () => {
  const completion = await bench.openai.chat.completions.create({
    model: MODEL,
    messages: [
      { role: 'developer', content: 'Answer briefly.' },
      { role: 'user', content: 'What did you see? Grüße, 世界 🌍' },
    ],
  });
  const content = completion.choices[0]?.message.content ?? '';
  assert.match(content, /saw POST \/v1\/chat\/completions over HTTP\/1\.1/);
  assert.match(content, /What did you see\? Grüße, 世界 🌍/);
  assert.equal(completion.choices[0]?.finish_reason, 'stop');
  assert.match(completion._request_id ?? '', /^req_mock\d{6}$/);
});

test('a streamed chat completion arrives in pieces, with its usage', { timeout }, async () => {
  const stream = await bench.openai.chat.completions.create({
    model: 'mock-echo+mock-split-5',
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: AWKWARD }],
  });
  const pieces: string[] = [];
  let usage: OpenAI.CompletionUsage | null = null;
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta.content;
    if (piece) pieces.push(piece);
    if (chunk.usage) usage = chunk.usage;
  }
  assert.equal(pieces.join(''), AWKWARD);
  assert.ok(pieces.length > 4, `expected many pieces, got ${pieces.length}`);
  assert.ok(usage && usage.total_tokens > 0);
});

test('the first chunk arrives while the upstream is still sending', { timeout }, async () => {
  const stream = await bench.openai.chat.completions.create({
    model: 'mock-echo+mock-split-1+mock-slow-40',
    stream: true,
    messages: [{ role: 'user', content: 'one by one' }],
  });
  let outcomeAtFirst: string | null = null;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) outcomeAtFirst ??= bench.lastRequest().outcome;
  }
  assert.equal(outcomeAtFirst, 'open');
});

test('a chat tool is called, answered and followed by a text', { timeout }, async () => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: AWKWARD }];
  const called = await bench.openai.chat.completions.create({ model: MODEL, tools: [CHAT_TOOL], messages });
  const message = called.choices[0]?.message;
  const call = message?.tool_calls?.[0];
  assert.ok(message && call?.type === 'function');
  assert.equal(called.choices[0]?.finish_reason, 'tool_calls');
  assert.deepEqual(JSON.parse(call.function.arguments), { folder: AWKWARD, depth: 1 });

  messages.push(message, { role: 'tool', tool_call_id: call.id, content: 'a.txt\nb.txt' });
  const answered = await bench.openai.chat.completions.create({ model: MODEL, tools: [CHAT_TOOL], messages });
  assert.match(answered.choices[0]?.message.content ?? '', /the tool's answer: "a\.txt\nb\.txt"/);
});

test('a streamed chat tool call is put together from its pieces', { timeout }, async () => {
  const completion = await bench.openai.chat.completions
    .stream({ model: 'mock-split-3', tools: [CHAT_TOOL], messages: [{ role: 'user', content: AWKWARD }] })
    .finalChatCompletion();
  const call = completion.choices[0]?.message.tool_calls?.[0];
  assert.ok(call);
  assert.deepEqual(JSON.parse(call.function.arguments), { folder: AWKWARD, depth: 1 });
});

test('a response is answered by the upstream', { timeout }, async () => {
  const response = await bench.openai.responses.create({ model: MODEL, instructions: 'Answer briefly.', input: 'What did you see?' });
  assert.equal(response.status, 'completed');
  assert.match(response.output_text, /saw POST \/v1\/responses over HTTP\/1\.1.*a system text of 15 characters/);
});

test('a streamed response has every event in its order', { timeout }, async () => {
  const stream = await bench.openai.responses.create({ model: 'mock-echo+mock-split-4', stream: true, input: 'twelve chars' });
  const types: string[] = [];
  let next = 0;
  for await (const event of stream) {
    types.push(event.type);
    assert.equal(event.sequence_number, next);
    next += 1;
  }
  assert.deepEqual(types, [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
});

test('the responses helper gathers text, function call and reasoning', { timeout }, async () => {
  const text = await bench.openai.responses.stream({ model: 'mock-echo+mock-split-5', input: AWKWARD }).finalResponse();
  assert.equal(text.output_text, AWKWARD);

  const called = await bench.openai.responses
    .stream({
      model: 'mock-split-3',
      tools: [RESPONSES_TOOL],
      reasoning: { effort: 'low' },
      include: ['reasoning.encrypted_content'],
      input: [{ role: 'user', content: [{ type: 'input_text', text: AWKWARD }] }],
    })
    .finalResponse();
  const [reasoning, call] = called.output;
  assert.ok(reasoning?.type === 'reasoning');
  assert.match(Buffer.from(reasoning.encrypted_content ?? '', 'base64').toString(), /^sealed by the mock upstream/);
  assert.ok(call?.type === 'function_call');
  assert.deepEqual(JSON.parse(call.arguments), { folder: AWKWARD, depth: 1 });
});

test('a function call is answered with its output, and sealed reasoning goes up unchanged', { timeout }, async () => {
  const question: OpenAI.Responses.ResponseInputItem = { role: 'user', content: 'List /srv.' };
  const request = {
    model: MODEL,
    tools: [RESPONSES_TOOL],
    reasoning: { effort: 'low' as const },
    include: ['reasoning.encrypted_content' as const],
    store: false,
  };
  const called = await bench.openai.responses.create({ ...request, input: [question] });
  const call = called.output.find((item) => item.type === 'function_call');
  const reasoning = called.output.find((item) => item.type === 'reasoning');
  assert.ok(call && reasoning?.encrypted_content);
  const answered = await bench.openai.responses.create({
    ...request,
    input: [question, reasoning, call, { type: 'function_call_output', call_id: call.call_id, output: 'a.txt' }],
  });
  assert.match(answered.output_text, /the tool's answer: "a\.txt"/);
  assert.ok(bench.lastRequest().body.toString().includes(JSON.stringify(reasoning.encrypted_content)));
});

test('embeddings are the same in base64 and in numbers', { timeout }, async () => {
  const input = ['first text', 'zweiter Text'];
  // Without a format the SDK asks for base64 and decodes it.
  const decoded = await bench.openai.embeddings.create({ model: 'text-embedding-3-small', input });
  const plain = await bench.openai.embeddings.create({ model: 'text-embedding-3-small', input, encoding_format: 'float' });
  for (const { data } of [decoded, plain]) {
    assert.deepEqual(data.map(({ embedding }) => Array.from(embedding)), input.map(embeddingOf));
  }
});

test('models are listed and retrieved', { timeout }, async () => {
  const ids: string[] = [];
  for await (const model of bench.openai.models.list()) ids.push(model.id);
  assert.deepEqual(ids, ['gpt-5', 'text-embedding-3-small']);
  const model = await bench.openai.models.retrieve('gpt-5');
  assert.equal(model.owned_by, 'system');
  assert.equal(bench.lastRequest().url, '/v1/models/gpt-5');
});

test('answers that come compressed are read', { timeout }, async () => {
  for (const coding of ['gzip', 'deflate', 'br']) {
    const model = `mock-echo+mock-encode-${coding}`;
    const whole = await bench.openai.responses.create({ model, input: `packed by ${coding}` });
    assert.equal(whole.output_text, `packed by ${coding}`);
    const stream = await bench.openai.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: coding }] });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    assert.equal(text, coding);
  }
});
