import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, type ExchangeFigures } from '../../../src/observe/metrics.ts';
import { sumMetrics } from '../../../src/observe/metrics-sum.ts';
import { parsePrometheus } from '../../support/prometheus.ts';

const FIGURES: ExchangeFigures = { wire: 'openai-chat', method: 'POST', status: 200, outcome: 'complete', requestBytes: 10, responseBytes: 20, firstByteMs: 30, durationMs: 300, filterMs: 2 };

function printed(exchanges: number, wire: string, gauges: Readonly<Record<string, number>> = {}): string {
  const metrics = createMetrics();
  for (let i = 0; i < exchanges; i++) {
    metrics.exchangeStarted();
    metrics.exchangeEnded({ ...FIGURES, wire });
  }
  metrics.found('github-token', 'redact');
  for (const [name, value] of Object.entries(gauges)) metrics.gauge(name, 'A gauge.', () => value);
  return metrics.print();
}

function value(text: string, metric: string, sample = metric): number | undefined {
  return parsePrometheus(text).get(metric)?.samples.get(sample);
}

test('what one process prints is printed as it is', () => {
  const text = printed(3, 'openai-chat', { aegis_tokens: 4 });
  assert.equal(sumMetrics([text]), text);
});

test('counters, histograms and gauges are added up sample by sample, also those that only one prints', () => {
  const sum = sumMetrics([printed(3, 'openai-chat', { process_resident_memory_bytes: 100 }), printed(2, 'openai-chat', { process_resident_memory_bytes: 11 }), printed(5, 'gemini')]);
  const exchanges = 'aegis_exchanges_total';
  const labels = 'method="POST",status="200",outcome="complete"';
  assert.equal(value(sum, exchanges, `${exchanges}{wire="openai-chat",${labels}}`), 5);
  assert.equal(value(sum, exchanges, `${exchanges}{wire="gemini",${labels}}`), 5);
  assert.equal(value(sum, 'aegis_findings_total', 'aegis_findings_total{rule="github-token",action="redact"}'), 3);
  const duration = 'aegis_exchange_duration_seconds';
  assert.equal(value(sum, duration, `${duration}_bucket{wire="openai-chat",le="0.25"}`), 0);
  assert.equal(value(sum, duration, `${duration}_bucket{wire="openai-chat",le="0.5"}`), 5);
  assert.equal(value(sum, duration, `${duration}_count{wire="openai-chat"}`), 5);
  assert.equal(value(sum, duration, `${duration}_sum{wire="openai-chat"}`), 1.5);
  assert.equal(value(sum, 'process_resident_memory_bytes'), 111);
});

test('what is the same in all is not added', () => {
  assert.equal(value(sumMetrics([printed(0, 'x', { aegis_tokens: 4 }), printed(0, 'x', { aegis_tokens: 5 })]), 'aegis_tokens'), 5);
});

test('of a process that has ended the counts stay and the gauges go, however often it is folded', () => {
  const ended = printed(3, 'openai-chat', { process_resident_memory_bytes: 100 });
  let gone = '';
  for (const text of [ended, '', ended]) gone = sumMetrics([], [gone, text]);
  const sum = sumMetrics([printed(1, 'openai-chat', { process_resident_memory_bytes: 7 })], [gone]);
  assert.equal(value(sum, 'aegis_exchange_duration_seconds', 'aegis_exchange_duration_seconds_count{wire="openai-chat"}'), 7);
  assert.equal(value(sum, 'process_resident_memory_bytes'), 7);
});

test('of nothing nothing is made', () => {
  assert.equal(sumMetrics([], []), '');
  assert.equal(sumMetrics(['', '']), '');
});
