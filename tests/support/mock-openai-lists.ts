/**
 * OpenAI's embeddings and its list of models.
 * Sources: https://platform.openai.com/docs/api-reference/embeddings, https://platform.openai.com/docs/api-reference/models
 */
import { createHash } from 'node:crypto';
import { sendError } from './mock-errors.ts';
import { stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';
import { sendJson } from './mock-reply.ts';
import type { MockExchange } from './mock-reply.ts';

const DIMENSIONS = 8;

/** Vectors made from a hash of the text: equal texts give equal vectors, so that a test can tell which text arrived. */
export function embeddingOf(text: string): number[] {
  const hash = createHash('sha256').update(text).digest();
  // 128ths are exact in both single and double precision, so that base64 and JSON give the same numbers.
  return Array.from({ length: DIMENSIONS }, (_, i) => (hash.readUInt8(i) - 128) / 128);
}

export async function answerEmbeddings(exchange: MockExchange, body: JsonObject): Promise<void> {
  const { input } = body;
  const texts = typeof input === 'string' ? [input] : Array.isArray(input) ? input.map(stringOf) : null;
  if (texts === null) return sendError(exchange, 400, "Missing required parameter: 'input'.");
  const base64 = body['encoding_format'] === 'base64';
  const data = texts.map((text, index) => {
    const vector = embeddingOf(text);
    const embedding = base64 ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
    return { object: 'embedding', index, embedding };
  });
  const tokens = Math.ceil(exchange.recorder.record.body.length / 4);
  return sendJson(exchange, 200, {
    object: 'list',
    data,
    model: body['model'],
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

const MODELS = [
  { id: 'gpt-5', object: 'model', created: 1_754_425_777, owned_by: 'system' },
  { id: 'text-embedding-3-small', object: 'model', created: 1_705_948_997, owned_by: 'system' },
];

export function answerOpenAiModels(exchange: MockExchange): Promise<void> {
  return sendJson(exchange, 200, { object: 'list', data: MODELS });
}

export function answerOpenAiModel(exchange: MockExchange, id: string): Promise<void> {
  const model = MODELS.find((known) => known.id === id);
  return model ? sendJson(exchange, 200, model) : sendError(exchange, 404, `The model '${id}' does not exist`);
}
