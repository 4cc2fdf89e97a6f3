import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NO_FILTER } from '../../../../src/console/page/filter.ts';
import { createExchangeStore, type ExchangeStore } from '../../../../src/console/page/store.ts';
import { seededRandom } from '../../../support/random.ts';
import { exchange, finding } from './records.ts';

function shownIds(store: ExchangeStore): string[] {
  return Array.from({ length: store.shown }, (_, row) => store.at(row)?.id ?? '?');
}

describe('the store of exchanges', () => {
  test('shows the newest first and each once', () => {
    const store = createExchangeStore();
    assert.equal(store.add(exchange('a')), true);
    assert.equal(store.add(exchange('b')), true);
    assert.equal(store.add(exchange('a')), false);
    assert.deepEqual(shownIds(store), ['b', 'a']);
    assert.equal(store.size, 2);
  });

  test('puts nothing in while it is held, counts what waits, and shows all of it when released', () => {
    const store = createExchangeStore();
    store.add(exchange('a'));
    store.hold(true);
    for (const id of ['b', 'c', 'd']) store.add(exchange(id));
    assert.deepEqual(shownIds(store), ['a']);
    assert.equal(store.waiting, 3);
    store.hold(false);
    assert.deepEqual(shownIds(store), ['d', 'c', 'b', 'a']);
    assert.equal(store.waiting, 0);
  });

  test('shows what waits and stays held', () => {
    const store = createExchangeStore();
    store.hold(true);
    store.add(exchange('a'));
    store.showWaiting();
    store.add(exchange('b'));
    assert.deepEqual(shownIds(store), ['a']);
    assert.equal(store.waiting, 1);
  });

  test('a filter that changes while it is held counts what waits anew and loses nothing', () => {
    const store = createExchangeStore();
    store.add(exchange('a', { status: 500 }));
    store.hold(true);
    store.add(exchange('b', { status: 200 }));
    store.add(exchange('c', { status: 503 }));
    store.setFilter({ ...NO_FILTER, status: '5' });
    assert.deepEqual(shownIds(store), ['a']);
    assert.equal(store.waiting, 1);
    store.hold(false);
    assert.deepEqual(shownIds(store), ['c', 'a']);
    store.setFilter(NO_FILTER);
    assert.deepEqual(shownIds(store), ['c', 'b', 'a']);
  });

  test('finds the row of an exchange, also after newer ones', () => {
    const store = createExchangeStore();
    const first = exchange('a');
    store.add(first);
    store.add(exchange('b'));
    assert.equal(store.rowOf(first), 1);
    assert.equal(store.rowOf(exchange('a')), -1, 'another object is another exchange');
  });

  test('keeps what a filter can choose from', () => {
    const store = createExchangeStore();
    store.add(exchange('a', { findings: [finding('one'), finding('two')] }));
    store.add(exchange('b', { client: 'Codex', wire: 'openai-responses', token: { fingerprint: 'ffff0000', name: '' } }));
    assert.deepEqual([...store.facets.clients], ['Claude Code', 'Codex']);
    assert.deepEqual([...store.facets.tokens], [['a1b2c3d4', 'Claude'], ['ffff0000', 'ffff0000']]);
    assert.deepEqual([...store.facets.wires], ['anthropic', 'openai-responses']);
    assert.deepEqual([...store.facets.rules], ['one', 'two']);
  });

  test('drops the oldest, and takes them again only as new ones', () => {
    const store = createExchangeStore(5, 2);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) store.add(exchange(id));
    assert.deepEqual(shownIds(store), ['f', 'e', 'd', 'c']);
    assert.equal(store.add(exchange('a')), true);
  });

  test('agrees with a plain list over any order of arriving, holding, filtering and releasing', () => {
    const { random, seed } = seededRandom();
    const store = createExchangeStore(50, 7);
    let known: { id: string; status: number; shown: boolean }[] = [];
    let status = '';
    let held = false;
    for (let step = 0; step < 2_000; step += 1) {
      const act = random() * 10;
      if (act < 7) {
        const made = { id: `x${step}`, status: random() < 0.5 ? 200 : 500, shown: !held };
        known.push(made);
        store.add(exchange(made.id, { status: made.status }));
        if (known.length > 50) known = known.slice(7);
      } else if (act < 8) {
        held = !held;
        store.hold(held);
        if (!held) for (const one of known) one.shown = true;
      } else if (act < 9) {
        store.showWaiting();
        for (const one of known) one.shown = true;
      } else {
        status = status === '' ? '5' : '';
        store.setFilter({ ...NO_FILTER, status });
      }
      const matching = known.filter((one) => status === '' || one.status === 500);
      assert.deepEqual(shownIds(store), matching.filter(({ shown }) => shown).map(({ id }) => id).reverse(), `seed ${seed}`);
      assert.equal(store.waiting, matching.filter(({ shown }) => !shown).length, `seed ${seed}`);
    }
  });
});
