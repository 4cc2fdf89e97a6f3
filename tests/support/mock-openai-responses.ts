/**
 * OpenAI's Responses protocol, whole and streamed.
 * Sources: https://platform.openai.com/docs/api-reference/responses/object,
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
import { answerTo, piecesOf, textOf, tokensIn } from './mock-conversation.ts';
import type { Answer, Conversation, MockTool } from './mock-conversation.ts';
import { sendError } from './mock-errors.ts';
import { arrayOf, isObject, objectOf, stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';
import { idOf, sendEvents, sendJson } from './mock-reply.ts';
import type { MockEvent, MockExchange } from './mock-reply.ts';

export async function answerResponses(exchange: MockExchange, body: JsonObject): Promise<void> {
  const missing = ['model', 'input'].find((name) => body[name] === undefined);
  if (missing !== undefined) return sendError(exchange, 400, `Missing required parameter: '${missing}'.`);
  const conversation = readInput(body);
  const answer = answerTo(conversation, exchange.behaviour, exchange.recorder.record, exchange.decide);
  const items = itemsOf(exchange, answer, arrayOf(body['include']).includes('reasoning.encrypted_content'));
  const frame = frameOf(exchange, body);
  const completed = { ...frame, status: 'completed', output: items, usage: usageOf(exchange, answer) };
  if (!conversation.stream) return sendJson(exchange, 200, completed);
  const failed = {
    ...frame,
    status: 'failed',
    error: { code: 'server_error', message: 'The mock upstream was asked to fail within the stream.' },
  };
  return sendEvents(exchange, responseEvents(exchange, frame, items, completed), (eventsBefore) => ({
    name: 'response.failed',
    data: { type: 'response.failed', sequence_number: eventsBefore, response: failed },
  }));
}

function readInput(body: JsonObject): Conversation {
  const input = typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : arrayOf(body['input']);
  const items = input.map(objectOf);
  const isResult = (item: JsonObject): boolean => stringOf(item['type']).endsWith('_call_output');
  const lastNotResult = items.findLastIndex((item) => !isResult(item));
  const results = items.slice(lastNotResult + 1);
  const inputSystem = items.filter(({ role }) => role === 'system' || role === 'developer').map(({ content }) => textOf(content));
  return {
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    messageCount: items.length,
    systemText: [stringOf(body['instructions']), ...inputSystem].join('\n').trim(),
    tools: [body['tools'], ...items.map(({ tools }) => tools)].flatMap((tools) => arrayOf(tools).map(objectOf).flatMap(toolsOf)),
    toolChoice: toolChoiceOf(body['tool_choice']),
    userText: textOf(items.findLast((item) => item['role'] === 'user')?.['content']),
    toolResult: results.length > 0 ? results.map(({ output }) => textOf(output)).join('\n') : null,
    toolResultCount: items.filter(isResult).length,
    wantsThinking: isObject(body['reasoning']),
  };
}

/** A tool that is declared, or those of a namespace; hosted tools have no name. */
function toolsOf(tool: JsonObject): MockTool[] {
  const name = stringOf(tool['name']);
  switch (tool['type']) {
    case 'function':
      return [{ name, schema: objectOf(tool['parameters']) }];
    case 'custom':
      return [{ name, schema: {}, freeform: stringOf(tool['description']) }];
    case 'namespace':
      return arrayOf(tool['tools']).map(objectOf).flatMap(toolsOf);
    default:
      return [];
  }
}

function toolChoiceOf(choice: unknown): string {
  if (isObject(choice)) return stringOf(choice['name']);
  return choice === 'none' ? 'none' : 'auto';
}

/** The response object without what the answer adds to it. */
function frameOf(exchange: MockExchange, body: JsonObject): JsonObject {
  return {
    id: idOf(exchange, 'resp'),
    object: 'response',
    created_at: Math.floor(exchange.recorder.record.time / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    model: body['model'],
    output: [],
    parallel_tool_calls: true,
    previous_response_id: body['previous_response_id'] ?? null,
    reasoning: body['reasoning'] ?? { effort: null, summary: null },
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
  };
}

function usageOf(exchange: MockExchange, answer: Answer): object {
  const input = Math.ceil(exchange.recorder.record.body.length / 4);
  const output = tokensIn(answer.text + answer.calls.map((call) => call.input).join(''));
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}

interface TextPart {
  type: 'output_text';
  annotations: [];
  logprobs: [];
  text: string;
}

type Item =
  | { id: string; type: 'reasoning'; summary: { type: 'summary_text'; text: string }[]; encrypted_content?: string }
  | { id: string; type: 'message'; status: string; content: TextPart[]; role: 'assistant' }
  | { id: string; type: 'function_call'; status: string; arguments: string; call_id: string; name: string }
  | { id: string; type: 'custom_tool_call'; status: string; input: string; call_id: string; name: string };

function itemsOf(exchange: MockExchange, answer: Answer, encrypted: boolean): Item[] {
  const items: Item[] = [];
  if (answer.thinking !== null) {
    const sealed = Buffer.from(`sealed by the mock upstream: ${answer.thinking}`).toString('base64');
    items.push({
      id: idOf(exchange, 'rs'),
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: answer.thinking }],
      ...(encrypted ? { encrypted_content: sealed } : {}),
    });
  }
  if (answer.calls.length === 0) {
    const part: TextPart = { type: 'output_text', annotations: [], logprobs: [], text: answer.text };
    items.push({ id: idOf(exchange, 'msg'), type: 'message', status: 'completed', content: [part], role: 'assistant' });
  }
  answer.calls.forEach((call, i) => {
    if (call.freeform === true) {
      items.push({ id: idOf(exchange, 'ctc', i), type: 'custom_tool_call', status: 'completed', input: call.input, call_id: idOf(exchange, 'call', i), name: call.name });
      return;
    }
    items.push({
      id: idOf(exchange, 'fc', i),
      type: 'function_call',
      status: 'completed',
      arguments: call.input,
      call_id: idOf(exchange, 'call', i),
      name: call.name,
    });
  });
  return items;
}

function* responseEvents(exchange: MockExchange, frame: JsonObject, items: Item[], completed: object): Generator<MockEvent> {
  let sequence = 0;
  const event = (type: string, fields: object, delta = false): MockEvent => ({
    name: type,
    data: { type, sequence_number: sequence++, ...fields },
    delta,
  });
  yield event('response.created', { response: frame });
  yield event('response.in_progress', { response: frame });
  for (const [outputIndex, item] of items.entries()) {
    yield event('response.output_item.added', { output_index: outputIndex, item: openingOf(item) });
    const place = { item_id: item.id, output_index: outputIndex };
    yield* innerEvents(item, place, exchange.behaviour.pieceLength, event);
    yield event('response.output_item.done', { output_index: outputIndex, item });
  }
  yield event('response.completed', { response: completed });
}

/** An item as it is announced: in progress and without its content. */
function openingOf(item: Item): object {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] };
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' };
    case 'custom_tool_call':
      return { ...item, status: 'in_progress', input: '' };
  }
}

function* innerEvents(
  item: Item,
  place: { item_id: string; output_index: number },
  pieceLength: number,
  event: (type: string, fields: object, delta?: boolean) => MockEvent,
): Generator<MockEvent> {
  switch (item.type) {
    case 'reasoning':
      for (const [summaryIndex, part] of item.summary.entries()) {
        const at = { ...place, summary_index: summaryIndex };
        yield event('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } });
        for (const delta of piecesOf(part.text, pieceLength)) yield event('response.reasoning_summary_text.delta', { ...at, delta }, true);
        yield event('response.reasoning_summary_text.done', { ...at, text: part.text });
        yield event('response.reasoning_summary_part.done', { ...at, part });
      }
      return;
    case 'message':
      for (const [contentIndex, part] of item.content.entries()) {
        const at = { ...place, content_index: contentIndex };
        yield event('response.content_part.added', { ...at, part: { ...part, text: '' } });
        for (const delta of piecesOf(part.text, pieceLength)) yield event('response.output_text.delta', { ...at, delta, logprobs: [] }, true);
        yield event('response.output_text.done', { ...at, text: part.text, logprobs: [] });
        yield event('response.content_part.done', { ...at, part });
      }
      return;
    case 'function_call':
      for (const delta of piecesOf(item.arguments, pieceLength)) yield event('response.function_call_arguments.delta', { ...place, delta }, true);
      yield event('response.function_call_arguments.done', { ...place, name: item.name, arguments: item.arguments });
      return;
    case 'custom_tool_call':
      for (const delta of piecesOf(item.input, pieceLength)) yield event('response.custom_tool_call_input.delta', { ...place, delta }, true);
      yield event('response.custom_tool_call_input.done', { ...place, input: item.input });
  }
}
