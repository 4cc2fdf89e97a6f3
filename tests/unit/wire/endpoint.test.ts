import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wireOf } from '../../../src/wire/endpoint.ts';

test('each endpoint that is known by name is found, with and without a version before it', () => {
  const cases = {
    '/messages': 'anthropic-messages',
    '/messages/count_tokens': 'anthropic-count-tokens',
    '/chat/completions': 'openai-chat',
    '/responses': 'openai-responses',
    '/completions': 'openai-completions',
    '/embeddings': 'openai-embeddings',
    '/models': 'models',
    '/models/gpt-5': 'models',
  };
  for (const [rest, wire] of Object.entries(cases)) {
    for (const prefix of ['', '/v1', '/openai/deployments/x']) assert.equal(wireOf(prefix + rest), wire, prefix + rest);
  }
});

test('Gemini\'s methods stand after a colon', () => {
  assert.equal(wireOf('/v1beta/models/gemini-2.5-pro:generateContent'), 'gemini-generate');
  assert.equal(wireOf('/v1beta/models/gemini-2.5-pro:streamGenerateContent'), 'gemini-stream');
});

test('everything else is other', () => {
  for (const rest of ['', '/', '/files', '/messagesx', '/xmessages', '/messages/', '/MESSAGES', '/responses/resp_1', '/models/a/b', '/api/event_logging']) {
    assert.equal(wireOf(rest), 'other', rest);
  }
});
