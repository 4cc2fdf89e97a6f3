import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Speakers, type Speaker } from '../../../src/wire/speaker.ts';
import { walkJson } from '../../support/key-path.ts';

/** Who speaks each string whose text is `u…`, `t…` or `n…`: the first letter says who should. */
const EXPECTED: Readonly<Record<string, Speaker>> = { u: 'user', t: 'untrusted', n: 'none' };

function check(request: unknown, chunkBytes?: number): void {
  const speakers = new Speakers();
  let seen = 0;
  let text = '';
  walkJson(request, (path, bytes, start, end, last, isKey) => {
    if (!isKey && path.at(0) === 'role') speakers.role(path, bytes, start, end, last);
    if (isKey) return;
    text += bytes.toString('utf8', start, end);
    if (!last) return;
    const expected = /^[utn]:/.test(text) ? EXPECTED[text.charAt(0)] : undefined;
    if (expected !== undefined) {
      seen++;
      assert.equal(speakers.of(path), expected, text);
    }
    text = '';
  }, chunkBytes);
  assert.ok(seen > 0);
}

const anthropic = {
  system: [{ type: 'text', text: 'n:system' }],
  tools: [{ name: 'Bash', description: 'n:description' }],
  messages: [
    { role: 'user', content: 'u:plain' },
    { role: 'assistant', content: [{ type: 'text', text: 'n:said' }, { type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'n:command', content: 'n:written' } }] },
    { role: 'user', content: [
      { type: 'tool_result', tool_use_id: 'a', content: 't:result' },
      { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 't:part' }] },
      { type: 'document', title: 't:title', source: { type: 'text', media_type: 'text/plain', data: 't:document' } },
      { type: 'search_result', source: 't:source', content: [{ type: 'text', text: 't:hit' }] },
      { type: 'text', text: 'u:asked' },
    ] },
  ],
};

const chat = {
  messages: [
    { role: 'system', content: 'n:system' },
    { role: 'developer', content: 'n:developer' },
    { role: 'user', content: [{ type: 'text', text: 'u:asked' }] },
    { role: 'assistant', content: 'n:said', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: 'n:arguments' } }] },
    { role: 'tool', tool_call_id: 'c', content: 't:result' },
    { tool_call_id: 'c', role: 'tool', content: [{ type: 'text', text: 't:part' }] },
    { role: 'function', name: 'f', content: 't:older' },
    { content: 't:role comes too late', role: 'user' },
    { role: 'user', content: 'u:again' },
  ],
};

const responses = {
  instructions: 'n:instructions',
  input: [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'u:asked' }] },
    { role: 'user', content: 'u:short' },
    { role: 'developer', content: [{ type: 'input_text', text: 'n:developer' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'n:said' }] },
    { type: 'function_call', call_id: 'c', name: 'f', arguments: 'n:arguments' },
    { type: 'function_call_output', call_id: 'c', output: 't:output' },
    { type: 'function_call_output', call_id: 'd', output: [{ type: 'input_text', text: 't:part' }] },
    { type: 'shell_call_output', call_id: 'e', output: [{ stdout: 't:stdout', stderr: 't:stderr' }] },
    { type: 'file_search_call', results: [{ text: 't:hit', filename: 't:name' }] },
    { type: 'mcp_list_tools', tools: [{ name: 'x', description: 't:poisoned' }] },
    { type: 'additional_tools', id: 'a', role: 'developer', tools: [{ type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec', description: 'n:declared' }] }] },
    { type: 'tool_search_output', call_id: 'g', tools: [{ name: 'y', description: 't:found' }] },
  ],
};

const gemini = {
  systemInstruction: { parts: [{ text: 'n:system' }] },
  contents: [
    { role: 'user', parts: [{ text: 'u:asked' }] },
    { parts: [{ text: 'u:no role at all' }] },
    { role: 'model', parts: [{ text: 'n:said' }, { functionCall: { name: 'f', args: { text: 'n:argument' } } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 't:output', deep: { text: 't:deep' } } } }, { codeExecutionResult: { output: 't:printed' } }] },
  ],
};

describe('whose words a string is', () => {
  for (const [name, request] of Object.entries({ anthropic, chat, responses, gemini })) {
    it(`is told in a request of ${name}, however it is cut`, () => {
      check(request);
      check(request, 1);
      check(request, 7);
    });
  }

  it('is told in a batch, where requests are wrapped', () => {
    check({ requests: [{ custom_id: 'a', params: anthropic }, { custom_id: 'b', params: anthropic }] });
    check({ custom_id: 'a', method: 'POST', body: chat });
  });

  it('is the user when the input is one text', () => check({ model: 'm', input: 'u:asked' }));

  it('is nobody where the request is of no known form', () => check({ query: 'n:asked', documents: ['n:document'] }));
});
