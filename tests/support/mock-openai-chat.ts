/**
 * OpenAI's Chat Completions protocol, whole and streamed.
 * Sources: https://platform.openai.com/docs/api-reference/chat/object,
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
import { answerTo, piecesOf, textOf, tokensIn } from './mock-conversation.ts';
import type { Answer, Conversation } from './mock-conversation.ts';
import { errorEvent, sendError } from './mock-errors.ts';
import { arrayOf, isObject, objectOf, stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';
import { idOf, sendEvents, sendJson } from './mock-reply.ts';
import type { MockEvent, MockExchange } from './mock-reply.ts';

export async function answerChat(exchange: MockExchange, body: JsonObject): Promise<void> {
  const missing = ['model', 'messages'].find((name) => body[name] === undefined);
  if (missing !== undefined) return sendError(exchange, 400, `Missing required parameter: '${missing}'.`);
  const conversation = readChat(body);
  const answer = answerTo(conversation, exchange.behaviour, exchange.recorder.record, exchange.decide);
  if (!conversation.stream) return sendJson(exchange, 200, completionOf(exchange, conversation, answer));
  const withUsage = objectOf(body['stream_options'])['include_usage'] === true;
  return sendEvents(exchange, chunkEvents(exchange, conversation, answer, withUsage), () => errorEvent(exchange));
}

function readChat(body: JsonObject): Conversation {
  const messages = arrayOf(body['messages']).map(objectOf);
  const lastNotTool = messages.findLastIndex((message) => message['role'] !== 'tool');
  const results = messages.slice(lastNotTool + 1);
  return {
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    messageCount: messages.length,
    systemText: messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(({ content }) => textOf(content))
      .join('\n'),
    tools: arrayOf(body['tools'])
      .map((tool) => objectOf(objectOf(tool)['function']))
      .filter((tool) => typeof tool['name'] === 'string')
      .map((tool) => ({ name: stringOf(tool['name']), schema: objectOf(tool['parameters']) })),
    toolChoice: toolChoiceOf(body['tool_choice']),
    userText: textOf(messages.findLast((message) => message['role'] === 'user')?.['content']),
    toolResult: results.length > 0 ? results.map(({ content }) => textOf(content)).join('\n') : null,
    toolResultCount: messages.filter(({ role }) => role === 'tool').length,
    wantsThinking: false,
  };
}

function toolChoiceOf(choice: unknown): string {
  if (isObject(choice)) return stringOf(objectOf(choice['function'])['name']);
  return choice === 'none' ? 'none' : 'auto';
}

function usageOf(exchange: MockExchange, answer: Answer): object {
  const prompt = Math.ceil(exchange.recorder.record.body.length / 4);
  const completion = tokensIn(answer.text + answer.calls.map((call) => call.input).join(''));
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
}

function finishReasonOf(answer: Answer): string {
  return answer.calls.length > 0 ? 'tool_calls' : 'stop';
}

function created(exchange: MockExchange): number {
  return Math.floor(exchange.recorder.record.time / 1000);
}

function completionOf(exchange: MockExchange, conversation: Conversation, answer: Answer): object {
  const calls = answer.calls.map((call, i) => ({
    id: idOf(exchange, 'call', i),
    type: 'function',
    function: { name: call.name, arguments: call.input },
  }));
  const message = {
    role: 'assistant',
    content: calls.length > 0 ? null : answer.text,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    refusal: null,
    annotations: [],
  };
  return {
    id: idOf(exchange, 'chatcmpl'),
    object: 'chat.completion',
    created: created(exchange),
    model: conversation.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(answer) }],
    usage: usageOf(exchange, answer),
    service_tier: 'default',
    system_fingerprint: 'fp_mock',
  };
}

function* chunkEvents(exchange: MockExchange, conversation: Conversation, answer: Answer, withUsage: boolean): Generator<MockEvent> {
  const head = {
    id: idOf(exchange, 'chatcmpl'),
    object: 'chat.completion.chunk',
    created: created(exchange),
    model: conversation.model,
    service_tier: 'default',
    system_fingerprint: 'fp_mock',
  };
  // With usage asked for, every chunk has the field, and it is null in all but the last.
  const noUsage = withUsage ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null): object => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...noUsage,
  });

  yield { data: chunk({ role: 'assistant', content: answer.calls.length > 0 ? null : '', refusal: null }, null) };
  for (const content of piecesOf(answer.text, exchange.behaviour.pieceLength)) {
    yield { data: chunk({ content }, null), delta: true };
  }
  for (const [index, call] of answer.calls.entries()) {
    const opening = { index, id: idOf(exchange, 'call', index), type: 'function', function: { name: call.name, arguments: '' } };
    yield { data: chunk({ tool_calls: [opening] }, null) };
    for (const piece of piecesOf(call.input, exchange.behaviour.pieceLength)) {
      yield { data: chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, null), delta: true };
    }
  }
  yield { data: chunk({}, finishReasonOf(answer)) };
  if (withUsage) yield { data: { ...head, choices: [], usage: usageOf(exchange, answer) } };
  yield { data: '[DONE]' };
}
