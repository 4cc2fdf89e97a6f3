/**
 * The same call of the same SDK, once straight to the upstream and once through the gateway: the upstream must not be
 * able to tell the two apart, and the client must get what the upstream sent.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMockUpstream } from '../support/mock-upstream.ts';
import type { MockUpstream, RecordedRequest } from '../support/mock-upstream.ts';
import { anthropicAt, DIRECT, openAiAt, openBench, TEST_DEADLINE_MS } from './workbench.ts';
import type { Bench } from './workbench.ts';

const timeout = TEST_DEADLINE_MS;
const TEXT = 'Nothing here is secret: Grüße, 世界 🌍, "quotes", C:\\new\\table\n\u0007 and </script>.';

/** Belongs to one connection, or may differ by the contract (`identity` is asked for where filters apply). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'accept-encoding']);
/** What the gateway may add to an answer, and what Node adds to each. */
const ADDED_TO_ANSWERS: ReadonlySet<string> = new Set(['x-aegis-request-id', 'x-aegis-findings', 'date']);

/** Makes one call and gives back the answer before the SDK has read it. */
type Call = (baseFor: { anthropic: string; openai: string }) => Promise<Response>;

const message = { model: 'claude-sonnet-5', max_tokens: 50, messages: [{ role: 'user' as const, content: TEXT }] };
const chat = { model: 'gpt-5', messages: [{ role: 'user' as const, content: TEXT }] };

const CALLS: ReadonlyArray<readonly [string, Call]> = [
  ['anthropic message', (base) => anthropicAt(base.anthropic).messages.create(message).asResponse()],
  ['anthropic stream', (base) => anthropicAt(base.anthropic).messages.create({ ...message, stream: true }).asResponse()],
  ['anthropic token count', (base) => anthropicAt(base.anthropic).messages.countTokens({ model: message.model, messages: message.messages }).asResponse()],
  ['anthropic models', (base) => anthropicAt(base.anthropic).models.list({ limit: 2 }).asResponse()],
  ['openai chat', (base) => openAiAt(base.openai).chat.completions.create(chat).asResponse()],
  ['openai chat stream', (base) => openAiAt(base.openai).chat.completions.create({ ...chat, stream: true }).asResponse()],
  ['openai response', (base) => openAiAt(base.openai).responses.create({ model: 'gpt-5', input: TEXT }).asResponse()],
  ['openai response stream', (base) => openAiAt(base.openai).responses.create({ model: 'gpt-5', input: TEXT, stream: true }).asResponse()],
  ['openai embeddings', (base) => openAiAt(base.openai).embeddings.create({ model: 'text-embedding-3-small', input: TEXT }).asResponse()],
  ['openai model', (base) => openAiAt(base.openai).models.retrieve('gpt-5').asResponse()],
];

let bench: Bench;
let straight: MockUpstream;
before(async () => {
  straight = await startMockUpstream({ strict: true });
  bench = await openBench();
});
after(async () => {
  await bench.close();
  await straight.close();
});

function pairsOf(rawHeaders: readonly string[], left: ReadonlySet<string>): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!left.has(name.toLowerCase())) pairs.push([name, value]);
  }
  return pairs;
}

/** Names in lower case and order of name, as `fetch` shows them. */
function asFetchShows(pairs: [string, string][]): [string, string][] {
  return pairs.map(([name, value]): [string, string] => [name.toLowerCase(), value]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function lastOf(mock: MockUpstream): RecordedRequest {
  const last = mock.requests.at(-1);
  assert.ok(last, 'no request has reached the mock upstream');
  return last;
}

for (const [name, call] of CALLS) {
  test(`${name}: upstream and client see what they would see without a gateway`, { timeout, skip: DIRECT }, async () => {
    await (await call({ anthropic: straight.url, openai: `${straight.url}/v1` })).arrayBuffer();
    const response = await call({ anthropic: bench.baseUrl, openai: bench.baseUrl });
    const got = Buffer.from(await response.arrayBuffer());

    const plain = lastOf(straight);
    const seen = lastOf(bench.mock);
    assert.equal(`${seen.method} ${seen.url}`, `${plain.method} ${plain.url}`);
    assert.deepEqual(pairsOf(seen.rawHeaders, OF_THE_CONNECTION), pairsOf(plain.rawHeaders, OF_THE_CONNECTION));
    assert.ok(seen.body.equals(plain.body), 'the body differs');
    assert.equal(seen.header('host'), new URL(bench.mock.url).host);

    const { answer } = seen;
    assert.ok(answer);
    assert.equal(response.status, answer.status);
    assert.ok(got.equals(answer.body()), 'the answer differs');
    const left = new Set([...OF_THE_CONNECTION, ...ADDED_TO_ANSWERS]);
    assert.deepEqual(asFetchShows(pairsOf([...response.headers].flat(), left)), asFetchShows(pairsOf(answer.rawHeaders, left)));
    assert.ok(response.headers.get('x-aegis-request-id'), 'the answer has no x-aegis-request-id');
  });
}
