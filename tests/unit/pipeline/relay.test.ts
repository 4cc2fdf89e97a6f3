import assert from 'node:assert/strict';
import type { OutgoingMessage } from 'node:http';
import { PassThrough, Writable } from 'node:stream';
import { test } from 'node:test';
import { within } from '../../support/until.ts';
import { Relay } from '../../../src/pipeline/relay.ts';

/** A target that takes each write when it is told to, and remembers what it was given. */
class Target extends Writable {
  readonly writes: string[] = [];
  /** Until it is set to false, nothing that was written is taken. */
  stuck: boolean;
  #next: (() => void) | undefined;

  constructor(stuck = false) {
    super({ highWaterMark: 16_384 });
    this.stuck = stuck;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk.length > 64 ? String(chunk.length) : chunk.toString());
    if (this.stuck) this.#next = done;
    else done();
  }

  take(): void {
    this.stuck = false;
    this.#next?.();
  }
}

function relay(from: PassThrough, to: Target, watch: { passed?: string[]; ended?: string[] } = {}): Relay {
  return new Relay(from, to as unknown as OutgoingMessage, {
    passes: (bytes) => watch.passed?.push(bytes.toString('latin1', 0, 8)),
    ends: () => watch.ended?.push('end'),
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const finished = (to: Target): Promise<void> => within('the end', new Promise<void>((resolve) => to.on('finish', () => resolve())));

test('chunks of one turn leave as one, those of the next on their own', async () => {
  const [from, to, watch] = [new PassThrough(), new Target(), { passed: [] as string[], ended: [] as string[] }];
  relay(from, to, watch);
  await turn();
  from.write('a');
  from.write('b');
  await turn();
  from.write('c');
  await turn();
  from.end();
  await finished(to);
  assert.deepEqual(to.writes, ['ab', 'c']);
  assert.deepEqual(watch, { passed: ['ab', 'c'], ended: ['end'] });
});

test('a source is paused by a target that does not take, and goes on when it does', async () => {
  const [from, to] = [new PassThrough({ highWaterMark: 1_000_000 }), new Target(true)];
  relay(from, to);
  for (let i = 0; i < 4; i++) {
    from.write(Buffer.alloc(40_000));
    await turn();
  }
  assert.ok(from.isPaused());
  // Two socket reads at most, and what one turn brought.
  assert.ok(to.writableLength <= 2 * 65_536, String(to.writableLength));
  to.take();
  from.end();
  await finished(to);
  assert.equal(to.writes.reduce((sum, size) => sum + Number(size), 0), 160_000);
});

test('after a redirection everything goes to the new target, also where the old one was stuck or all had come', async () => {
  const [from, old, to] = [new PassThrough({ highWaterMark: 1_000_000 }), new Target(true), new Target()];
  const joined = relay(from, old);
  from.write(Buffer.alloc(80_000));
  await turn();
  assert.ok(from.isPaused());
  joined.redirect(to as unknown as OutgoingMessage);
  from.end('rest');
  await finished(to);
  assert.deepEqual(to.writes, ['rest']);

  const last = new Target();
  joined.redirect(last as unknown as OutgoingMessage);
  await finished(last);
  assert.deepEqual(last.writes, []);
});

test('once stopped nothing is written or ended, and the source is read to its end', async () => {
  const [from, to] = [new PassThrough(), new Target()];
  const joined = relay(from, to);
  await turn();
  from.write('a');
  joined.stop();
  from.end('b');
  await within('the source\'s end', new Promise<void>((resolve) => from.on('end', () => resolve())));
  await turn();
  assert.deepEqual(to.writes, []);
  assert.ok(!to.writableEnded);
});
