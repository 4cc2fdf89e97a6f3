/** Requests of each wire that carry a text where guards look: a tool's result, the user's own turn, a system prompt. */
import type { CallFixture } from './tool-call-fixtures.ts';
import { anthropicCallFixture, chatCallFixture, geminiCallFixture, responsesCallFixture } from './tool-call-fixtures.ts';

export interface GuardedWire {
  readonly name: string;
  readonly path: string;
  /** For a streamed answer, where the path tells. */
  readonly streamPath: string;
  /** What a refused request is answered with. */
  readonly blocked: readonly [number, string];
  readonly answers: CallFixture;
  fromTool(text: string): unknown;
  fromUser(text: string): unknown;
}

export const GUARDED_WIRES: readonly GuardedWire[] = [
  {
    name: 'Anthropic Messages', path: '/v1/messages', streamPath: '/v1/messages', blocked: [403, 'permission_error'], answers: anthropicCallFixture,
    fromTool: (text) => ({
      model: 'm', max_tokens: 10,
      messages: [
        { role: 'user', content: 'read it' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: { file_path: 'a.md' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text }] }] },
      ],
    }),
    fromUser: (text) => ({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: [{ type: 'text', text }] }] }),
  },
  {
    name: 'Chat Completions', path: '/chat/completions', streamPath: '/chat/completions', blocked: [400, 'invalid_request_error'], answers: chatCallFixture,
    fromTool: (text) => ({
      model: 'm',
      messages: [
        { role: 'user', content: 'read it' },
        { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'read', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'call_1', content: text },
      ],
    }),
    fromUser: (text) => ({ model: 'm', messages: [{ role: 'user', content: text }] }),
  },
  {
    name: 'Responses', path: '/responses', streamPath: '/responses', blocked: [400, 'invalid_request_error'], answers: responsesCallFixture,
    fromTool: (text) => ({ model: 'm', input: [{ role: 'user', content: 'read it' }, { type: 'function_call', call_id: 'call_1', name: 'read', arguments: '{}' }, { type: 'function_call_output', call_id: 'call_1', output: text }] }),
    fromUser: (text) => ({ model: 'm', input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }] }),
  },
  {
    name: 'Gemini', path: '/v1beta/models/gemini-3:generateContent', streamPath: '/v1beta/models/gemini-3:streamGenerateContent?alt=sse', blocked: [400, 'invalid_request_error'], answers: geminiCallFixture,
    fromTool: (text) => ({
      contents: [
        { role: 'user', parts: [{ text: 'read it' }] },
        { role: 'model', parts: [{ functionCall: { name: 'read', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'read', response: { output: text } } }] },
      ],
    }),
    fromUser: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  },
];
