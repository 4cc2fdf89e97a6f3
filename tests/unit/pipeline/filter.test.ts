import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose, mediaTypeOf, type Filter } from '../../../src/pipeline/filter.ts';

/** Puts its mark behind each chunk and at the end. */
function marking(mark: string): Filter {
  return {
    push(chunk, emit) {
      emit(chunk);
      emit(Buffer.from(mark));
    },
    end: (emit) => emit(Buffer.from(`${mark}!`)),
  };
}

/** Emits nothing before the end. */
function holding(): Filter {
  const held: Buffer[] = [];
  return { push: (chunk) => void held.push(chunk), end: (emit) => emit(Buffer.concat(held)) };
}

function run(filter: Filter, ...chunks: string[]): string {
  let out = '';
  const emit = (bytes: Buffer): void => {
    out += bytes.toString();
  };
  for (const chunk of chunks) filter.push(Buffer.from(chunk), emit);
  filter.end(emit);
  return out;
}

test('one filter alone is itself', () => {
  const filter = marking('a');
  assert.equal(compose([filter]), filter);
});

test('what one emits the next takes, in order', () => {
  assert.equal(run(compose([marking('a'), marking('b')]), 'x', 'y'), 'xbabybaba!bb!');
});

test('what a filter emits at its end still passes those after it, before they end', () => {
  assert.equal(run(compose([holding(), marking('b')]), 'x', 'y'), 'xybb!');
  assert.equal(run(compose([holding(), holding(), holding()]), 'x', 'y'), 'xy');
});

test('a filter that throws ends the composition', () => {
  const failing: Filter = { push() { throw new Error('refused'); }, end() {} };
  assert.throws(() => run(compose([marking('a'), failing]), 'x'), /refused/);
});

test('no filter at all is a fault of the caller', () => {
  assert.throws(() => compose([]), /nothing to compose/);
});

test('a media type is read without its parameters and in lower case', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    [undefined, ''], ['', ''], ['application/json', 'application/json'], ['Application/JSON; charset=utf-8', 'application/json'], [' text/event-stream ;x', 'text/event-stream'], [';x', ''],
    ['multipart/form-data; boundary=";"', 'multipart/form-data'],
  ];
  for (const [header, type] of cases) assert.equal(mediaTypeOf(header), type);
});
