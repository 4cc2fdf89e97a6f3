import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExchangeRing, type SeenExchange } from '../../../src/observe/exchange-ring.ts';
import type { NotedFinding } from '../../../src/observe/notes.ts';

const FINDING: NotedFinding = { rule: 'r', kind: 'k', topic: 'credential', action: 'redact', place: 'p', direction: 'request', shape: '… (3)', count: 1 };

function exchange(id: string, findings = 0): SeenExchange {
  return {
    id, atMs: 0, client: 'c', token: { fingerprint: 'f', name: '' }, upstream: 'u', wire: 'other', method: 'POST', path: '/', model: null, status: 200, outcome: 'complete', code: null,
    firstByteMs: null, durationMs: 1, addedMs: 0, bytesIn: 0, bytesOut: 0, findings: new Array<NotedFinding>(findings).fill(FINDING), findingCount: findings,
  };
}

const ids = (exchanges: readonly SeenExchange[]): string => exchanges.map(({ id }) => id).join('');

test('exchanges are told in order, from any place on, the newest of too many', () => {
  const ring = createExchangeRing({ exchanges: 100, findings: 100 });
  for (const id of 'abcdef') ring.add(exchange(id));
  const all = ring.after(0, 100);
  assert.deepEqual([ids(all.exchanges), all.missed, all.count], ['abcdef', 0, 6]);
  const third = all.exchanges[2]?.seq ?? 0;
  assert.equal(ids(ring.after(third, 100).exchanges), 'def');
  assert.equal(ids(ring.after(third + 0.5, 100).exchanges), 'def');
  const few = ring.after(third, 2);
  assert.deepEqual([ids(few.exchanges), few.missed], ['ef', 1]);
  ring.add(exchange('g'));
  const on = ring.from(all.count, 100);
  assert.deepEqual([ids(on.exchanges), on.missed, on.count], ['g', 0, 7]);
  assert.deepEqual(ring.from(on.count, 100), { exchanges: [], missed: 0, count: 7 });
});

test('it holds so many exchanges and tells how many it has let go since', () => {
  const ring = createExchangeRing({ exchanges: 5, findings: 100 });
  for (const id of 'abc') ring.add(exchange(id));
  const { count, exchanges } = ring.after(0, 100);
  for (const id of 'defghij') ring.add(exchange(id));
  assert.equal(ring.size, 5);
  const on = ring.from(count, 100);
  assert.deepEqual([ids(on.exchanges), on.missed], ['fghij', 2]);
  const after = ring.after(exchanges[2]?.seq ?? 0, 100);
  assert.deepEqual([ids(after.exchanges), after.missed], ['fghij', 1], 'at the least one');
});

test('and so many findings, but always the last exchange', () => {
  const ring = createExchangeRing({ exchanges: 100, findings: 10 });
  for (const id of 'abcdef') ring.add(exchange(id, 4));
  assert.equal(ids(ring.after(0, 100).exchanges), 'ef');
  ring.add(exchange('g', 50));
  assert.equal(ids(ring.after(0, 100).exchanges), 'g');
  for (const id of 'hi') ring.add(exchange(id));
  ring.add(exchange('j', 4));
  assert.equal(ids(ring.after(0, 100).exchanges), 'hij');
});

test('the numbers grow, whatever the clock does, and are larger after a restart', () => {
  let now = 1_000;
  const ring = createExchangeRing({ exchanges: 100, findings: 10 }, () => now);
  for (const time of [1_000, 1_000, 1_000, 900, 1_001]) {
    now = time;
    ring.add(exchange('x'));
  }
  const numbers = ring.after(0, 100).exchanges.map(({ seq }) => seq);
  assert.deepEqual(numbers, [1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_001_000]);
  now = 1_002;
  const restarted = createExchangeRing({ exchanges: 100, findings: 10 }, () => now);
  restarted.add(exchange('y'));
  assert.ok((restarted.after(0, 1).exchanges[0]?.seq ?? 0) > (numbers.at(-1) ?? 0));
  assert.ok(Number.isSafeInteger(Date.UTC(2100, 0) * 1000));
});
