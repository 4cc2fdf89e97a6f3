import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonScanner, JsonSyntaxError } from '../../../src/json/scanner.ts';

interface Read {
  readonly text: string;
  readonly path: string;
  readonly isKey: boolean;
}

/** Every string of a text, with its path, read in pieces of `size` bytes. */
function strings(text: string | Buffer, size = Infinity): Read[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const read: Read[] = [];
  let current = Buffer.alloc(0);
  const scanner = new JsonScanner({
    content(chunk, start, end, last, isKey) {
      current = Buffer.concat([current, chunk.subarray(start, end)]);
      if (!last) return;
      const keys = Array.from({ length: scanner.path.depth }, (_, up) => scanner.path.at(up) ?? '?').reverse();
      read.push({ text: current.toString(), path: keys.join('.'), isKey });
      current = Buffer.alloc(0);
    },
  });
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, Math.min(bytes.length, at + size)));
  scanner.end();
  return read;
}

const values = (text: string): string[] => strings(text).filter(({ isKey }) => !isKey).map(({ path, text: value }) => `${path}=${value}`);

test('values come with the keys that lead to them, array levels left out', () => {
  assert.deepEqual(values('{"a":{"b":["x",{"c":"y"}]},"d":"z"}'), ['a.b=x', 'a.b.c=y', 'd=z']);
  assert.deepEqual(values('["x",{"a":"y"},["z"]]'), ['=x', 'a=y', '=z']);
});

test('a key is told as one, under the keys above its object', () => {
  assert.deepEqual(strings('{"a":{"b":1}}'), [
    { text: 'a', path: '?', isKey: true },
    { text: 'b', path: 'a.?', isKey: true },
  ]);
  assert.deepEqual(strings('{"a":1,"b":2}').map(({ path }) => path), ['?', '?'], 'its elder sibling is none of them');
});

test('the key of an earlier sibling never names a later value', () => {
  assert.deepEqual(values('{"thinking":{"x":"1"},"text":"2"}'), ['thinking.x=1', 'text=2']);
  assert.deepEqual(values('[{"id":"1"},"2"]'), ['id=1', '=2']);
});

test('keys are known by what they mean, not by how they are escaped', () => {
  assert.deepEqual(values('{"s\\u0069gnature":"x"}'), ['signature=x']);
  assert.deepEqual(values('{"密码":"x"}'), ['密码=x']);
});

const GOOD = [
  'null', 'true', 'false', '0', '-0', '12', '-1.5', '1e5', '1E-2', '0.1e+3', '""', '"\\u00e9\\n\\/"', '[]', '{}', '[[],{}]',
  ' { "a" : [ 1 , 2 ] } ', '\ufeff{"a":1}', '{"a":1}\n{"b":2}\n', '{}{}', '[1]2', '1 2', '\u001e{"a":1}\n\u001e{"b":2}\n', '', ' \n',
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`, `{"${'k'.repeat(100_000)}":1}`, '"\u007f\ud800"',
];
test('what RFC 8259 calls JSON is accepted, also in lines and one after the other', () => {
  for (const text of GOOD) assert.doesNotThrow(() => strings(text), text.slice(0, 40));
});

const BAD: readonly (readonly [string, number])[] = [
  ['{', 1], ['[1,]', 3], ['{"a":1,}', 7], ['{a:1}', 1], ["{'a':1}", 1], ['{"a" 1}', 5], ['{"a":}', 5], ['[1 2]', 3], ['nul', 3], ['nulL', 3],
  ['tru}', 3], ['01', 1], ['1.', 2], ['.5', 0], ['-', 1], ['+1', 0], ['1e', 2], ['"a', 2], ['"\\x"', 2], ['"\\u12g4"', 5], ['"a\nb"', 2],
  [']', 0], ['{]', 1], ['[}', 1], ['{"a":1]', 6], ['[1}', 2], ['{"a":1}x', 7], ['NaN', 0], ['// c', 0], ['{"a":1,,"b":2}', 7], ['{,}', 1], [',', 0], ['1.5.2', 3],
  ['{"a":1}}', 7], ['[\u001e1]', 1], ['1\ufeff', 1],
];
test('anything else is refused with the offset of the byte at fault, however it is cut', () => {
  for (const [text, offset] of BAD) {
    for (const size of [Infinity, 1, 2]) {
      assert.throws(
        () => strings(text, size),
        (error: unknown) => error instanceof JsonSyntaxError && error.offset === offset && error.message.endsWith(`at byte ${offset}`),
        `${JSON.stringify(text)} in pieces of ${size}`,
      );
    }
  }
});

test('a byte order mark is taken whole and at the start alone, whatever the cuts', () => {
  const begun: readonly (readonly [number[], number])[] = [[[0xef, 0x7b, 0x7d], 1], [[0xef, 0xbb, 0x7b, 0x7d], 2], [[0x7b, 0xbb, 0x7d], 1], [[0xbb, 0xbf, 0x31], 0], [[0x5b, 0xef, 0xbb, 0xbf, 0x5d], 1], [[0xef, 0xbb], 2]];
  for (const [bytes, offset] of begun) {
    for (const size of [Infinity, 1]) assert.throws(() => strings(Buffer.from(bytes), size), (error: unknown) => error instanceof JsonSyntaxError && error.offset === offset, `${bytes.join()} in pieces of ${size}`);
  }
  for (const size of [Infinity, 1, 2]) assert.deepEqual(strings('\ufeff["a"]', size).map(({ text }) => text), ['a']);
});

test('long strings are read alike wherever they lie in memory', () => {
  const special = ['"', '\\\\', '\\"', '\\u00e9', '\u0000', '\u001f', ' ', '!', '#', '[', ']', '\u007f', '\u0080', '\u0122', 'é世'];
  for (const piece of special) {
    for (let lead = 0; lead < 9; lead++) {
      const text = `["${'x'.repeat(1100 + lead)}${piece}${'y'.repeat(1024)}"]`;
      const shifted = Buffer.alloc(Buffer.byteLength(text) + lead);
      shifted.write(text, lead);
      const outcome = (run: () => unknown): unknown => {
        try {
          return run();
        } catch (error) {
          return error instanceof JsonSyntaxError ? error.offset : error;
        }
      };
      assert.deepEqual(outcome(() => strings(shifted.subarray(lead))), outcome(() => strings(text, 1)), `${JSON.stringify(piece)} at ${lead}`);
    }
  }
});

test('the message of a refusal never quotes the text', () => {
  assert.throws(() => strings('{"password": hunter2}'), (error: Error) => !error.message.includes('hunter'));
});

test('every way of cutting a text gives the same strings', () => {
  const text = '{"a\\"b":["x\\\\","\\ud83d\\ude00é世界",{"n":-1.5e+3,"t":true}],"z":""}\n{"k":null}';
  const whole = strings(text);
  for (let size = 1; size < Buffer.byteLength(text); size++) assert.deepEqual(strings(text, size), whole);
});

test('a nesting that no parser follows is refused instead of remembered', () => {
  assert.throws(() => strings('['.repeat(1_000_001)), JsonSyntaxError);
});
