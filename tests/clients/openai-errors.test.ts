import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { DIRECT, endOf, gatewayOf, openAiAt, openBench, rejection, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const timeout = TEST_DEADLINE_MS;
const LONG_TEXT = 'A text long enough for a stream of many pieces. '.repeat(20);

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

function ask(client: OpenAI, model: string): Promise<OpenAI.ChatCompletion> {
  return client.chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }] });
}

const UPSTREAM_ERRORS = [
  [400, OpenAI.BadRequestError, null],
  [401, OpenAI.AuthenticationError, 'invalid_api_key'],
  [403, OpenAI.PermissionDeniedError, null],
  [404, OpenAI.NotFoundError, 'unknown_url'],
  [429, OpenAI.RateLimitError, 'rate_limit_exceeded'],
  [500, OpenAI.InternalServerError, null],
  [503, OpenAI.InternalServerError, null],
] as const;

for (const [status, kind, code] of UPSTREAM_ERRORS) {
  test(`the upstream's ${status} becomes ${kind.name}`, { timeout }, async () => {
    const error = await rejection(ask(bench.openai, `mock-error-${status}`), kind);
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    assert.match(error.message, /The mock upstream was asked to answer/);
    assert.match(error.requestID ?? '', /^req_mock\d{6}$/);
    if (status === 429 || status === 503) assert.equal(error.headers?.get('retry-after'), '1');
    assert.equal(error.headers?.get('x-ratelimit-remaining-requests'), '9999');
  });
}

test('one 429 is retried and then answered', { timeout }, async () => {
  const client = bench.openai.withOptions({ maxRetries: 1 });
  const before = bench.mock.requests.length;
  const completion = await ask(client, 'mock-echo+mock-error-429-once');
  assert.equal(completion.choices[0]?.message.content, 'hi');
  const [first, second, ...more] = bench.mock.requests.slice(before);
  assert.equal(first?.answer?.status, 429);
  assert.equal(second?.answer?.status, 200);
  assert.equal(second?.header('x-stainless-retry-count'), '1');
  assert.deepEqual(first?.body, second?.body);
  assert.equal(more.length, 0);
});

test('an error within a chat stream is raised', { timeout }, async () => {
  const stream = await bench.openai.chat.completions.create({
    model: 'mock-echo+mock-inband-error-2',
    stream: true,
    messages: [{ role: 'user', content: LONG_TEXT }],
  });
  const error = await rejection(
    (async () => {
      for await (const chunk of stream) assert.ok(chunk);
    })(),
    OpenAI.APIError,
  );
  assert.match(error.message, /asked to fail within the stream/);
});

test('a response that fails within the stream says so', { timeout }, async () => {
  const stream = await bench.openai.responses.create({ model: 'mock-echo+mock-inband-error-2', stream: true, input: LONG_TEXT });
  let failure: string | null = null;
  for await (const event of stream) if (event.type === 'response.failed') failure = event.response.error?.message ?? null;
  assert.match(failure ?? '', /asked to fail within the stream/);
});

test('a stream that the upstream cuts is an error, not an end', { timeout }, async () => {
  const chat = await bench.openai.chat.completions.create({
    model: 'mock-echo+mock-cut-2',
    stream: true,
    messages: [{ role: 'user', content: LONG_TEXT }],
  });
  let deltas = 0;
  await rejection(
    (async () => {
      for await (const chunk of chat) if (chunk.choices[0]?.delta.content) deltas += 1;
    })(),
    Error,
  );
  assert.equal(deltas, 2);

  const responses = await bench.openai.responses.create({ model: 'mock-echo+mock-cut-2', stream: true, input: LONG_TEXT });
  await rejection(
    (async () => {
      for await (const event of responses) assert.notEqual(event.type, 'response.completed');
    })(),
    Error,
  );
});

test('hanging up in the middle of a stream closes the exchange at the upstream', { timeout }, async () => {
  const stream = await bench.openai.chat.completions.create({
    model: 'mock-echo+mock-slow-50',
    stream: true,
    messages: [{ role: 'user', content: LONG_TEXT }],
  });
  let deltas = 0;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) deltas += 1;
    if (deltas === 2) break;
  }
  assert.equal(await endOf(bench.lastRequest()), 'aborted');
});

test('aborting a call before its first byte closes the exchange at the upstream', { timeout }, async () => {
  const stop = new AbortController();
  const before = bench.mock.requests.length;
  const call = bench.openai.responses.create({ model: 'mock-slow-10000', input: 'hi' }, { signal: stop.signal });
  const rejected = rejection(call, OpenAI.APIUserAbortError);
  await bench.mock.waitForRequests(before + 1);
  stop.abort();
  await rejected;
  assert.equal(await endOf(bench.lastRequest()), 'aborted');
});

test('an unknown token becomes NotFoundError with the code of the gateway', { timeout, skip: DIRECT }, async () => {
  const unknown = `${gatewayOf(bench).url}/v1/__gw__/t/NoSuchTokenNoSuchToken00`;
  const before = bench.mock.requests.length;
  const error = await rejection(ask(openAiAt(unknown), 'gpt-5'), OpenAI.NotFoundError);
  assert.equal(error.code, 'token_not_found');
  assert.match(error.message, /token/i);
  assert.equal(bench.mock.requests.length, before);
});

test('a base URL without a token becomes BadRequestError that shows the right form', { timeout, skip: DIRECT }, async () => {
  const error = await rejection(ask(openAiAt(`${gatewayOf(bench).url}/v1`), 'gpt-5'), OpenAI.BadRequestError);
  assert.equal(error.code, 'invalid_parameters');
  assert.match(error.message, /\/v1\/__gw__\/t\//);
});

test('an upstream that is not there becomes InternalServerError with status 502', { timeout, skip: DIRECT }, async () => {
  // Port 9 of loopback is the discard service, which nothing serves here.
  const { baseUrl } = await gatewayOf(bench).register('http://127.0.0.1:9/v1');
  const error = await rejection(ask(openAiAt(baseUrl), 'gpt-5'), OpenAI.InternalServerError);
  assert.equal(error.status, 502);
  assert.equal(error.code, 'upstream_unreachable');
});
