import assert from 'node:assert/strict';
import { test } from 'node:test';
import { together, type Question, type Seen } from '../../../src/observe/observer.ts';
import type { Member } from '../../../src/workers/member.ts';
import type { ToWorker } from '../../../src/workers/messages.ts';
import { createPolls } from '../../../src/workers/polls.ts';

const USES: Question = { of: 'uses' };
const seen = (requests: number): Seen => ({ uses: { f: { requests, findings: 0, lastUsedMs: requests } } });
const requestsIn = (parts: readonly Seen[]): number => together(parts).uses['f']?.requests ?? 0;

/** A worker that answers what it is asked, unless it is stuck. */
class Worker {
  hears = true;
  stuck = false;
  requests: number;
  readonly polls: () => ReturnType<typeof createPolls>;

  constructor(requests: number, polls: () => ReturnType<typeof createPolls>) {
    this.requests = requests;
    this.polls = polls;
  }

  send(message: ToWorker): void {
    if (message.kind === 'question' && !this.stuck) setImmediate(() => this.polls().take(this.member, message.id, seen(this.requests)));
  }

  get member(): Member {
    return this as unknown as Member;
  }
}

function setUp(...requests: number[]): { polls: ReturnType<typeof createPolls>; workers: Worker[] } {
  const workers: Worker[] = [];
  const polls = createPolls(() => workers.map(({ member }) => member));
  workers.push(...requests.map((count) => new Worker(count, () => polls)));
  return { polls, workers };
}

test('all but the one that asks are asked', async () => {
  const { polls, workers } = setUp(1, 10, 100);
  for (const [index, worker] of workers.entries()) assert.equal(requestsIn(await polls.ask(worker.member, USES, {})), 111 - 10 ** index);
  const alone = setUp(5);
  assert.equal(requestsIn(await alone.polls.ask(alone.workers[0]?.member as Member, USES, {})), 0);
});

test('of one that is stuck what it told last stands in; of one that has ended it stays', async () => {
  const { polls, workers } = setUp(1, 10, 100);
  const [asker, stuck, dying] = workers as [Worker, Worker, Worker];
  assert.equal(requestsIn(await polls.ask(asker.member, USES, {})), 110);
  stuck.stuck = true;
  stuck.requests = 20;
  assert.equal(requestsIn(await polls.ask(asker.member, USES, {})), 110);
  dying.requests = 200;
  polls.leaves(dying.member, seen(200));
  workers.splice(2, 1);
  polls.ended(dying.member);
  stuck.stuck = false;
  assert.equal(requestsIn(await polls.ask(asker.member, USES, {})), 220);
  assert.equal(requestsIn(await polls.ask(stuck.member, USES, {})), 201);
});

test('the asker tells its own, which stays when it ends', async () => {
  const { polls, workers } = setUp(1, 10);
  const [asker, other] = workers as [Worker, Worker];
  await polls.ask(asker.member, USES, seen(1));
  workers.shift();
  polls.ended(asker.member);
  assert.equal(requestsIn(await polls.ask(other.member, USES, {})), 1);
});

test('one that ends while it is asked is not waited for', async () => {
  const { polls, workers } = setUp(1, 10);
  const [asker, dying] = workers as [Worker, Worker];
  dying.stuck = true;
  const asked = polls.ask(asker.member, USES, {});
  workers.pop();
  polls.ended(dying.member);
  assert.equal(requestsIn(await asked), 0);
});

test('of exchanges only what is answered counts: they are memory of the living', async () => {
  const { polls, workers } = setUp(1, 10);
  const [asker, dying] = workers as [Worker, Worker];
  await polls.ask(asker.member, USES, {});
  workers.pop();
  polls.ended(dying.member);
  assert.deepEqual(await polls.ask(asker.member, { of: 'exchanges', since: 0, bySource: {}, most: 10 }, {}), []);
});
