/** Writing answers: JSON, event streams with all their misfortunes, and the headers the vendors send along. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, constants, createBrotliCompress, createDeflate, createGzip, deflateSync, gzipSync } from 'node:zlib';
import type { BrotliCompress, Deflate, Gzip } from 'node:zlib';
import type { Behaviour } from './mock-behaviour.ts';
import type { Decide } from './mock-conversation.ts';
import type { Recorder } from './mock-record.ts';

export type Family = 'anthropic' | 'openai';

/** One request on its way to an answer. */
export interface MockExchange {
  recorder: Recorder;
  res: ServerResponse;
  behaviour: Behaviour;
  family: Family;
  /** Counts the mock's requests from 1; ids in the answer are made of it. */
  number: number;
  /** Aborted when the connection has gone. */
  gone: AbortSignal;
  decide?: Decide;
}

/** An event of a stream. `data` is sent as JSON unless it is a string already. */
export interface MockEvent {
  name?: string;
  data: unknown;
  /** Whether it carries a piece of the answer; `mock-cut-N` and its kin count these. */
  delta?: boolean;
}

/** An id that is unique within one mock and has the vendor's prefix: `idOf(x, 'msg')` gives `msg_mock000007`. */
export function idOf(exchange: MockExchange, prefix: string, index = 0): string {
  const suffix = index === 0 ? '' : `_${index}`;
  return `${prefix}_mock${String(exchange.number).padStart(6, '0')}${suffix}`;
}

const RATE_LIMIT_RESET = '2030-01-01T00:00:00Z';

/**
 * Request-id, rate-limit and cookie headers as the vendors send them, two `Set-Cookie` among them.
 * Sources: https://docs.claude.com/en/api/rate-limits#response-headers,
 * https://platform.openai.com/docs/api-reference/debugging-requests
 */
function vendorHeaders(exchange: MockExchange): string[] {
  const cookies = ['Set-Cookie', '__cf_bm=mock-bm; path=/; HttpOnly', 'Set-Cookie', '_cfuvid=mock-uv; path=/; HttpOnly'];
  if (exchange.family === 'anthropic') {
    return [
      'request-id', idOf(exchange, 'req'),
      'anthropic-organization-id', '00000000-0000-4000-8000-000000000000',
      'anthropic-ratelimit-requests-limit', '4000',
      'anthropic-ratelimit-requests-remaining', '3999',
      'anthropic-ratelimit-requests-reset', RATE_LIMIT_RESET,
      'anthropic-ratelimit-input-tokens-limit', '400000',
      'anthropic-ratelimit-input-tokens-remaining', '399000',
      'anthropic-ratelimit-input-tokens-reset', RATE_LIMIT_RESET,
      ...cookies,
    ];
  }
  return [
    'x-request-id', idOf(exchange, 'req'),
    'openai-organization', 'org-mock',
    'openai-processing-ms', '7',
    'openai-version', '2020-10-01',
    'x-ratelimit-limit-requests', '10000',
    'x-ratelimit-remaining-requests', '9999',
    'x-ratelimit-reset-requests', '6ms',
    'x-ratelimit-limit-tokens', '2000000',
    'x-ratelimit-remaining-tokens', '1999000',
    'x-ratelimit-reset-tokens', '30ms',
    ...cookies,
  ];
}

/** Sends one JSON body with its length. */
export async function sendJson(exchange: MockExchange, status: number, value: unknown, extra: string[] = []): Promise<void> {
  const { res, recorder, behaviour, gone } = exchange;
  if (behaviour.slowMs > 0) await sleep(behaviour.slowMs, undefined, { signal: gone });
  const plain = Buffer.from(JSON.stringify(value));
  const body = encodeWhole(plain, behaviour.encoding);
  const coding = behaviour.encoding === null ? [] : ['Content-Encoding', behaviour.encoding];
  const headers = ['Content-Type', 'application/json', ...coding, 'Content-Length', String(body.length), ...vendorHeaders(exchange), ...extra];
  recorder.answered(status, headers);
  res.writeHead(status, headers);
  // A whole answer has no deltas: any order to break off takes it in the middle.
  if (behaviour.badEnd !== null && status === 200 && behaviour.badEnd.how !== 'error') {
    await breakOff(exchange, (chunk) => writeChunk(exchange, chunk), body.subarray(0, body.length >> 1), behaviour.badEnd.how);
    return;
  }
  if (behaviour.chunkBytes === null) {
    recorder.wrote(body);
    res.end(body);
  } else {
    await writeChunk(exchange, body);
    res.end();
  }
}

/** Makes the event with which a stream fails, given how many events went before it. */
export type InbandError = (eventsBefore: number) => MockEvent;

/** Sends a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export async function sendEvents(exchange: MockExchange, events: Iterable<MockEvent>, inbandError: InbandError): Promise<void> {
  const { res, recorder, behaviour, gone } = exchange;
  const coding = behaviour.encoding === null ? [] : ['Content-Encoding', behaviour.encoding];
  const headers = [
    'Content-Type', exchange.family === 'anthropic' ? 'text/event-stream; charset=utf-8' : 'text/event-stream',
    'Cache-Control', 'no-cache',
    ...coding,
    ...vendorHeaders(exchange),
  ];
  recorder.answered(200, headers);
  res.writeHead(200, headers);
  const sink = createSink(exchange);
  let sent = 0;
  let deltas = 0;
  for (const event of events) {
    const { badEnd } = behaviour;
    if (badEnd !== null && event.delta === true && deltas === badEnd.afterDeltas) {
      if (badEnd.how !== 'error') {
        await breakOff(exchange, sink.write, Buffer.alloc(0), badEnd.how);
        return;
      }
      await sink.write(frameOf(inbandError(sent), behaviour.crlf));
      break;
    }
    if (event.delta === true) {
      deltas += 1;
      if (behaviour.slowMs > 0) await sleep(behaviour.slowMs, undefined, { signal: gone });
    }
    await sink.write(frameOf(event, behaviour.crlf));
    sent += 1;
  }
  await sink.end();
}

function frameOf(event: MockEvent, crlf: boolean): Buffer {
  const data = typeof event.data === 'string' ? event.data : JSON.stringify(event.data);
  const text = event.name === undefined ? `data: ${data}\n\n` : `event: ${event.name}\ndata: ${data}\n\n`;
  return Buffer.from(crlf ? text.replaceAll('\n', '\r\n') : text);
}

async function breakOff(exchange: MockExchange, write: (chunk: Buffer) => Promise<void>, rest: Buffer, how: 'cut' | 'stall'): Promise<void> {
  const { res, recorder, gone } = exchange;
  if (rest.length > 0) await write(rest);
  if (how === 'stall') {
    if (!gone.aborted) await once(gone, 'abort');
    return;
  }
  recorder.finish('cut');
  res.destroy();
}

interface Sink {
  write(frame: Buffer): Promise<void>;
  end(): Promise<void>;
}

function createSink(exchange: MockExchange): Sink {
  const { res, recorder, behaviour } = exchange;
  const encoder = createEncoder(behaviour.encoding);
  if (encoder === null) {
    return {
      write: (frame) => writeChunk(exchange, frame),
      async end() {
        res.end();
      },
    };
  }
  encoder.on('data', (chunk: Buffer) => {
    recorder.wrote(chunk);
    res.write(chunk);
  });
  return {
    write: (frame) => new Promise((resolve) => encoder.write(frame, () => resolve())),
    async end() {
      encoder.end();
      await once(encoder, 'end');
      res.end();
    },
  };
}

/** Flushes after every write, as a server of events must, or the client would wait for a full block. */
function createEncoder(encoding: Behaviour['encoding']): Gzip | Deflate | BrotliCompress | null {
  switch (encoding) {
    case 'gzip':
      return createGzip({ flush: constants.Z_SYNC_FLUSH });
    case 'deflate':
      return createDeflate({ flush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    case null:
      return null;
  }
}

function encodeWhole(body: Buffer, encoding: Behaviour['encoding']): Buffer {
  if (encoding === 'gzip') return gzipSync(body);
  if (encoding === 'deflate') return deflateSync(body);
  if (encoding === 'br') return brotliCompressSync(body);
  return body;
}

/** Resolves once the kernel has the bytes, which paces the mock by its reader; rejects when the reader has gone. */
async function writeChunk(exchange: MockExchange, chunk: Buffer): Promise<void> {
  const { behaviour, gone, recorder, res } = exchange;
  const size = behaviour.chunkBytes ?? chunk.length;
  for (let at = 0; at < chunk.length; at += size) {
    gone.throwIfAborted();
    const piece = chunk.subarray(at, at + size);
    recorder.wrote(piece);
    await new Promise<void>((resolve, reject) => {
      res.write(piece, (error) => (error ? reject(error) : resolve()));
    });
    // Lets the event loop turn, so that the pieces leave as packets of their own.
    if (behaviour.chunkBytes !== null) await new Promise((resolve) => setImmediate(resolve));
  }
}
