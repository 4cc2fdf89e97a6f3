import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { startRecorder } from '../support/recorder.ts';
import { requestText } from '../support/wire-client.ts';

const CASES: readonly (readonly [base: string, rest: string, target: string])[] = [
  ['/v1', '/messages', '/v1/messages'],
  ['/v1', '/v1/messages', '/v1/messages'],
  ['/v1/', '/v1/messages?beta=true', '/v1/messages?beta=true'],
  ['/v1', '/v1beta/models/g:generateContent', '/v1beta/models/g:generateContent'],
  ['/v1beta', '/v1/messages', '/v1/messages'],
  ['/v1', '/v1', '/v1'],
  ['/v1', '/v1/', '/v1/'],
  ['/v1', '/v1/v1/messages', '/v1/v1/messages'],
  ['', '/v1/messages', '/v1/messages'],
  ['/api/paas/v4', '/chat/completions', '/api/paas/v4/chat/completions'],
  ['/api/paas/v4', '/v1/chat/completions', '/api/paas/v1/chat/completions'],
  ['/proxy', '/v1/messages', '/proxy/v1/messages'],
  ['/v1/openai', '/v1/messages', '/v1/openai/v1/messages'],
  ['/v1', '/vector_stores', '/v1/vector_stores'],
  ['/v1', '/v1messages', '/v1/v1messages'],
  ['/v1', '//v1/messages', '/v1//v1/messages'],
  ['/v1', '/%761/messages', '/v1/%761/messages'],
  ['/v1', '/V1/messages', '/V1/messages'],
  ['/v1', '?v1/messages', '/v1?v1/messages'],
];

test('a version segment that both base and client name is the client\'s', async (t) => {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t);
  for (const [base, rest, target] of CASES) {
    const token = await gateway.register(upstream.url + base);
    const answer = await exchange(t, gateway.port, requestText('POST', `/v1/__gw__/t/${token}${rest}`));
    assert.equal(answer.status, 200);
    assert.equal(upstream.last().target, target, `${base} + ${rest}`);
  }
});
