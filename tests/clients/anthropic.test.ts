import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type Anthropic from '@anthropic-ai/sdk';
import { headerOf } from '../support/mock-upstream.ts';
import { anthropicAt, DIRECT, gatewayOf, openBench, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const MODEL = 'claude-sonnet-5';
const timeout = TEST_DEADLINE_MS;

const LIST_FILES: Anthropic.Tool = {
  name: 'list_files',
  description: 'Lists the files of a folder.',
  input_schema: {
    type: 'object',
    properties: { folder: { type: 'string' }, depth: { type: 'integer' } },
    required: ['folder', 'depth'],
  },
};

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

function textOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

test('a message is answered by the upstream', { timeout }, async () => {
  const message = await bench.anthropic.messages.create({
    model: MODEL,
    max_tokens: 100,
    system: 'Answer briefly.',
    messages: [{ role: 'user', content: 'What did you see? Grüße, 世界 🌍' }],
  });
  assert.equal(message.stop_reason, 'end_turn');
  assert.match(textOf(message), /saw POST \/v1\/messages over HTTP\/1\.1/);
  assert.match(textOf(message), /What did you see\? Grüße, 世界 🌍/);
  assert.ok(message.usage.output_tokens > 0);
  assert.equal(message._request_id, headerOf(bench.lastRequest().answer?.rawHeaders ?? [], 'request-id'));
});

test('the stream helper gathers the whole message', { timeout }, async () => {
  const stream = bench.anthropic.messages.stream({
    model: 'mock-echo+mock-split-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Ein längerer Text, 一段较长的文字, with 🌍 in it.' }],
  });
  const pieces: string[] = [];
  stream.on('text', (piece) => pieces.push(piece));
  const message = await stream.finalMessage();
  assert.equal(textOf(message), 'Ein längerer Text, 一段较长的文字, with 🌍 in it.');
  assert.equal(pieces.join(''), textOf(message));
  assert.ok(pieces.length > 5, `expected many pieces, got ${pieces.length}`);
});

test('the raw stream has every event in its order', { timeout }, async () => {
  const stream = await bench.anthropic.messages.create({
    model: 'mock-echo+mock-split-4',
    max_tokens: 100,
    stream: true,
    messages: [{ role: 'user', content: 'twelve chars' }],
  });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, [
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
});

test('the first delta arrives while the upstream is still sending', { timeout }, async () => {
  const stream = await bench.anthropic.messages.create({
    model: 'mock-echo+mock-split-1+mock-slow-40',
    max_tokens: 100,
    stream: true,
    messages: [{ role: 'user', content: 'one by one' }],
  });
  let outcomeAtFirst: string | null = null;
  let text = '';
  for await (const event of stream) {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue;
    outcomeAtFirst ??= bench.lastRequest().outcome;
    text += event.delta.text;
  }
  assert.equal(outcomeAtFirst, 'open');
  assert.equal(text, 'one by one');
});

test('a tool is called, answered and followed by a text', { timeout }, async () => {
  const question: Anthropic.MessageParam = { role: 'user', content: '/srv/data "quoted" \\ and\nmore' };
  const request = { model: MODEL, max_tokens: 100, tools: [LIST_FILES] };
  const called = await bench.anthropic.messages.create({ ...request, messages: [question] });
  assert.equal(called.stop_reason, 'tool_use');
  const use = called.content.find((block) => block.type === 'tool_use');
  assert.ok(use);
  assert.equal(use.name, 'list_files');
  assert.deepEqual(use.input, { folder: '/srv/data "quoted" \\ and\nmore', depth: 1 });

  const answered = await bench.anthropic.messages.create({
    ...request,
    messages: [
      question,
      { role: 'assistant', content: called.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'a.txt\nb.txt' }] },
    ],
  });
  assert.equal(answered.stop_reason, 'end_turn');
  assert.match(textOf(answered), /the tool's answer: "a\.txt\nb\.txt"/);
});

test('a streamed tool call is put together from its pieces', { timeout }, async () => {
  const stream = bench.anthropic.messages.stream({
    model: 'mock-all-tools+mock-split-3',
    max_tokens: 100,
    tools: [LIST_FILES, { ...LIST_FILES, name: 'count_files' }],
    messages: [{ role: 'user', content: 'C:\\new\\table 世界' }],
  });
  const message = await stream.finalMessage();
  const uses = message.content.filter((block) => block.type === 'tool_use');
  assert.deepEqual(uses.map((use) => use.name), ['list_files', 'count_files']);
  for (const use of uses) assert.deepEqual(use.input, { folder: 'C:\\new\\table 世界', depth: 1 });
});

test('thinking and its signature come back and go up again unchanged', { timeout }, async () => {
  const request = { model: MODEL, max_tokens: 2000, thinking: { type: 'enabled' as const, budget_tokens: 1024 } };
  const question: Anthropic.MessageParam = { role: 'user', content: 'Think first.' };
  const first = await bench.anthropic.messages.stream({ ...request, messages: [question] }).finalMessage();
  const thinking = first.content[0];
  assert.ok(thinking?.type === 'thinking');
  assert.match(Buffer.from(thinking.signature, 'base64').toString(), /^signed by the mock upstream: The request has 1 messages/);

  await bench.anthropic.messages.create({
    ...request,
    messages: [question, { role: 'assistant', content: first.content }, { role: 'user', content: 'Go on.' }],
  });
  const seen = bench.lastRequest().body.toString();
  assert.ok(seen.includes(JSON.stringify(thinking.signature)));
  assert.ok(seen.includes(JSON.stringify(thinking.thinking)));
});

test('tokens are counted', { timeout }, async () => {
  const count = await bench.anthropic.messages.countTokens({ model: MODEL, messages: [{ role: 'user', content: 'How many?' }] });
  assert.equal(count.input_tokens, Math.ceil(bench.lastRequest().body.length / 4));
  assert.equal(bench.lastRequest().url, '/v1/messages/count_tokens');
});

test('models are listed and retrieved', { timeout }, async () => {
  const ids: string[] = [];
  for await (const model of bench.anthropic.models.list()) ids.push(model.id);
  assert.deepEqual(ids, ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-5-5']);
  assert.equal(bench.lastRequest().url, '/v1/models');
  const model = await bench.anthropic.models.retrieve('claude-haiku-5-5');
  assert.equal(model.display_name, 'Claude Haiku 5.5');
  assert.equal(bench.lastRequest().url, '/v1/models/claude-haiku-5-5');
});

test('a query of the client reaches the upstream as it is', { timeout }, async () => {
  await bench.anthropic.messages.create(
    { model: MODEL, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] },
    { query: { beta: 'true', empty: '', odd: 'a b&c=ü' } },
  );
  assert.equal(bench.lastRequest().url, '/v1/messages?beta=true&empty=&odd=a%20b%26c%3D%C3%BC');
});

test('the upstream may be registered with its version segment or without', { timeout, skip: DIRECT }, async () => {
  const { baseUrl } = await gatewayOf(bench).register(bench.mock.url);
  const message = await anthropicAt(baseUrl).messages.create({
    model: MODEL,
    max_tokens: 10,
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.match(textOf(message), /saw POST \/v1\/messages over/);
});

test('answers that come compressed are read', { timeout }, async () => {
  for (const coding of ['gzip', 'deflate', 'br']) {
    const request: Anthropic.MessageCreateParamsNonStreaming = {
      model: `mock-echo+mock-encode-${coding}`,
      max_tokens: 10,
      messages: [{ role: 'user', content: `packed by ${coding}` }],
    };
    assert.equal(textOf(await bench.anthropic.messages.create(request)), `packed by ${coding}`);
    assert.equal(textOf(await bench.anthropic.messages.stream(request).finalMessage()), `packed by ${coding}`);
  }
});

test('a stream in pieces of three bytes with CRLF line ends is read', { timeout }, async () => {
  const message = await bench.anthropic.messages
    .stream({ model: 'mock-echo+mock-chunk-3+mock-crlf', max_tokens: 10, messages: [{ role: 'user', content: 'größer 🌍' }] })
    .finalMessage();
  assert.equal(textOf(message), 'größer 🌍');
});
