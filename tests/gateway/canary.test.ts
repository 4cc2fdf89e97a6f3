import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { bodyOf, startRawUpstream, startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

/** One invented secret for every place that one can stand in. */
const CANARY = {
  gatewayKey: 'canary-gateway-key-4711',
  wrongKey: 'canary-wrong-key-4711',
  authorization: 'canary-authorization-4711',
  apiKey: 'canary-api-key-4711',
  cookie: 'canary-cookie-4711',
  headerName: 'x-canary-name-4711',
  query: 'canary-query-4711',
  path: 'canary-path-4711',
  body: 'canary-body-4711',
  answer: 'canary-answer-4711',
  answerHeader: 'canary-answer-header-4711',
  note: 'canary-note-4711',
  upstreamPath: 'canary-upstream-path-4711',
  token: 'canary-handwritten-token-4711',
  unknownToken: 'canary-unknown-token-4711',
  garbage: 'canary-garbage-4711',
  host: 'canary-host-4711',
  mode: 'canarymode4711',
} as const;

test('no token, key, header, query value or text ever stands in the log or the metrics', async (t) => {
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then(() => {
      res.setHeader('x-answer', CANARY.answerHeader);
      if (req.url?.includes('break')) {
        res.write(CANARY.answer);
        setImmediate(() => res.destroy());
      } else {
        res.end(JSON.stringify({ text: CANARY.answer }));
      }
    });
  });
  const broken = await startRawUpstream(t, (socket) => {
    socket.once('data', () => socket.end(`${CANARY.garbage} is not HTTP\r\n\r\n`));
  });
  const gateway = await startGateway(t, { env: { AEGIS_GATEWAY_KEY: CANARY.gatewayKey, AEGIS_MAX_REQUEST_BODY_BYTES: '2000' } });

  const headers = { authorization: `Bearer ${CANARY.authorization}`, 'x-api-key': CANARY.apiKey, cookie: `a=${CANARY.cookie}`, [CANARY.headerName]: '1', 'content-type': 'application/json' };
  const body = JSON.stringify({ messages: [{ content: CANARY.body }] });
  const tokens = [await gateway.register(`${upstream.url}/${CANARY.upstreamPath}`, { note: CANARY.note }), await gateway.register(broken.url), await gateway.register('http://127.0.0.1:9')];
  const secrets = [...Object.values(CANARY), ...tokens];
  const answers: string[] = [];

  async function post(target: string, init: RequestInit = {}): Promise<void> {
    try {
      const response = await fetch(`${gateway.url}${target}`, { method: 'POST', headers, body, ...init });
      const text = await response.text();
      // What the gateway itself answers is for the client's eyes, yet repeats nothing either.
      if (text.includes('"request_id"')) answers.push(text);
    } catch {
      // A break is one of the endings that are looked for.
    }
  }
  const query = `?key=${CANARY.query}`;
  for (const token of [...tokens, CANARY.unknownToken]) {
    for (const rest of ['/messages', `/${CANARY.path}/break`, '/chat/completions']) await post(`/v1/__gw__/t/${token}${rest}${query}`);
  }
  const [token = ''] = tokens;
  await post(`/v1/__gw__/t/${token}__passthrough/messages${query}`);
  await post(`/v1/__gw__/t/${token}__${CANARY.mode}/messages${query}`);
  await post(`/v1/__gw__/t/${token}/../${CANARY.path}${query}`);
  await post(`/v1/__gw__/t/${token}/%2e%2e/${CANARY.path}${query}`);
  await post(`/v1/${CANARY.path}${query}`);
  await post(`/${CANARY.path}`, { method: 'DELETE' });
  await post(`/v1/__gw__/t/${token}/messages`, { body: CANARY.body.repeat(500) });
  await post(`/v1/__gw__/t/${token}/messages`, { headers: { ...headers, 'content-encoding': 'gzip' } });
  await post(`/v1/__gw__/t/${token}/messages`, { headers: { ...headers, 'content-encoding': CANARY.garbage } });
  await post('/__gw__/register', { body: JSON.stringify({ upstream_base: `https://u:${CANARY.body}@h`, gateway_key: CANARY.gatewayKey }) });
  await post('/__gw__/register', { body: JSON.stringify({ upstream_base: `https://h/?${CANARY.query}`, gateway_key: CANARY.wrongKey }) });
  await post('/__gw__/register', { body: `{"${CANARY.body}` });
  await post('/__gw__/unregister', { body: JSON.stringify({ token: CANARY.unknownToken, gateway_key: CANARY.gatewayKey }) });
  for (const text of [requestText('GET', `/${CANARY.path}`).replace('127.0.0.1', CANARY.host), `${CANARY.garbage}\r\n\r\n`, `CONNECT ${CANARY.host}:443 HTTP/1.1\r\nHost: ${CANARY.host}\r\n\r\n`]) {
    const wire = await connectWire(t, gateway.port);
    wire.write(text);
    answers.push(await wire.waitFor('"request_id"'));
  }
  const upgrade = await connectWire(t, gateway.port);
  upgrade.write(requestText('GET', `/v1/__gw__/t/${token}/responses${query}`, ['Connection: Upgrade', 'Upgrade: websocket', `X-A: ${CANARY.apiKey}`]));
  answers.push(await upgrade.waitFor('"request_id"'));

  await writeFile(gateway.tokensPath, `{"tokens":{"${CANARY.token}":{"upstream_base":"${CANARY.body}"}}}`);
  await until('the broken edit to be told', () => gateway.log().includes('not taken over'));
  await post('/__gw__/register', { body: JSON.stringify({ upstream_base: 'http://127.0.0.1:10', gateway_key: CANARY.gatewayKey }) });

  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  assert.ok(answers.length > 20 && gateway.log().split('\n').length > 25, 'there was much to tell');
  for (const secret of secrets) {
    assert.ok(!gateway.log().toLowerCase().includes(secret.toLowerCase()), `the log holds ${secret}`);
    assert.ok(!metrics.toLowerCase().includes(secret.toLowerCase()), `the metrics hold ${secret}`);
    for (const answer of answers) assert.ok(!answer.toLowerCase().includes(secret.toLowerCase()), `an error repeats ${secret}: ${answer}`);
  }
});
