import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overviewOf } from '../../../src/console/overview.ts';
import type { SeenExchange } from '../../../src/observe/exchange-ring.ts';
import { createHour, sumHours } from '../../../src/observe/hour.ts';
import { bucketOf, HISTOGRAM_BUCKETS, percentile } from '../../../src/observe/log-histogram.ts';

const MINUTE_MS = 60_000;
const EXCHANGE: SeenExchange = {
  id: 'i', atMs: 0, client: 'Codex', token: { fingerprint: 'f', name: '' }, upstream: 'api.example', wire: 'other', method: 'POST', path: '/', model: null, status: 200, outcome: 'complete', code: null,
  firstByteMs: 20, durationMs: 100, addedMs: 0.5, bytesIn: 10, bytesOut: 20, findings: [], findingCount: 0,
};
const FINDING = { rule: 'github-token', kind: 'k', topic: 'credential', action: 'redact', place: 'p', direction: 'request', shape: '', count: 3 } as const;

test('the last sixty minutes are told, each with its figures, and nothing older', () => {
  let now = 1_000_000 * MINUTE_MS;
  const hour = createHour(() => now);
  for (let minute = 0; minute < 130; minute++) {
    for (let i = 0; i <= minute % 3; i++) {
      hour.began();
      hour.ended(EXCHANGE, 2);
    }
    if (minute < 129) now += MINUTE_MS;
  }
  hour.began();
  const { minutes, totals, open } = overviewOf(hour.figures(), now);
  assert.equal(minutes.length, 60);
  assert.equal(open, 1);
  assert.equal(minutes.at(-1)?.time, new Date(now).toISOString());
  minutes.forEach(({ requests, bytesIn, redactions }, index) => {
    const expected = ((70 + index) % 3) + 1;
    assert.deepEqual([requests, bytesIn, redactions], [expected, 10 * expected, 2 * expected], `minute ${index}`);
  });
  assert.equal(totals.requests, 120);
  now += 30 * MINUTE_MS;
  assert.equal(overviewOf(hour.figures(), now).totals.requests, 60);
  now += 61 * MINUTE_MS;
  assert.deepEqual(overviewOf(hour.figures(), now).totals, { requests: 0, errors: 0, redactions: 0, bytesIn: 0, bytesOut: 0 });
});

test('errors, findings, redactions and times have their names', () => {
  const hour = createHour();
  const end = (exchange: Partial<SeenExchange>, redactions = 0): void => {
    hour.began();
    hour.ended({ ...EXCHANGE, ...exchange }, redactions);
  };
  end({ findings: [FINDING] }, 3);
  end({ client: 'curl', status: 500 });
  end({ client: 'curl', upstream: 'b.example', outcome: 'upstream_broken' });
  end({ client: 'curl', status: 0, outcome: 'client_closed' });
  end({ client: 'curl', status: 502, outcome: 'refused', firstByteMs: null });
  const overview = overviewOf(hour.figures(), Date.now());
  assert.deepEqual(overview.rules, [{ rule: 'github-token', count: 3 }]);
  assert.deepEqual(overview.clients, [{ client: 'curl', requests: 4, redactions: 0 }, { client: 'Codex', requests: 1, redactions: 3 }]);
  assert.deepEqual(overview.upstreams, [{ host: 'api.example', requests: 4, errors: 2 }, { host: 'b.example', requests: 1, errors: 1 }]);
  assert.equal(overview.totals.errors, 3);
  for (const [shown, right] of [[overview.latency.firstByteMs.p99, 20], [overview.latency.durationMs.p50, 100], [overview.latency.addedMs.p90, 0.5]] as const) {
    assert.ok(shown !== null && Math.abs(shown / right - 1) < 0.1, String(shown));
  }
});

test('names that come without end are told together from the sixty-fifth of a minute on', () => {
  const hour = createHour(() => 5 * MINUTE_MS);
  for (let i = 0; i < 1000; i++) {
    hour.began();
    hour.ended({ ...EXCHANGE, client: `client ${i}`, upstream: `host ${i}` }, 1);
  }
  const figures = hour.figures();
  assert.equal(Object.keys(figures.requestsByClient).length, 65);
  assert.equal(figures.requestsByClient['other'], 936);
  assert.equal(Object.keys(figures.requestsByUpstream).length, 65);
});

test('the hours of several processes add up', () => {
  let now = 100 * MINUTE_MS;
  const [one, other] = [createHour(() => now), createHour(() => now)];
  for (const hour of [one, other, other]) {
    hour.began();
    hour.ended({ ...EXCHANGE, findings: [FINDING] }, 3);
  }
  now += MINUTE_MS;
  other.began();
  other.ended(EXCHANGE, 0);
  const overview = overviewOf(sumHours([one.figures(), other.figures()]), now);
  assert.deepEqual(overview.minutes.slice(-2).map(({ requests }) => requests), [3, 1]);
  assert.equal(overview.rules[0]?.count, 9);
  assert.equal(overview.totals.redactions, 9);
});

test('a percentile is within a tenth of the right one', () => {
  const counts = new Uint32Array(HISTOGRAM_BUCKETS);
  for (let ms = 1; ms <= 10_000; ms++) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
  for (const share of [0.01, 0.1, 0.5, 0.9, 0.99, 1]) {
    const shown = percentile(counts, share) ?? 0;
    assert.ok(Math.abs(shown / (10_000 * share) - 1) < 0.1, `${share}: ${shown}`);
  }
  assert.equal(percentile(new Uint32Array(HISTOGRAM_BUCKETS), 0.5), null);
  for (const ms of [NaN, -1, 0]) assert.equal(bucketOf(ms), 0);
  for (const ms of [Infinity, 1e12]) assert.equal(bucketOf(ms), HISTOGRAM_BUCKETS - 1);
});
