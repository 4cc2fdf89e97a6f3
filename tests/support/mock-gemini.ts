/**
 * Google's Gemini protocol: `models/MODEL:generateContent` and `:streamGenerateContent?alt=sse`, where each event is a whole
 * response that continues the one before.
 * Sources: https://ai.google.dev/api/generate-content, https://ai.google.dev/gemini-api/docs/function-calling
 */
import { answerTo, piecesOf, tokensIn } from './mock-conversation.ts';
import type { Answer, Conversation } from './mock-conversation.ts';
import { errorEvent, sendError } from './mock-errors.ts';
import { arrayOf, isObject, objectOf, stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';
import { idOf, sendEvents, sendJson } from './mock-reply.ts';
import type { MockEvent, MockExchange } from './mock-reply.ts';

/** The model and whether the answer is to stream, from the path of a call. */
export const GEMINI_CALL = /^\/v1(?:beta)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

export async function answerGemini(exchange: MockExchange, body: JsonObject, model: string, stream: boolean): Promise<void> {
  if (body['contents'] === undefined) return sendError(exchange, 400, 'GenerateContentRequest.contents: contents is not specified');
  const conversation = readContents(body, model, stream);
  const answer = answerTo(conversation, exchange.behaviour, exchange.recorder.record, exchange.decide);
  if (stream) return sendEvents(exchange, events(exchange, model, answer), () => errorEvent(exchange));
  return sendJson(exchange, 200, response(exchange, model, answer, partsOf(answer, Infinity).flat(), 'STOP'));
}

function partsIn(content: JsonObject | undefined): JsonObject[] {
  return arrayOf(content?.['parts']).map(objectOf);
}

function textIn(content: JsonObject | undefined): string {
  return partsIn(content).map(({ text, thought }) => (thought === true ? '' : stringOf(text))).filter((text) => text !== '').join('\n');
}

function readContents(body: JsonObject, model: string, stream: boolean): Conversation {
  const contents = arrayOf(body['contents']).map(objectOf);
  const results = partsIn(contents.at(-1)).map(({ functionResponse }) => functionResponse).filter(isObject);
  const asked = contents.filter((content) => content['role'] !== 'model' && textIn(content) !== '');
  return {
    model,
    stream,
    messageCount: contents.length,
    systemText: textIn(objectOf(body['systemInstruction'])),
    tools: arrayOf(body['tools'])
      .flatMap((tool) => arrayOf(objectOf(tool)['functionDeclarations']))
      .map(objectOf)
      .map((tool) => ({ name: stringOf(tool['name']), schema: objectOf(tool['parametersJsonSchema'] ?? tool['parameters']) })),
    toolChoice: objectOf(objectOf(body['toolConfig'])['functionCallingConfig'])['mode'] === 'NONE' ? 'none' : 'auto',
    userText: textIn(asked.at(-1)),
    toolResult: results.length > 0 ? results.map(({ response }) => JSON.stringify(response)).join('\n') : null,
    toolResultCount: contents.flatMap(partsIn).filter(({ functionResponse }) => isObject(functionResponse)).length,
    wantsThinking: false,
  };
}

/** Parts of the answer, one list an event. */
function partsOf(answer: Answer, pieceLength: number): object[][] {
  const texts = pieceLength === Infinity ? [answer.text].filter((text) => text !== '') : piecesOf(answer.text, pieceLength);
  const calls = answer.calls.map(({ name, input }) => ({ functionCall: { name, args: JSON.parse(input) as unknown } }));
  return [...texts.map((text) => [{ text }]), ...(calls.length > 0 ? [calls] : [])];
}

function response(exchange: MockExchange, model: string, answer: Answer, parts: object[], finishReason?: string): object {
  const promptTokenCount = Math.ceil(exchange.recorder.record.body.length / 4);
  const candidatesTokenCount = tokensIn(answer.text + answer.calls.map(({ input }) => input).join(''));
  return {
    candidates: [{ content: { parts, role: 'model' }, ...(finishReason === undefined ? {} : { finishReason }), index: 0 }],
    usageMetadata: { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount },
    modelVersion: model,
    responseId: idOf(exchange, 'resp'),
  };
}

function* events(exchange: MockExchange, model: string, answer: Answer): Generator<MockEvent> {
  for (const parts of partsOf(answer, exchange.behaviour.pieceLength)) yield { data: response(exchange, model, answer, parts), delta: true };
  yield { data: response(exchange, model, answer, [{ text: '' }], 'STOP') };
}
