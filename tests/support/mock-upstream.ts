/**
 * A mock of the vendors' APIs on loopback: it answers as they do, in their shapes and with their headers, says in its
 * answers what it saw, and records every request byte for byte. What it can be asked to do besides is in mock-behaviour.ts.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { answerAnthropicModel, answerAnthropicModels, answerCountTokens, answerMessages } from './mock-anthropic.ts';
import { readBehaviour, UnknownMockWord } from './mock-behaviour.ts';
import type { Behaviour } from './mock-behaviour.ts';
import type { Decide } from './mock-conversation.ts';
import { orderedErrorMessage, sendError } from './mock-errors.ts';
import { answerGemini, GEMINI_CALL } from './mock-gemini.ts';
import { isObject, stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';
import { answerChat } from './mock-openai-chat.ts';
import { answerEmbeddings, answerOpenAiModel, answerOpenAiModels } from './mock-openai-lists.ts';
import { answerResponses } from './mock-openai-responses.ts';
import { createRecorder } from './mock-record.ts';
import type { RecordedRequest } from './mock-record.ts';
import type { Family, MockExchange } from './mock-reply.ts';
import { until, within } from './until.ts';

export type { RecordedRequest } from './mock-record.ts';
export { headerOf } from './mock-record.ts';
export { embeddingOf } from './mock-openai-lists.ts';

export interface MockOptions {
  /** Refuse requests as the vendors do: without a key 401, without `anthropic-version` on Anthropic's endpoints 400. */
  strict?: boolean;
  /** Words of mock-behaviour.ts that hold for every request, e.g. `mock-chunk-3+mock-crlf`. */
  always?: string;
  /** Decides in the mock's place what to answer. */
  decide?: Decide;
}

export interface MockUpstream {
  /** `http://127.0.0.1:<port>`, without a path; the APIs are below `/v1`. */
  readonly url: string;
  /** In the order of their heads' arrival; may be emptied by the test. */
  readonly requests: RecordedRequest[];
  /** TCP connections accepted since the start, and those open now. */
  readonly connections: { readonly total: number; readonly open: number };
  /** Waits until so many requests have arrived whole; throws after the deadline, 5 s unless told. */
  waitForRequests(count: number, deadlineMs?: number): Promise<RecordedRequest[]>;
  /** Stops listening and destroys what is still open. */
  close(): Promise<void>;
}

/** What a write meets when the client goes away, a moment before the connection says so. */
const CLIENT_GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Starts the mock on a free port of 127.0.0.1. */
export async function startMockUpstream(options: MockOptions = {}): Promise<MockUpstream> {
  const requests: RecordedRequest[] = [];
  const open = new Set<Socket>();
  /** Orders with `-once` that have been carried out. */
  const spent = new Set<string>();
  let connections = 0;
  let count = 0;

  const server = createServer((req, res) => {
    count += 1;
    const recorder = createRecorder(req);
    requests.push(recorder.record);
    const gone = new AbortController();
    res.on('close', () => {
      recorder.finish(res.writableFinished ? 'complete' : 'aborted');
      gone.abort();
    });
    res.on('error', () => {});
    const exchange: MockExchange = {
      recorder,
      res,
      behaviour: readBehaviour(''),
      family: familyOf(req),
      number: count,
      gone: gone.signal,
      ...(options.decide === undefined ? {} : { decide: options.decide }),
    };
    serve(exchange, req, options, spent).catch((error: unknown) => {
      if (!gone.signal.aborted && !CLIENT_GONE.has(String((error as NodeJS.ErrnoException).code))) failLoudly(res, error);
    });
  });
  // Long enough that a test, not the mock, decides when an idle connection ends.
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that listens on TCP has an address object.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: {
      get total() {
        return connections;
      },
      get open() {
        return open.size;
      },
    },
    async waitForRequests(wanted, deadlineMs = 5000) {
      await until(`${wanted} requests at the mock upstream`, () => requests.length >= wanted, deadlineMs);
      const arrived = requests.slice(0, wanted);
      await within('the bodies of the requests at the mock upstream', Promise.all(arrived.map((request) => request.received)), deadlineMs);
      return arrived;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A fault of the mock itself must not look like an answer. */
function failLoudly(res: ServerResponse, error: unknown): void {
  console.error('the mock upstream failed:', error);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.writeHead(599, 'Mock Upstream Broken', { 'content-type': 'text/plain' });
  res.end(String(error));
}

function familyOf(req: IncomingMessage): Family {
  const path = pathOf(req.url ?? '');
  const anthropic = path.startsWith('/v1/messages') || req.headers['anthropic-version'] !== undefined;
  return anthropic ? 'anthropic' : 'openai';
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

async function serve(exchange: MockExchange, req: IncomingMessage, options: MockOptions, spent: Set<string>): Promise<void> {
  const { record } = exchange.recorder;
  if (!(await record.received)) return;
  if (options.strict === true) {
    const refusal = refusalOf(exchange.family, req);
    if (refusal !== null) return sendError(exchange, refusal.status, refusal.message);
  }
  const body = readBody(record);
  if (body === null) return sendError(exchange, 400, 'The request body is not a JSON object.');

  const words = [options.always, record.header('x-mock')].filter((text) => text !== undefined).join('+');
  const orders = `${stringOf(body['model'])}+${words}`;
  try {
    exchange.behaviour = readBehaviour(orders);
  } catch (error) {
    if (error instanceof UnknownMockWord) return sendError(exchange, 400, error.message);
    throw error;
  }
  const status = errorToSend(exchange.behaviour, orders, spent);
  if (status !== null) return sendError(exchange, status, orderedErrorMessage(status));
  return route(exchange, body);
}

interface Refusal {
  status: number;
  message: string;
}

function refusalOf(family: Family, req: IncomingMessage): Refusal | null {
  const { authorization = '' } = req.headers;
  if (GEMINI_CALL.test(pathOf(req.url ?? ''))) return req.headers['x-goog-api-key'] ? null : { status: 403, message: 'Method doesn\'t allow unregistered callers.' };
  const bearer = /^bearer \S/i.test(authorization);
  if (family === 'anthropic') {
    if (!bearer && !req.headers['x-api-key']) return { status: 401, message: 'x-api-key header is required' };
    if (!req.headers['anthropic-version']) return { status: 400, message: 'anthropic-version: header is required' };
    return null;
  }
  return bearer ? null : { status: 401, message: "You didn't provide an API key." };
}

/** The body as a JSON object, an empty one where there is none; null when it is something else. */
function readBody(record: RecordedRequest): JsonObject | null {
  if (record.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(decode(record).toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function decode(record: RecordedRequest): Buffer {
  switch (record.header('content-encoding')) {
    case 'gzip':
      return gunzipSync(record.body);
    case 'deflate':
      return inflateSync(record.body);
    case 'br':
      return brotliDecompressSync(record.body);
    default:
      return record.body;
  }
}

function errorToSend({ error }: Behaviour, orders: string, spent: Set<string>): number | null {
  if (error === null) return null;
  if (!error.once) return error.status;
  if (spent.has(orders)) return null;
  spent.add(orders);
  return error.status;
}

const POSTS: ReadonlyMap<string, (exchange: MockExchange, body: JsonObject) => Promise<void>> = new Map([
  ['/v1/messages', answerMessages],
  ['/v1/messages/count_tokens', answerCountTokens],
  ['/v1/chat/completions', answerChat],
  ['/v1/responses', answerResponses],
  ['/v1/embeddings', answerEmbeddings],
]);

const MODEL_PREFIX = '/v1/models/';

function route(exchange: MockExchange, body: JsonObject): Promise<void> {
  const { method, url } = exchange.recorder.record;
  const path = pathOf(url);
  const anthropic = exchange.family === 'anthropic';
  if (method === 'POST') {
    const answer = POSTS.get(path);
    if (answer) return answer(exchange, body);
    const [, model, call] = GEMINI_CALL.exec(path) ?? [];
    if (model !== undefined) return answerGemini(exchange, body, model, call === 'streamGenerateContent');
  }
  if (method === 'GET' && path === '/v1/models') return anthropic ? answerAnthropicModels(exchange) : answerOpenAiModels(exchange);
  if (method === 'GET' && path.startsWith(MODEL_PREFIX)) {
    const id = decodeURIComponent(path.slice(MODEL_PREFIX.length));
    return anthropic ? answerAnthropicModel(exchange, id) : answerOpenAiModel(exchange, id);
  }
  return sendError(exchange, 404, anthropic ? 'Not Found' : `Invalid URL (${method} ${path})`);
}
