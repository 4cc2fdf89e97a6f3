/** The ways an answer goes down: as it comes, filtered as it comes, or, where its length was stated, filtered as a whole. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { responseHeaders, trailerPairs } from '../http/headers.ts';
import { firstHeader } from '../http/raw-headers.ts';
import type { Filter } from './filter.ts';
import { FilterTransform, HoldTransform, UNCHANGED, type Taken } from './filter-transform.ts';
import { Gather } from './gather.ts';
import { Relay } from './relay.ts';

/** Answers of a stated length up to this are filtered as a whole. */
export const RESPONSE_HOLD_BYTES = 1_048_576;

export interface Download {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly upRes: IncomingMessage;
  readonly status: number;
  /** HEAD, 204, 304: the head is all there is. */
  readonly bodiless: boolean;
  /** The answer's body, without its content coding where that has been taken off. */
  readonly source: Readable;
  readonly decoded: boolean;
  readonly filter: Filter | undefined;
  /** Is told what has ended the filter, where no Transform of `join` tells it. */
  failed(error: Error): void;
  /** The gateway's own headers, asked for when the head is written. */
  added(): string[];
  /** Is told of each piece of the body that is taken on. */
  readonly taken: Taken | undefined;
  /** Pipes into a Transform and ties it to the exchange. */
  join(source: Readable, transform: Transform): Transform;
}

/**
 * Writes the head, now or when the length is known, and joins the body to the client.
 * @returns what else than a Transform is to be stopped when the exchange is over.
 */
export function sendDown(down: Download): { stop(): void } | undefined {
  const { upRes, source, filter, decoded, taken } = down;
  if (filter === undefined && !decoded) {
    writeHead(down, 'keep');
    return relayDown(down);
  }
  const stated = firstHeader(upRes.rawHeaders, 'content-length');
  // A stated length tells that the answer was ready as a whole: nobody waits for its parts, and it gets its right length.
  if (stated !== undefined && Number(stated) <= RESPONSE_HOLD_BYTES) {
    if (filter !== undefined && !decoded) return new Gather(source, filter, { whole: (chunks, bytes) => sendWhole(down, chunks, bytes), failed: down.failed }, taken);
    const hold: HoldTransform = new HoldTransform(filter ?? UNCHANGED, RESPONSE_HOLD_BYTES, {
      whole: (chunks, bytes) => sendWhole(down, chunks, bytes),
      overflow() {
        writeHead(down, 'omit');
        pipeDown(down, hold);
      },
    }, taken);
    down.join(source, hold);
    return undefined;
  }
  writeHead(down, 'omit');
  pipeDown(down, filter === undefined ? source : down.join(source, new FilterTransform(filter, taken)));
  return undefined;
}

function sendWhole(down: Download, chunks: readonly Buffer[], bytes: number): void {
  writeHead(down, bytes);
  const last = chunks.length - 1;
  for (let i = 0; i < last; i++) down.res.write(chunks[i]);
  down.res.end(chunks[last]);
}

function writeHead(down: Download, length: 'keep' | 'omit' | number): void {
  const { req, res, upRes, status, bodiless, decoded } = down;
  const lengthKnown = length !== 'omit' && firstHeader(upRes.rawHeaders, 'content-length') !== undefined;
  const trailers = !lengthKnown && !bodiless && req.httpVersion === '1.1';
  // A missing Date is the upstream's choice: RFC 9110 section 6.6.1 lets a gateway add one, it does not have to.
  res.sendDate = false;
  res.writeHead(status, upRes.statusMessage ?? '', responseHeaders(upRes.rawHeaders, { length, decoded, trailers, added: down.added() }));
}

function relayDown({ res, upRes, taken }: Download): Relay {
  let sawBody = false;
  const relay = new Relay(upRes, res, {
    passes(bytes) {
      sawBody = true;
      taken?.(bytes.length);
    },
    ends: () => addTrailers(res, upRes),
  });
  // By then what came in the same read has been taken in.
  process.nextTick(() => {
    if (!sawBody && !relay.pending) flushHead(res);
  });
  return relay;
}

function pipeDown({ res, upRes }: Download, tail: Readable): void {
  let sawBody = false;
  tail.once('data', () => {
    sawBody = true;
  });
  // Registered before the pipe, whose own listener ends the answer.
  tail.once('end', () => {
    addTrailers(res, upRes);
  });
  tail.pipe(res);
  // A body that came with the head leaves with it; a head that came alone does not wait for one.
  setImmediate(() => {
    if (!sawBody) flushHead(res);
  });
}

function addTrailers(res: ServerResponse, upRes: IncomingMessage): void {
  if (upRes.rawTrailers.length > 0) res.addTrailers(trailerPairs(upRes.rawTrailers));
}

function flushHead(res: ServerResponse): void {
  if (!res.destroyed && !res.writableEnded) res.flushHeaders();
}
