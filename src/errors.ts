/**
 * Every error that the gateway itself answers with: its code, status and the words of the envelope.
 *
 * The envelope is the union of what Anthropic's and OpenAI's SDKs read (`type: "error"` with `error.type`, and
 * `error.code` / `error.param`):
 * https://docs.anthropic.com/en/api/errors and https://platform.openai.com/docs/guides/error-codes.
 * Types are chosen by what clients do with them: `invalid_request_error` is retried by none of those observed,
 * `api_error` and `overloaded_error` are.
 */

interface ErrorKind {
  readonly status: number;
  readonly type: string;
  /** What the client is told to wait, in seconds. */
  readonly retryAfterSeconds?: number;
}

const INVALID = 'invalid_request_error';

const KINDS = {
  invalid_parameters: { status: 400, type: INVALID },
  invalid_json: { status: 400, type: INVALID },
  missing_params: { status: 400, type: INVALID },
  invalid_upstream: { status: 400, type: INVALID },
  example_upstream_forbidden: { status: 400, type: INVALID },
  invalid_filter_mode: { status: 400, type: INVALID },
  request_blocked: { status: 400, type: INVALID },
  console_login_required: { status: 401, type: 'authentication_error' },
  gateway_key_invalid: { status: 403, type: 'permission_error' },
  admin_endpoint_network_restricted: { status: 403, type: 'permission_error' },
  token_not_found: { status: 404, type: INVALID },
  not_found: { status: 404, type: INVALID },
  method_not_allowed: { status: 405, type: INVALID },
  request_timeout: { status: 408, type: 'timeout_error' },
  request_body_too_large: { status: 413, type: INVALID },
  unsupported_content_encoding: { status: 415, type: INVALID },
  unsupported_media_type: { status: 415, type: INVALID },
  host_not_allowed: { status: 421, type: INVALID },
  websocket_not_supported: { status: 426, type: INVALID },
  too_many_requests: { status: 429, type: 'rate_limit_error', retryAfterSeconds: 1 },
  request_headers_too_large: { status: 431, type: INVALID },
  token_store_failed: { status: 500, type: 'api_error' },
  internal_error: { status: 500, type: 'api_error' },
  upstream_unreachable: { status: 502, type: 'api_error' },
  gateway_busy: { status: 503, type: 'overloaded_error', retryAfterSeconds: 1 },
  gateway_draining: { status: 503, type: 'overloaded_error', retryAfterSeconds: 2 },
  upstream_timeout: { status: 504, type: 'timeout_error' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof KINDS;

/** An error meant for the client's eyes. Its message says what to do and never holds a secret, key, token or body text. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  /** The setting, header or field that is at fault, where there is one. */
  readonly param: string | null;
  /** Headers that the answer must have beyond the usual, name and value in turn. */
  readonly headers: readonly string[];

  constructor(code: ErrorCode, message: string, param: string | null = null, headers: readonly string[] = []) {
    super(message);
    this.name = 'GatewayError';
    this.code = code;
    this.param = param;
    this.headers = headers;
  }

  get status(): number {
    return KINDS[this.code].status;
  }

  get type(): string {
    return KINDS[this.code].type;
  }

  get retryAfterSeconds(): number | undefined {
    const kind: ErrorKind = KINDS[this.code];
    return kind.retryAfterSeconds;
  }
}

/** The request is not HTTP as it must be: where it ends is anybody's guess, so its connection is of no further use. */
export class MessageError extends GatewayError {
  constructor(message: string, param: string | null = null) {
    super('invalid_parameters', message, param, ['Connection', 'close']);
    this.name = 'MessageError';
  }
}

/** A guard refused the request. Told so that no client tries again: by 403 where Claude Code would answer a 400 by leaving out betas. */
export class RequestBlockedError extends GatewayError {
  readonly #forbidden: boolean;

  /** @param anthropic the endpoint is one of Anthropic's. */
  constructor(message: string, anthropic: boolean) {
    super('request_blocked', message, 'body');
    this.name = 'RequestBlockedError';
    this.#forbidden = anthropic;
  }

  override get status(): number {
    return this.#forbidden ? 403 : super.status;
  }

  override get type(): string {
    return this.#forbidden ? 'permission_error' : super.type;
  }
}

/** The JSON text of the one error envelope. */
export function errorEnvelope(error: GatewayError, requestId: string): string {
  return JSON.stringify({
    type: 'error',
    error: { type: error.type, code: error.code, message: error.message, param: error.param },
    request_id: requestId,
  });
}

/**
 * What may be told of an unexpected error in a log: its name, its code and where it was thrown.
 * Never its message: a library's message may quote the input.
 */
export function safeTrace(error: unknown): { name: string; code: string | undefined; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, at: [] };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // A message may have lines that look like places; where it can't be found to be cut off, nothing is told.
  const stack = error.stack ?? '';
  const messageAt = stack.indexOf(error.message);
  const places = messageAt === -1 ? '' : stack.slice(messageAt + error.message.length);
  const at = places.split('\n').map((line) => line.trim()).filter((line) => line.startsWith('at ')).slice(0, 8);
  return { name: error.name, code, at };
}
