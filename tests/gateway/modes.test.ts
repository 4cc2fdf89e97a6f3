import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilterSource } from '../../src/pipeline/filter.ts';
import { assertRefused, exchange } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

test('a suffix chooses the mode over the token\'s own, and another is refused', async (t) => {
  const asked: string[] = [];
  const source: FilterSource = ({ mode }) => {
    asked.push(mode);
    return { request: () => undefined, response: () => undefined };
  };
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { filterSources: [source] });
  const full = await gateway.register(upstream.url);
  const redact = await gateway.register(`${upstream.url}/r`, { mode: 'redact' });
  const through = await gateway.register(`${upstream.url}/p`, { mode: 'passthrough' });
  const modeOf = async (segment: string): Promise<string> => {
    asked.length = 0;
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${segment}/x`, [], '{}'));
    assert.equal(answer.status, 200);
    assert.ok(asked.length <= 1);
    return asked[0] ?? 'passthrough';
  };
  assert.equal(await modeOf(full), 'full');
  assert.equal(await modeOf(`${full}__redact`), 'redact');
  assert.equal(await modeOf(`${full}__passthrough`), 'passthrough');
  assert.equal(await modeOf(redact), 'redact');
  assert.equal(await modeOf(through), 'passthrough');
  assert.equal(await modeOf(`${through}__redact`), 'redact');
  const taken = upstream.requests.length;
  for (const suffix of ['__', '__none', '__Redact', '__REDACT', '__passthrough__redact', '__redact__', '__passthrough%20']) {
    assertRefused(await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${full}${suffix}/x`)), 400, 'invalid_filter_mode');
    // A probe that sets up a client must not hide the mistake.
    assertRefused(await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${full}${suffix}`)), 400, 'invalid_filter_mode');
  }
  assert.equal(upstream.requests.length, taken);
});

test('the suffix __passthrough is taken from this machine\'s own callers only', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { env: { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1' } });
  const token = await gateway.register(upstream.url);
  const ask = (segment: string, headers: string[]): ReturnType<typeof exchange> => exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${segment}/x`, headers));
  assertRefused(await ask(`${token}__passthrough`, ['X-Forwarded-For: 203.0.113.9']), 400, 'invalid_filter_mode');
  assertRefused(await ask(`${token}__passthrough`, ['X-Forwarded-For: 127.0.0.1, 203.0.113.9']), 400, 'invalid_filter_mode');
  assert.equal((await ask(`${token}__passthrough`, ['X-Forwarded-For: 203.0.113.9, 127.0.0.2'])).status, 200);
  assert.equal((await ask(`${token}__passthrough`, [])).status, 200);
  assert.equal((await ask(`${token}__redact`, ['X-Forwarded-For: 203.0.113.9'])).status, 200);
  // The operator has written it into the token: that is leave enough.
  const allowed = await gateway.register(`${upstream.url}/p`, { mode: 'passthrough' });
  assert.equal((await ask(allowed, ['X-Forwarded-For: 203.0.113.9'])).status, 200);
  assert.equal((await ask(`${allowed}__passthrough`, ['X-Forwarded-For: 203.0.113.9'])).status, 200);
});

test('an untrusted proxy\'s sign is enough to refuse the suffix', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  for (const header of ['X-Forwarded-For: 127.0.0.1', 'Forwarded: for=127.0.0.1', 'X-Real-IP: 127.0.0.1', 'Via: 1.1 x']) {
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}__passthrough/x`, [header]));
    assertRefused(answer, 400, 'invalid_filter_mode');
  }
  assert.equal(upstream.requests.length, 0);
});

test('the level that filters are told is the token\'s, else the setting\'s', async (t) => {
  const levels: string[] = [];
  const source: FilterSource = ({ level }) => {
    levels.push(level);
    return { request: () => undefined, response: () => undefined };
  };
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { filterSources: [source], env: { AEGIS_SECURITY_LEVEL: 'low' } });
  const plain = await gateway.register(upstream.url);
  const strict = await gateway.register(`${upstream.url}/s`, { level: 'high' });
  for (const token of [plain, strict]) await exchange(t, gateway.port, requestText('GET', `/v1/__gw__/t/${token}/x`));
  assert.deepEqual(levels, ['low', 'high']);
});
