import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Filter } from '../../../src/pipeline/filter.ts';
import { Gather } from '../../../src/pipeline/gather.ts';

const upper: Filter = { push: (chunk, emit) => emit(Buffer.from(chunk.toString().toUpperCase())), end: (emit) => emit(Buffer.from('.')) };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Seen {
  readonly source: PassThrough;
  readonly gather: Gather;
  readonly told: string[];
  readonly taken: number[];
}

function gathered(filter: Filter): Seen {
  const source = new PassThrough();
  const told: string[] = [];
  const taken: number[] = [];
  const gather = new Gather(source, filter, {
    whole: (chunks, bytes) => void told.push(`whole ${Buffer.concat(chunks).toString()} ${bytes}`),
    failed: (error) => void told.push(`failed ${error.message}`),
  }, (bytes) => void taken.push(bytes));
  return { source, gather, told, taken };
}

test('a body is handed over once, filtered, with its length, when it is complete', async () => {
  const { source, told, taken } = gathered(upper);
  source.write('ab');
  source.write('cde');
  await settled();
  assert.deepEqual(told, []);
  source.end('f');
  await settled();
  assert.deepEqual({ told, taken }, { told: ['whole ABCDEF. 7'], taken: [2, 3, 1] });
});

test('an empty body is one, too', async () => {
  const { source, told } = gathered(upper);
  source.end();
  source.resume();
  await settled();
  assert.deepEqual(told, ['whole . 1']);
});

for (const where of ['push', 'end'] as const) {
  test(`what the filter throws in ${where} is told`, async () => {
    const { source, told } = gathered({ push() {}, end() {}, [where]: () => { throw new Error('refused'); } });
    source.end('a');
    await settled();
    assert.equal(told[0], 'failed refused');
  });
}

test('once stopped, what still comes is dropped and the filter is not asked', async () => {
  let asked = 0;
  const { source, gather, told, taken } = gathered({ push: () => void asked++, end: () => void asked++ });
  source.write('a');
  await settled();
  gather.stop();
  source.end('b');
  await settled();
  assert.deepEqual({ asked, told, taken }, { asked: 1, told: [], taken: [1] });
});
