import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, type ExchangeFigures } from '../../../src/observe/metrics.ts';
import { parsePrometheus } from '../../support/prometheus.ts';

const FIGURES: ExchangeFigures = { wire: 'openai-chat', method: 'POST', status: 200, outcome: 'complete', requestBytes: 10, responseBytes: 20, firstByteMs: 30, durationMs: 300, filterMs: 2 };

test('before anything has happened the format is whole', () => {
  const metrics = parsePrometheus(createMetrics().print());
  assert.equal(metrics.get('aegis_exchanges_open')?.samples.get('aegis_exchanges_open'), 0);
  assert.equal(metrics.get('aegis_upstream_retries_total')?.samples.get('aegis_upstream_retries_total'), 0);
});

test('exchanges are counted by how they ended, their bytes and times by wire', () => {
  const own = createMetrics();
  for (let i = 0; i < 3; i++) own.exchangeStarted();
  own.exchangeEnded(FIGURES);
  own.exchangeEnded({ ...FIGURES, status: 0, outcome: 'client_closed', firstByteMs: undefined, durationMs: 3_000_000, filterMs: 2 });
  own.refused('token_not_found');
  own.refused('token_not_found');
  own.retried();
  const metrics = parsePrometheus(own.print());
  const value = (name: string, key: string): number | undefined => metrics.get(name)?.samples.get(key);
  assert.equal(value('aegis_exchanges_open', 'aegis_exchanges_open'), 1);
  assert.equal(value('aegis_exchanges_total', 'aegis_exchanges_total{wire="openai-chat",method="POST",status="200",outcome="complete"}'), 1);
  assert.equal(value('aegis_exchanges_total', 'aegis_exchanges_total{wire="openai-chat",method="POST",status="0",outcome="client_closed"}'), 1);
  assert.equal(value('aegis_request_bytes_total', 'aegis_request_bytes_total{wire="openai-chat"}'), 20);
  assert.equal(value('aegis_response_bytes_total', 'aegis_response_bytes_total{wire="openai-chat"}'), 40);
  assert.equal(value('aegis_refusals_total', 'aegis_refusals_total{code="token_not_found"}'), 2);
  assert.equal(value('aegis_upstream_retries_total', 'aegis_upstream_retries_total'), 1);
  assert.equal(value('aegis_time_to_first_byte_seconds', 'aegis_time_to_first_byte_seconds_count{wire="openai-chat"}'), 1);
  const duration = 'aegis_exchange_duration_seconds';
  assert.equal(value(duration, `${duration}_count{wire="openai-chat"}`), 2);
  assert.equal(value(duration, `${duration}_sum{wire="openai-chat"}`), 3000.3);
});

test('a histogram\'s buckets only grow, hold their bound, and end with the count', () => {
  const own = createMetrics();
  for (const durationMs of [0, 5, 5.1, 10, 99, 100, 250, 1e3, 6e5, 600_001]) {
    own.exchangeStarted();
    own.exchangeEnded({ ...FIGURES, durationMs });
  }
  const samples = parsePrometheus(own.print()).get('aegis_exchange_duration_seconds')?.samples ?? new Map<string, number>();
  const buckets = [...samples].filter(([key]) => key.includes('_bucket')).map(([key, count]) => [Number(/le="([^"]+)"/.exec(key)?.[1]?.replace('+Inf', 'Infinity')), count] as const);
  for (let i = 1; i < buckets.length; i++) {
    assert.ok((buckets[i]?.[0] ?? 0) > (buckets[i - 1]?.[0] ?? 0));
    assert.ok((buckets[i]?.[1] ?? 0) >= (buckets[i - 1]?.[1] ?? 0));
  }
  const at = (bound: number): number | undefined => buckets.find(([le]) => le === bound)?.[1];
  assert.deepEqual([at(0.005), at(0.01), at(0.1), at(600), at(Infinity)], [2, 4, 6, 9, 10]);
});

test('a method that is not of the usual ones makes no label of its own', () => {
  const own = createMetrics();
  for (const method of ['PROPFIND', 'M-SEARCH', 'X"}\n']) {
    own.exchangeStarted();
    own.exchangeEnded({ ...FIGURES, method });
  }
  const samples = parsePrometheus(own.print()).get('aegis_exchanges_total')?.samples;
  assert.deepEqual([...(samples ?? [])], [['aegis_exchanges_total{wire="openai-chat",method="other",status="200",outcome="complete"}', 3]]);
});

test('a gauge is read when it is printed', () => {
  const own = createMetrics();
  let value = 1;
  own.gauge('aegis_tokens', 'Registered tokens.', () => value);
  value = 7;
  const gauge = parsePrometheus(own.print()).get('aegis_tokens');
  assert.deepEqual([gauge?.type, gauge?.samples.get('aegis_tokens')], ['gauge', 7]);
});
