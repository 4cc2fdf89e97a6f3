/**
 * Error bodies in the shapes of the two families.
 * Sources: https://docs.claude.com/en/api/errors and https://platform.openai.com/docs/guides/error-codes
 */
import { idOf, sendJson } from './mock-reply.ts';
import type { MockEvent, MockExchange } from './mock-reply.ts';

const ANTHROPIC_TYPES: ReadonlyMap<number, string> = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [529, 'overloaded_error'],
]);

interface OpenAiKind {
  type: string;
  code: string | null;
}

const OPENAI_KINDS: ReadonlyMap<number, OpenAiKind> = new Map([
  [401, { type: 'invalid_request_error', code: 'invalid_api_key' }],
  [404, { type: 'invalid_request_error', code: 'unknown_url' }],
  [429, { type: 'requests', code: 'rate_limit_exceeded' }],
]);

/** The statuses whose answer says when to come back. */
const TRY_AGAIN_LATER: ReadonlySet<number> = new Set([429, 503, 529]);

/** Answers with an error of this status, in the shape of the family the request belongs to. */
export function sendError(exchange: MockExchange, status: number, message: string): Promise<void> {
  const headers = TRY_AGAIN_LATER.has(status) ? ['retry-after', String(exchange.behaviour.retryAfterS)] : [];
  return sendJson(exchange, status, errorBody(exchange, status, message), headers);
}

function errorBody(exchange: MockExchange, status: number, message: string): object {
  if (exchange.family === 'anthropic') {
    const type = ANTHROPIC_TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
    return { type: 'error', error: { type, message }, request_id: idOf(exchange, 'req') };
  }
  const { type, code } = OPENAI_KINDS.get(status) ?? { type: status < 500 ? 'invalid_request_error' : 'server_error', code: null };
  return { error: { message, type, param: null, code } };
}

/** What an error that was asked for by `mock-error-STATUS` says. */
export function orderedErrorMessage(status: number): string {
  return `The mock upstream was asked to answer ${status}.`;
}

/**
 * The error event with which a stream of the Messages or of the Chat Completions protocol breaks off.
 * Source: https://docs.claude.com/en/docs/build-with-claude/streaming#error-events
 */
export function errorEvent(exchange: MockExchange): MockEvent {
  const message = 'The mock upstream was asked to fail within the stream.';
  if (exchange.family === 'anthropic') {
    return { name: 'error', data: { type: 'error', error: { type: 'overloaded_error', message } } };
  }
  return { data: { error: { message, type: 'server_error', param: null, code: null } } };
}
