// A secret on its way through the gateway: a placeholder goes up, the original comes back, on every wire.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { startMockUpstream, type MockUpstream } from '../support/mock-upstream.ts';
import { SECRETS } from '../support/redaction.ts';
import { until } from '../support/until.ts';

interface Scene {
  readonly gateway: TestGateway;
  readonly mock: MockUpstream;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

async function scene(t: TestContext, options: TestGatewayOptions = {}): Promise<Scene> {
  const mock = await startMockUpstream();
  t.after(() => mock.close());
  const gateway = await startGateway(t, options);
  const token = await gateway.register(`${mock.url}/v1`);
  return {
    gateway,
    mock,
    post: (path, body, headers = {}) =>
      fetch(`${gateway.url}/v1/__gw__/t/${token}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': 'invented', 'anthropic-version': '2023-06-01', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

const TEXT = `deploy with ${SECRETS.github} and password: "${SECRETS.password}" now`;

const ASKED: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ['Anthropic messages', '/v1/messages', { max_tokens: 100, messages: [{ role: 'user', content: TEXT }] }],
  ['Chat Completions', '/chat/completions', { messages: [{ role: 'user', content: TEXT }] }],
  ['Responses', '/responses', { input: TEXT }],
];

function assertNothingLeft(mock: MockUpstream): void {
  for (const request of mock.requests) {
    const sent = request.body.toString('utf8');
    for (const secret of [SECRETS.github, SECRETS.password]) assert.ok(!sent.includes(secret), 'the upstream saw a secret');
    assert.match(sent, /aegis-github-token-[a-z2-7]{12}/);
  }
}

for (const [wire, path, body] of ASKED) {
  test(`${wire}: the echo of a secret comes back as the secret, and the upstream never saw it`, async (t) => {
    const { post, mock } = await scene(t);
    const response = await post(path, { model: 'mock-echo', ...body });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.ok(text.includes(SECRETS.github) && text.includes(SECRETS.password), text);
    assert.ok(!text.includes('aegis-github'), 'no placeholder is left');
    assert.equal(response.headers.get('content-length'), String(Buffer.byteLength(text)));
    assert.match(response.headers.get('x-aegis-findings') ?? '', /=redact/);
    assertNothingLeft(mock);
  });

  for (const split of ['1', '7', '1000']) {
    test(`${wire}, streamed in deltas of ${split}: the secret comes back whole`, async (t) => {
      const { post, mock } = await scene(t);
      const response = await post(path, { model: `mock-echo+mock-split-${split}`, stream: true, ...body });
      const text = deltas(await response.text());
      assert.equal(response.status, 200);
      assert.ok(text.includes(SECRETS.github), text);
      assert.ok(text.includes(SECRETS.password), text);
      assert.ok(!/aegis-g/.test(text));
      assertNothingLeft(mock);
    });
  }
}

/** The text of a stream's deltas, of whatever wire. */
function deltas(stream: string): string {
  let text = '';
  for (const line of stream.split(/\r?\n/)) {
    if (!line.startsWith('data: {')) continue;
    const event = JSON.parse(line.slice(6)) as { type?: string; delta?: unknown; choices?: { delta?: { content?: string } }[] };
    if (typeof event.delta === 'string' && event.type === 'response.output_text.delta') text += event.delta;
    else if (typeof event.delta === 'object' && event.delta !== null && 'text' in event.delta) text += String(event.delta.text);
    text += event.choices?.[0]?.delta?.content ?? '';
  }
  return text;
}

test('a body without secrets goes up byte for byte', async (t) => {
  const { post, mock } = await scene(t);
  const body = ' { "model" : "m",\n"max_tokens":1e2, "messages":[{"role":"user","content":"h\\u0065llo \\/ w\\u00f6rld"}] }\n';
  const response = await post('/v1/messages', body);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-aegis-findings'), null);
  assert.equal(mock.requests[0]?.body.toString(), body);
});

test('a body that says it is JSON and is not is refused with the offset, and nothing goes up', async (t) => {
  const { post, mock } = await scene(t);
  const response = await post('/v1/messages', `{"content": ${SECRETS.github}}`);
  assert.equal(response.status, 400);
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  assert.equal(error.code, 'invalid_parameters');
  assert.match(error.message, /at byte 12/);
  assert.ok(!error.message.includes('ghp_'));
  assert.equal(mock.requests.length, 0);
});

test('JSON under another type is scanned all the same, other text is not JSON and passes', async (t) => {
  const { post, mock } = await scene(t);
  await (await post('/x', `  {"key": "${SECRETS.github}"}`, { 'content-type': 'text/plain' })).text();
  await (await post('/x', 'just a line', { 'content-type': 'text/plain' })).text();
  assert.ok(!mock.requests[0]?.body.includes(SECRETS.github));
  assert.equal(mock.requests[1]?.body.toString(), 'just a line');
});

test('passthrough redacts nothing, and __redact does', async (t) => {
  const { gateway, mock } = await scene(t);
  const token = await gateway.register(`${mock.url}/v1`);
  for (const suffix of ['__passthrough', '__redact']) {
    const url = `${gateway.url}/v1/__gw__/t/${token}${suffix}/chat/completions`;
    await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'mock-echo', messages: [{ role: 'user', content: TEXT }] }) })).text();
  }
  assert.ok(mock.requests[0]?.body.includes(SECRETS.github));
  assert.ok(!mock.requests[1]?.body.includes(SECRETS.github));
});

test('the audit log tells rule, place and fingerprint of each finding and never the value; metrics count it', async (t) => {
  const { gateway, post } = await scene(t);
  await (await post('/v1/messages', { model: 'mock-echo', max_tokens: 9, messages: [{ role: 'user', content: TEXT }] })).text();
  await until('the audit to be written', () => gateway.log().includes('"exchange"'));
  await gateway.gateway.drain(1000);
  const audit = await readFile(`${gateway.folder}/audit.jsonl`, 'utf8');
  const entries = audit.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.ok(entries.some((entry) => entry['kind'] === 'github-token' && entry['place'] === 'messages.content' && entry['action'] === 'redact'));
  for (const secret of Object.values(SECRETS)) {
    assert.ok(!audit.includes(secret));
    assert.ok(!gateway.log().includes(secret));
  }
});

test('metrics count findings by rule', async (t) => {
  const { gateway, post } = await scene(t);
  await (await post('/v1/messages', { model: 'mock-echo', max_tokens: 9, messages: [{ role: 'user', content: TEXT }] })).text();
  assert.ok((await metric(gateway, 'aegis_findings_total')) >= 2);
});
