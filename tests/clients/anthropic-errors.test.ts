import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { anthropicAt, DIRECT, endOf, gatewayOf, openBench, rejection, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const timeout = TEST_DEADLINE_MS;
const LONG_TEXT = 'A text long enough for a stream of many pieces. '.repeat(20);

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

function ask(client: Anthropic, model: string): Promise<Anthropic.Message> {
  return client.messages.create({ model, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] });
}

/** The `code` of the gateway's envelope. */
function codeOf(error: InstanceType<typeof Anthropic.APIError>): unknown {
  const body = error.error as { error?: { code?: unknown } } | undefined;
  return body?.error?.code;
}

const UPSTREAM_ERRORS = [
  [400, Anthropic.BadRequestError, 'invalid_request_error'],
  [401, Anthropic.AuthenticationError, 'authentication_error'],
  [403, Anthropic.PermissionDeniedError, 'permission_error'],
  [404, Anthropic.NotFoundError, 'not_found_error'],
  [429, Anthropic.RateLimitError, 'rate_limit_error'],
  [500, Anthropic.InternalServerError, 'api_error'],
  [529, Anthropic.InternalServerError, 'overloaded_error'],
] as const;

for (const [status, kind, type] of UPSTREAM_ERRORS) {
  test(`the upstream's ${status} becomes ${kind.name}`, { timeout }, async () => {
    const error = await rejection(ask(bench.anthropic, `mock-error-${status}`), kind);
    assert.equal(error.status, status);
    assert.equal(error.type, type);
    assert.match(error.message, /The mock upstream was asked to answer/);
    assert.match(error.requestID ?? '', /^req_mock\d{6}$/);
    if (status === 429 || status === 529) assert.equal(error.headers?.get('retry-after'), '1');
    assert.equal(error.headers?.get('anthropic-ratelimit-requests-remaining'), '3999');
  });
}

test('one 529 is retried and then answered', { timeout }, async () => {
  const client = bench.anthropic.withOptions({ maxRetries: 1 });
  const before = bench.mock.requests.length;
  const message = await ask(client, 'mock-echo+mock-error-529-once+mock-retry-after-0');
  assert.deepEqual(message.content, [{ type: 'text', text: 'hi' }]);
  const tries = bench.mock.requests.slice(before);
  assert.deepEqual(tries.map((request) => request.header('x-stainless-retry-count')), ['0', '1']);
});

test('an error event within the stream is raised', { timeout }, async () => {
  const stream = bench.anthropic.messages.stream({
    model: 'mock-echo+mock-inband-error-2',
    max_tokens: 10,
    messages: [{ role: 'user', content: LONG_TEXT }],
  });
  const error = await rejection(stream.finalMessage(), Anthropic.APIError);
  assert.match(error.message, /asked to fail within the stream/);
});

test('a stream that the upstream cuts is an error, not an end', { timeout }, async () => {
  const stream = await bench.anthropic.messages.create({
    model: 'mock-echo+mock-cut-2',
    max_tokens: 10,
    stream: true,
    messages: [{ role: 'user', content: LONG_TEXT }],
  });
  let deltas = 0;
  await rejection(
    (async () => {
      for await (const event of stream) if (event.type === 'content_block_delta') deltas += 1;
    })(),
    Error,
  );
  assert.equal(deltas, 2);
});

test('hanging up in the middle of a stream closes the exchange at the upstream', { timeout }, async () => {
  const stream = await bench.anthropic.messages.create({
    model: 'mock-echo+mock-slow-50',
    max_tokens: 10,
    stream: true,
    messages: [{ role: 'user', content: LONG_TEXT }],
  });
  let deltas = 0;
  for await (const event of stream) {
    if (event.type === 'content_block_delta') deltas += 1;
    if (deltas === 2) break;
  }
  assert.equal(await endOf(bench.lastRequest()), 'aborted');
});

test('hanging up before the first byte closes the exchange at the upstream', { timeout }, async () => {
  const stop = new AbortController();
  const before = bench.mock.requests.length;
  const call = bench.anthropic.messages.create(
    { model: 'mock-slow-10000', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] },
    { signal: stop.signal },
  );
  const rejected = rejection(call, Anthropic.APIUserAbortError);
  await bench.mock.waitForRequests(before + 1);
  stop.abort();
  await rejected;
  assert.equal(await endOf(bench.lastRequest()), 'aborted');
});

test('an unknown token becomes NotFoundError with the code of the gateway', { timeout, skip: DIRECT }, async () => {
  const unknown = `${gatewayOf(bench).url}/v1/__gw__/t/NoSuchTokenNoSuchToken00`;
  const before = bench.mock.requests.length;
  const error = await rejection(ask(anthropicAt(unknown), 'claude-sonnet-5'), Anthropic.NotFoundError);
  assert.equal(codeOf(error), 'token_not_found');
  assert.match(error.apiMessage ?? '', /token/i);
  assert.equal(bench.mock.requests.length, before);
});

test('a base URL without a token becomes BadRequestError that shows the right form', { timeout, skip: DIRECT }, async () => {
  const error = await rejection(ask(anthropicAt(gatewayOf(bench).url), 'claude-sonnet-5'), Anthropic.BadRequestError);
  assert.equal(codeOf(error), 'invalid_parameters');
  assert.match(error.apiMessage ?? '', /\/v1\/__gw__\/t\//);
});

test('an upstream that is not there becomes InternalServerError with status 502', { timeout, skip: DIRECT }, async () => {
  // Port 9 of loopback is the discard service, which nothing serves here.
  const { baseUrl } = await gatewayOf(bench).register('http://127.0.0.1:9/v1');
  const error = await rejection(ask(anthropicAt(baseUrl), 'claude-sonnet-5'), Anthropic.InternalServerError);
  assert.equal(error.status, 502);
  assert.equal(codeOf(error), 'upstream_unreachable');
});
