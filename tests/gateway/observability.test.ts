import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenFingerprint } from '../../src/tokens/token.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { parsePrometheus } from '../support/prometheus.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';

type Line = Record<string, unknown>;

function logLines(gateway: TestGateway): Line[] {
  return gateway.log().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

async function exchangeLine(gateway: TestGateway, requestId: string | null): Promise<Line> {
  const find = (): Line | undefined => logLines(gateway).find((line) => line['msg'] === 'exchange' && line['id'] === requestId);
  await until('the exchange\'s line in the log', () => find() !== undefined);
  return find() ?? {};
}

test('/health and /ready answer anybody, with the service\'s name and a request id', async (t) => {
  const gateway = await startGateway(t, { env: { AEGIS_ADMIN_ALLOW: '' } });
  for (const [path, status] of [['/health', 'ok'], ['/ready', 'ready']] as const) {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(gateway.url + path, { method, headers: { 'x-forwarded-for': '192.0.2.1' } });
      assert.equal(response.status, 200);
      assert.match(response.headers.get('x-aegis-request-id') ?? '', /^req_[0-9a-f]{32}$/);
      if (method === 'GET') assert.deepEqual(await response.json(), { service: 'aegisgate', status });
    }
  }
});

test('/metrics is whole in its format and counts what happened', async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('four')));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (let i = 0; i < 3; i++) await (await fetch(`${gateway.url}/v1/__gw__/t/${token}/chat/completions`, { method: 'POST', body: 'abcde' })).text();
  await (await fetch(`${gateway.url}/v1/messages`, { method: 'POST' })).text();
  await (await fetch(`${gateway.url}/v1/__gw__/t/unknown/messages`, { method: 'POST' })).text();
  await until('three exchanges to be over', () => logLines(gateway).filter((line) => line['msg'] === 'exchange').length === 3);
  const response = await fetch(`${gateway.url}/metrics`);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const metrics = parsePrometheus(await response.text());
  const value = (name: string, labels = ''): number | undefined => metrics.get(name)?.samples.get(name + labels);
  assert.equal(value('aegis_exchanges_total', '{wire="openai-chat",method="POST",status="200",outcome="complete"}'), 3);
  assert.equal(value('aegis_request_bytes_total', '{wire="openai-chat"}'), 15);
  assert.equal(value('aegis_response_bytes_total', '{wire="openai-chat"}'), 12);
  assert.equal(value('aegis_refusals_total', '{code="invalid_parameters"}'), 1);
  assert.equal(value('aegis_refusals_total', '{code="token_not_found"}'), 1);
  assert.equal(value('aegis_exchanges_open'), 0);
  assert.equal(value('aegis_tokens'), 1);
  assert.ok((value('aegis_client_connections') ?? 0) >= 1);
  assert.ok((value('process_resident_memory_bytes') ?? 0) > 1_000_000);
});

test('each exchange has its line, with what it was and how it ended', async (t) => {
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then(() => {
      res.statusCode = 201;
      res.end('four');
    });
  });
  const gateway = await startGateway(t);
  const token = await gateway.register(`${upstream.url}/v1`);
  const response = await fetch(`${gateway.url}/v1/__gw__/t/${token}/v1/messages?beta=true`, { method: 'POST', body: 'abcde' });
  await response.text();
  const line = await exchangeLine(gateway, response.headers.get('x-aegis-request-id'));
  const { time, firstByteMs, ms, ...fixed } = line;
  assert.deepEqual(fixed, {
    level: 'info', msg: 'exchange', id: response.headers.get('x-aegis-request-id'), token: tokenFingerprint(token), wire: 'anthropic-messages', method: 'POST', status: 201, outcome: 'complete', bytesIn: 5, bytesOut: 4,
  });
  assert.ok(!Number.isNaN(Date.parse(String(time))));
  assert.ok(typeof firstByteMs === 'number' && typeof ms === 'number' && ms >= firstByteMs);
});

test('an exchange that fails says how in its line, under the id that the client was told', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  const response = await fetch(`${gateway.url}/v1/__gw__/t/${token}/responses`, { method: 'POST', body: '{}' });
  assert.equal(response.status, 502);
  const { request_id: id } = (await response.json()) as { request_id: string };
  const line = await exchangeLine(gateway, id);
  assert.deepEqual([line['status'], line['outcome'], line['wire'], line['code']], [502, 'refused', 'openai-responses', 'upstream_unreachable']);
});

test('a request that never became an exchange has a line with its code', async (t) => {
  const gateway = await startGateway(t);
  const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST' });
  const { request_id: id } = (await response.json()) as { request_id: string };
  const line = logLines(gateway).find((each) => each['id'] === id);
  assert.deepEqual([line?.['msg'], line?.['code'], line?.['status']], ['refused', 'invalid_parameters', 400]);
});
