import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { createFeed, MAX_WATCHERS, type Feed } from '../../../src/console/feed.ts';
import { GatewayError } from '../../../src/errors.ts';
import type { NumberedExchange } from '../../../src/observe/exchange-ring.ts';
import type { Question, Seen } from '../../../src/observe/observer.ts';
import { until } from '../../support/until.ts';

/** A response whose other side takes nothing until it is told to. */
class Reader extends EventEmitter {
  text = '';
  head: readonly string[] = [];
  stuck = false;
  destroyed = false;
  ended = false;

  writeHead(_status: number, head: readonly string[]): void {
    this.head = head;
  }

  write(text: string): boolean {
    this.text += text;
    return !this.stuck;
  }

  end(): void {
    this.ended = true;
    this.emit('close');
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }

  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }

  ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }
}

const NOBODY = { after: undefined, mayStay: () => true };

/** Processes whose exchanges have nothing but their numbers. */
function setUp(t: TestContext, pad = 0): { feed: Feed; add(source: string, seq: number): void; questions: Question[]; silence: Set<string> } {
  const seen = new Map<string, number[]>();
  const questions: Question[] = [];
  const silence = new Set<string>();
  const feed = createFeed({
    intervalMs: 2,
    pingMs: 5,
    print: ({ seq }) => JSON.stringify({ seq, pad: 'x'.repeat(pad) }),
    ask(question) {
      questions.push(question);
      if (question.of !== 'exchanges') return Promise.resolve([]);
      const answers = [...seen].filter(([source]) => !silence.has(source)).map(([source, seqs]): Seen => {
        const count = question.bySource[source];
        const fresh = count === undefined ? seqs.filter((seq) => seq > question.since) : seqs.slice(count);
        const exchanges = fresh.slice(-question.most).map((seq) => ({ seq }) as NumberedExchange);
        return { exchanges: { source, exchanges, missed: fresh.length - exchanges.length, count: seqs.length } };
      });
      return Promise.resolve(answers);
    },
  });
  t.after(() => feed.close());
  return {
    feed,
    questions,
    silence,
    add(source, seq) {
      seen.set(source, [...(seen.get(source) ?? []), seq]);
    },
  };
}

test('nobody is asked before somebody watches, and one question serves all', async (t) => {
  const { feed, add, questions } = setUp(t);
  add('a', 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(questions.length, 0);
  const readers = [new Reader(), new Reader(), new Reader()];
  await Promise.all(readers.map((reader) => feed.watch(reader.response, NOBODY)));
  assert.equal(questions.length, 1);
  add('b', 2);
  await until('both', () => readers.every((reader) => reader.ids().join() === '1,2'));
  assert.equal(feed.watchers, 3);
  assert.match(readers[0]?.text ?? '', /^retry: 2000\n\n/);
});

test('the exchanges of several come in order where they come together, and a late one is not left out', async (t) => {
  const { feed, add, silence } = setUp(t);
  for (const [source, seq] of [['a', 1], ['b', 2], ['a', 3], ['b', 4]] as const) add(source, seq);
  const reader = new Reader();
  await feed.watch(reader.response, NOBODY);
  assert.deepEqual(reader.ids(), [1, 2, 3, 4]);
  silence.add('b');
  add('b', 5);
  add('a', 6);
  await until('the one that is heard', () => reader.ids().length === 5);
  silence.delete('b');
  await until('the late one', () => reader.text.includes('"seq":5'));
  assert.deepEqual(reader.ids(), [1, 2, 3, 4, 6, 6], 'the last id does not go back');
});

test('what waits for one who does not read is one portion, and no ping', async (t) => {
  const { feed, add } = setUp(t, 1000);
  const [stuck, quick] = [new Reader(), new Reader()];
  stuck.stuck = true;
  for (const reader of [stuck, quick]) await feed.watch(reader.response, NOBODY);
  const beginning = stuck.text.length;
  for (let seq = 1; seq <= 9_000; seq++) {
    add('a', seq);
    if (seq % 300 === 0) await until('the quick one', () => quick.ids().at(-1) === seq);
  }
  assert.equal(quick.ids().length, 9_000);
  assert.match(quick.text, /: ping/);
  assert.equal(stuck.text.length, beginning, 'nothing was written to it meanwhile');
  stuck.stuck = false;
  stuck.emit('drain');
  const missed = Number(/event: gap\ndata: \{"missed":(\d+)\}/.exec(stuck.text)?.[1]);
  assert.equal(missed + stuck.ids().length, 9_000);
  assert.ok(stuck.ids().length <= 5_000);
  assert.equal(stuck.ids().at(-1), 9_000);
});

test('more than is told at once is told by its number', async (t) => {
  const { feed, add } = setUp(t);
  const reader = new Reader();
  await feed.watch(reader.response, NOBODY);
  for (let seq = 1; seq <= 1_234; seq++) add('a', seq);
  await until('the last', () => reader.ids().at(-1) === 1_234);
  assert.equal(Number(/"missed":(\d+)/.exec(reader.text)?.[1]), 734);
  assert.equal(reader.ids().length, 500);
});

test('one whose session has ended goes, also when it does not read', async (t) => {
  const { feed } = setUp(t);
  let open = true;
  const [reader, stuck] = [new Reader(), new Reader()];
  stuck.stuck = true;
  for (const one of [reader, stuck]) await feed.watch(one.response, { after: undefined, mayStay: () => open });
  open = false;
  await until('both to go', () => reader.destroyed && stuck.destroyed);
  assert.equal(feed.watchers, 0);
});

test('there are so many watchers at once, and after the end none', async (t) => {
  const { feed, add } = setUp(t);
  const readers = Array.from({ length: MAX_WATCHERS }, () => new Reader());
  await Promise.all(readers.map((reader) => feed.watch(reader.response, NOBODY)));
  const busy = (error: unknown): boolean => error instanceof GatewayError && error.code === 'gateway_busy';
  await assert.rejects(feed.watch(new Reader().response, NOBODY), busy);
  readers[0]?.destroy();
  await feed.watch(new Reader().response, NOBODY);
  const stuck = readers[1] as Reader;
  const before = stuck.text.length;
  stuck.stuck = true;
  // A ping or the exchange: whichever comes first is the last that it gets.
  add('a', 1);
  await until('it to be blocked', () => stuck.text.length > before);
  feed.close();
  assert.ok(readers.slice(2).every(({ ended }) => ended));
  assert.ok(stuck.destroyed && !stuck.ended, 'one that does not read is not waited for');
  await assert.rejects(feed.watch(new Reader().response, NOBODY), (error: unknown) => error instanceof GatewayError && error.code === 'gateway_draining');
});
