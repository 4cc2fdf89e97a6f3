/**
 * Anthropic's Messages protocol: messages, streamed and whole, token counts and the list of models.
 * Sources: https://docs.claude.com/en/api/messages, https://docs.claude.com/en/docs/build-with-claude/streaming,
 * https://docs.claude.com/en/api/messages-count-tokens, https://docs.claude.com/en/api/models-list
 */
import { answerTo, piecesOf, textOf, tokensIn } from './mock-conversation.ts';
import type { Answer, Conversation, MockTool } from './mock-conversation.ts';
import { errorEvent, sendError } from './mock-errors.ts';
import { arrayOf, isObject, objectOf, stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';
import { idOf, sendEvents, sendJson } from './mock-reply.ts';
import type { MockEvent, MockExchange } from './mock-reply.ts';

export async function answerMessages(exchange: MockExchange, body: JsonObject): Promise<void> {
  const missing = ['model', 'max_tokens', 'messages'].find((name) => body[name] === undefined);
  if (missing !== undefined) return sendError(exchange, 400, `${missing}: Field required`);
  const conversation = readMessages(body);
  const answer = answerTo(conversation, exchange.behaviour, exchange.recorder.record, exchange.decide);
  if (conversation.stream) return sendEvents(exchange, messageEvents(exchange, conversation, answer), () => errorEvent(exchange));
  return sendJson(exchange, 200, messageOf(exchange, conversation, contentOf(exchange, answer), answer));
}

export function answerCountTokens(exchange: MockExchange, body: JsonObject): Promise<void> {
  if (body['messages'] === undefined) return sendError(exchange, 400, 'messages: Field required');
  return sendJson(exchange, 200, { input_tokens: inputTokens(exchange) });
}

/** The vendor gives the epoch where a release date is not known. */
const MODEL_CREATED_AT = '1970-01-01T00:00:00Z';

const MODELS = [
  { type: 'model', id: 'claude-opus-5', display_name: 'Claude Opus 5', created_at: MODEL_CREATED_AT },
  { type: 'model', id: 'claude-sonnet-5', display_name: 'Claude Sonnet 5', created_at: MODEL_CREATED_AT },
  { type: 'model', id: 'claude-haiku-5-5', display_name: 'Claude Haiku 5.5', created_at: MODEL_CREATED_AT },
];

export function answerAnthropicModels(exchange: MockExchange): Promise<void> {
  return sendJson(exchange, 200, { data: MODELS, has_more: false, first_id: MODELS[0]?.id, last_id: MODELS.at(-1)?.id });
}

export function answerAnthropicModel(exchange: MockExchange, id: string): Promise<void> {
  const model = MODELS.find((known) => known.id === id);
  return model ? sendJson(exchange, 200, model) : sendError(exchange, 404, `model: ${id}`);
}

function readMessages(body: JsonObject): Conversation {
  const messages = arrayOf(body['messages']).map(objectOf);
  const lastUser = messages.findLast((message) => message['role'] === 'user' && textOf(message['content']) !== '');
  const results = arrayOf(messages.at(-1)?.['content']).filter((part) => isObject(part) && part['type'] === 'tool_result');
  return {
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    messageCount: messages.length,
    systemText: textOf(body['system']),
    tools: arrayOf(body['tools']).map(objectOf).filter((tool) => isObject(tool['input_schema'])).map(toolOf),
    toolChoice: toolChoiceOf(objectOf(body['tool_choice'])),
    userText: textOf(lastUser?.['content']),
    toolResult: results.length > 0 ? results.map((part) => textOf(objectOf(part)['content'])).join('\n') : null,
    toolResultCount: messages.flatMap(({ content }) => arrayOf(content)).filter((part) => objectOf(part)['type'] === 'tool_result').length,
    wantsThinking: ['enabled', 'adaptive'].includes(stringOf(objectOf(body['thinking'])['type'])),
  };
}

function toolOf(tool: JsonObject): MockTool {
  return { name: stringOf(tool['name']), schema: objectOf(tool['input_schema']) };
}

function toolChoiceOf(choice: JsonObject): string {
  if (choice['type'] === 'tool') return stringOf(choice['name']);
  return choice['type'] === 'none' ? 'none' : 'auto';
}

type Block =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; inputText: string };

function blocksOf(exchange: MockExchange, answer: Answer): Block[] {
  const blocks: Block[] = [];
  if (answer.thinking !== null) {
    const signature = Buffer.from(`signed by the mock upstream: ${answer.thinking}`).toString('base64');
    blocks.push({ type: 'thinking', thinking: answer.thinking, signature });
  }
  if (answer.text !== '' || answer.calls.length === 0) blocks.push({ type: 'text', text: answer.text });
  answer.calls.forEach((call, i) => {
    blocks.push({ type: 'tool_use', id: idOf(exchange, 'toolu', i), name: call.name, inputText: call.input });
  });
  return blocks;
}

function contentOf(exchange: MockExchange, answer: Answer): object[] {
  return blocksOf(exchange, answer).map((block) => {
    if (block.type !== 'tool_use') return block;
    const input: unknown = JSON.parse(block.inputText);
    return { type: 'tool_use', id: block.id, name: block.name, input };
  });
}

function messageOf(exchange: MockExchange, conversation: Conversation, content: object[], answer: Answer | null): object {
  return {
    id: idOf(exchange, 'msg'),
    type: 'message',
    role: 'assistant',
    model: conversation.model,
    content,
    stop_reason: answer === null ? null : stopReasonOf(answer),
    stop_sequence: null,
    usage: {
      input_tokens: inputTokens(exchange),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: answer === null ? 1 : outputTokens(answer),
      service_tier: 'standard',
    },
  };
}

function stopReasonOf(answer: Answer): string {
  return answer.calls.length > 0 ? 'tool_use' : 'end_turn';
}

function inputTokens(exchange: MockExchange): number {
  return Math.ceil(exchange.recorder.record.body.length / 4);
}

function outputTokens(answer: Answer): number {
  return tokensIn(answer.text + answer.calls.map((call) => call.input).join('') + (answer.thinking ?? ''));
}

function* messageEvents(exchange: MockExchange, conversation: Conversation, answer: Answer): Generator<MockEvent> {
  yield event({ type: 'message_start', message: messageOf(exchange, conversation, [], null) });
  let index = 0;
  for (const block of blocksOf(exchange, answer)) {
    yield event({ type: 'content_block_start', index, content_block: startOf(block) });
    if (index === 0) yield event({ type: 'ping' });
    for (const delta of deltasOf(block, exchange.behaviour.pieceLength)) {
      yield { ...event({ type: 'content_block_delta', index, delta }), delta: true };
    }
    yield event({ type: 'content_block_stop', index });
    index += 1;
  }
  yield event({
    type: 'message_delta',
    delta: { stop_reason: stopReasonOf(answer), stop_sequence: null },
    usage: { output_tokens: outputTokens(answer) },
  });
  yield event({ type: 'message_stop' });
}

/** The event's name repeats the type of its data. */
function event(data: { type: string; [key: string]: unknown }): MockEvent {
  return { name: data.type, data };
}

function startOf(block: Block): object {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'text':
      return { type: 'text', text: '' };
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: {} };
  }
}

function* deltasOf(block: Block, pieceLength: number): Generator<object> {
  switch (block.type) {
    case 'thinking':
      for (const thinking of piecesOf(block.thinking, pieceLength)) yield { type: 'thinking_delta', thinking };
      yield { type: 'signature_delta', signature: block.signature };
      return;
    case 'text':
      for (const text of piecesOf(block.text, pieceLength)) yield { type: 'text_delta', text };
      return;
    case 'tool_use':
      // The vendor opens the input with an empty piece.
      yield { type: 'input_json_delta', partial_json: '' };
      for (const piece of piecesOf(block.inputText, pieceLength)) yield { type: 'input_json_delta', partial_json: piece };
  }
}
