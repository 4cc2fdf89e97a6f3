import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { bodyOf } from '../../support/upstream.ts';
import { within } from '../../support/until.ts';
import type { Filter } from '../../../src/pipeline/filter.ts';
import { FilterTransform, HoldTransform, UNCHANGED } from '../../../src/pipeline/filter-transform.ts';

const upper: Filter = { push: (chunk, emit) => emit(Buffer.from(chunk.toString().toUpperCase())), end: (emit) => emit(Buffer.from('.')) };

test('bytes go on before anything else is read', async () => {
  const transform = new FilterTransform(upper);
  transform.write('abc');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.equal(String(transform.read()), 'ABC');
});

test('the first chunk of a tick goes through at once, those behind it go through the filter, and leave it, as one', async () => {
  const taken: number[] = [];
  const pushed: string[] = [];
  const letters: Filter = {
    push(chunk, emit) {
      pushed.push(chunk.toString());
      for (const letter of chunk.toString()) emit(Buffer.from(letter));
    },
    end() {},
  };
  const transform = new FilterTransform(letters, (bytes) => taken.push(bytes));
  const left: string[] = [];
  transform.on('data', (bytes: Buffer) => left.push(bytes.toString()));
  transform.write('ab');
  assert.deepEqual(pushed, ['ab']);
  transform.write('c');
  transform.write('de');
  await new Promise<void>((resolve) => setImmediate(resolve));
  transform.write('f');
  transform.end();
  await within('the end', new Promise<void>((resolve) => transform.on('end', resolve)));
  assert.deepEqual({ pushed, left, taken }, { pushed: ['ab', 'cde', 'f'], left: ['ab', 'cde', 'f'], taken: [2, 3, 1] });
});

test('what the filter holds back comes at the end', async () => {
  assert.equal(String(await bodyOf(Readable.from([Buffer.from('ab'), Buffer.from('c')]).pipe(new FilterTransform(upper)))), 'ABC.');
});

test('an empty emission is no end', async () => {
  const filter: Filter = { push: (chunk, emit) => { emit(Buffer.alloc(0)); emit(chunk); }, end: (emit) => emit(Buffer.alloc(0)) };
  assert.equal(String(await bodyOf(Readable.from([Buffer.from('a')]).pipe(new FilterTransform(filter)))), 'a');
});

for (const where of ['push', 'end'] as const) {
  test(`an error thrown in ${where} is the stream's`, async () => {
    const filter: Filter = { push() {}, end() {}, [where]: () => { throw new Error('refused'); } };
    await assert.rejects(bodyOf(Readable.from([Buffer.from('a')]).pipe(new FilterTransform(filter))), /refused/);
  });
}

/** Sends chunks through a hold; resolves with what it turned out to be and every byte of it. */
async function hold(limit: number, filter: Filter, ...chunks: string[]): Promise<{ kind: string; body: string; bytes?: number }> {
  return within(
    'the hold\'s outcome',
    new Promise((resolve, reject) => {
      const outcomes: string[] = [];
      const transform: HoldTransform = new HoldTransform(filter, limit, {
        whole(held, bytes) {
          outcomes.push('whole');
          resolve({ kind: outcomes.join(), body: Buffer.concat(held).toString(), bytes });
        },
        overflow() {
          outcomes.push('overflow');
          void bodyOf(transform).then((body) => resolve({ kind: outcomes.join(), body: String(body) }), reject);
        },
      });
      transform.on('error', reject);
      Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(transform);
    }),
  );
}

describe('a hold', () => {
  test('hands a body within it over whole', async () => {
    assert.deepEqual(await hold(6, UNCHANGED, 'abc', 'def'), { kind: 'whole', body: 'abcdef', bytes: 6 });
  });
  test('streams a larger one from its first byte', async () => {
    assert.deepEqual(await hold(5, UNCHANGED, 'abc', 'def', 'g'), { kind: 'overflow', body: 'abcdefg' });
    assert.deepEqual(await hold(0, UNCHANGED, 'a'), { kind: 'overflow', body: 'a' });
  });
  test('hands over a body without a byte', async () => {
    assert.deepEqual(await hold(5, UNCHANGED), { kind: 'whole', body: '', bytes: 0 });
    assert.deepEqual(await hold(0, UNCHANGED), { kind: 'whole', body: '', bytes: 0 });
  });
  test('counts what the filter made of it, also what comes at its end', async () => {
    assert.deepEqual(await hold(4, upper, 'abc'), { kind: 'whole', body: 'ABC.', bytes: 4 });
    assert.deepEqual(await hold(3, upper, 'abc'), { kind: 'overflow', body: 'ABC.' });
  });
  test('that is refused hands nothing over', async () => {
    const refusing: Filter = { push: UNCHANGED.push, end() { throw new Error('refused'); } };
    await assert.rejects(hold(10, refusing, 'abc'), /refused/);
  });
});
