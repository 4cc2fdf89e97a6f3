import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent, type EventDocument } from '../../../src/wire/event-document.ts';

function read(text: string): EventDocument | undefined {
  const bytes = Buffer.from(text);
  return readEvent(bytes, [{ start: 0, end: bytes.length }]);
}

/** Every leaf as `path@indices kind=text`. */
function leaves(text: string): string[] {
  const event = read(text);
  return (event?.leaves ?? []).map((leaf) => `${leaf.place.path}@${leaf.indices.join(',')} ${leaf.kind}=${event?.text(leaf) ?? ''}`);
}

test('every string, number and literal of an object has its path and its place in the arrays', () => {
  assert.deepEqual(leaves(' {"a": "x\\"y" , "b":[{"c":-1.5e3},{"c":true,"d":[["z"]]}], "e":{}, "f":null}'), [
    '@ key=a', 'a@ string=x\\"y', '@ key=b', 'b[]@0 key=c', 'b[].c@0 other=-1.5e3', 'b[]@1 key=c', 'b[].c@1 other=true', 'b[]@1 key=d',
    'b[].d[][]@1,0,0 string=z', '@ key=e', '@ key=f', 'f@ other=null',
  ]);
});

test('the type of an event is that of its top level', () => {
  assert.equal(read('{"delta":{"type":"inner"},"type":"outer"}')?.type, 'outer');
  assert.equal(read('{"delta":{"type":"inner"}}')?.type, '');
});

test('what stands beside a leaf is found in the same array elements', () => {
  const event = read('{"choices":[{"index":7,"delta":{"content":"a"}},{"delta":{"content":"b"},"index":9}]}');
  const texts = event?.leaves.filter((leaf) => leaf.place.path === 'choices[].delta.content') ?? [];
  assert.deepEqual(texts.map((leaf) => event?.text(event.beside(leaf, 'choices[].index') ?? assert.fail())), ['7', '9']);
});

test('several ranges are read as one text', () => {
  const bytes = Buffer.from('data: {"a":\ndata:"b"}\n');
  const event = readEvent(bytes, [{ start: 6, end: 11 }, { start: 17, end: 21 }]);
  assert.deepEqual(event?.leaves.map((leaf) => event.text(leaf)), ['a', 'b']);
});

test('reading stops where the bytes are no JSON, and nothing is thrown', () => {
  assert.equal(read('plain text'), undefined);
  assert.equal(read(''), undefined);
  assert.equal(read('12'), undefined);
  assert.deepEqual(leaves('"bare"'), ['@ string=bare']);
  assert.deepEqual(leaves('{"a":"cut of'), ['@ key=a', 'a@ string=cut of']);
  assert.doesNotThrow(() => read(']}{"a":]],,::"\\'));
  assert.doesNotThrow(() => read('['.repeat(2000)));
});

test('opaque places and the depth of arguments are known', () => {
  const event = read('{"id":"x","message":{"tool_calls":[{"function":{"arguments":"{}"}}],"content":"t"},"content":[{"input":{"id":"y"}}]}');
  const depths = (event?.leaves ?? []).filter((leaf) => leaf.kind === 'string').map((leaf) => [leaf.place.path, leaf.place.restoreDepth]);
  assert.deepEqual(depths, [['id', 0], ['message.tool_calls[].function.arguments', 2], ['message.content', 1], ['content[].input.id', 1]]);
});
