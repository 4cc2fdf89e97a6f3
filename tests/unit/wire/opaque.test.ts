import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyPath } from '../../../src/json/key-path.ts';
import { isOpaque, isUnsignedThinking, restoreDepth } from '../../../src/wire/opaque.ts';

function path(keys: string): KeyPath {
  const names = keys === '' ? [] : keys.split('.');
  return { depth: names.length, at: (fromEnd) => names[names.length - 1 - fromEnd] };
}

const opaque = [
  'messages.content.signature', 'candidates.content.parts.thoughtSignature', 'messages.content.thought_signature', 'x.SIGNATURE',
  'messages.content.thinking', 'messages.content.data', 'content_block.data', 'messages.content.source.data',
  'messages.content.content.source.data', 'contents.parts.inlineData.data', 'contents.parts.inline_data.data',
  'messages.content.input_audio.data', 'messages.content.image_url.url', 'input.content.image_url', 'input.content.file_data',
  'input.encrypted_content', 'response.output.encrypted_content', 'messages.content.content.encrypted_content',
  'delta.citation.encrypted_index', 'id', 'model', 'input.id', 'input.call_id', 'messages.role', 'messages.content.type',
  'messages.content.tool_use_id', 'messages.tool_calls.id', 'previous_response_id', 'metadata.user_id', 'system.cache_control.ttl',
  'choices.message.reasoning_details.text', 'choices.delta.content.thinking.text', 'body.input.encrypted_content', 'item.call_id',
];
for (const keys of opaque) test(`passes untouched: ${keys}`, () => assert.equal(isOpaque(path(keys)), true));

const text = [
  '', 'system', 'system.text', 'messages.content', 'messages.content.text', 'messages.content.content.text', 'tools.description',
  'instructions', 'input', 'input.content.text', 'input.output', 'input.arguments', 'note', 'metadata.aws_access_key_id',
  'messages.content.input.id', 'messages.content.input.data', 'messages.content.input.model', 'messages.content.input.source.data',
  'messages.content.input.signature', 'content.input.user_id', 'content_block.input.type', 'messages.tool_calls.function.arguments.id',
  'candidates.content.parts.functionCall.args.data', 'contents.parts.functionResponse.response.id', 'contents.parts.functionResponse.response.content.data',
  'prompt.variables.model', 'config.data', 'result.data', 'client_secret', 'messages.name',
];
for (const keys of text) test(`is text: ${keys === '' ? 'a bare string' : keys}`, () => assert.equal(isOpaque(path(keys)), false));

test('thinking without a signature is scanned on the way up and left alone on the way down', () => {
  for (const keys of ['messages.reasoning_content', 'choices.delta.reasoning', 'item.summary.text']) {
    assert.equal(isOpaque(path(keys)), false, keys);
    assert.equal(isUnsignedThinking(path(keys)), true, keys);
    assert.equal(restoreDepth(path(keys)), 0, keys);
  }
  assert.equal(restoreDepth(path('content.input.reasoning')), 1);
});

test('a value is escaped twice where the string holds JSON', () => {
  assert.equal(restoreDepth(path('choices.message.tool_calls.function.arguments')), 2);
  assert.equal(restoreDepth(path('delta.partial_json')), 2);
  assert.equal(restoreDepth(path('content.input.arguments')), 1);
  assert.equal(restoreDepth(path('content.text')), 1);
  assert.equal(restoreDepth(path('')), 1);
  assert.equal(restoreDepth(path('id')), 0);
});
