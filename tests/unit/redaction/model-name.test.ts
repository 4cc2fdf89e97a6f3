import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../../src/detect/engine.ts';
import { createPlaceholders } from '../../../src/redaction/placeholder.ts';
import { Redactor } from '../../../src/redaction/redactor.ts';
import { isOpaque } from '../../../src/wire/opaque.ts';
import { singleBytes } from '../../support/cuts.ts';

const engine = createEngine([]);

/** The models that a body is said to name, and what comes out. */
function read(chunks: readonly Buffer[]): { models: string[]; out: string } {
  const models: string[] = [];
  const out: Buffer[] = [];
  const redactor = new Redactor({
    engine, classes: new Set(), placeholders: createPlaceholders(Buffer.alloc(32)), known: [], opaque: isOpaque, depth: () => 1,
    remember() {}, onFinding() {}, onModel: (model) => void models.push(model),
  });
  for (const chunk of chunks) redactor.push(chunk, (bytes) => void out.push(Buffer.from(bytes)));
  redactor.end((bytes) => void out.push(Buffer.from(bytes)));
  return { models, out: Buffer.concat(out).toString() };
}

const modelsOf = (value: unknown): string[] => read([Buffer.from(JSON.stringify(value))]).models;

test('the model is read off the body\'s top, however it is cut, and nothing changes', () => {
  const text = JSON.stringify({ messages: [{ role: 'user', content: 'x', model: 'inner' }], tools: { model: 'inner' }, model: 'vendor/model-1.5:free@latest', stream: true });
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at++) assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), { models: ['vendor/model-1.5:free@latest'], out: text }, `cut at ${at}`);
  assert.deepEqual(read(singleBytes(bytes)), { models: ['vendor/model-1.5:free@latest'], out: text });
});

test('the first one counts, and only one that can be a name', () => {
  assert.deepEqual(read([Buffer.from('{"model":"a"}\n{"model":"b"}')]).models, ['a']);
  assert.deepEqual(modelsOf({ model: 'x'.repeat(100) }), ['x'.repeat(100)]);
  for (const model of ['', 'x'.repeat(101), 'a b', 'a"b', 'a\nb', '模型', '<b>', 5, null, { name: 'a' }]) assert.deepEqual(modelsOf({ model }), [], JSON.stringify(model));
  assert.deepEqual(modelsOf({ body: { model: 'a' } }), []);
  assert.deepEqual(read([Buffer.from('"model"')]).models, []);
});
