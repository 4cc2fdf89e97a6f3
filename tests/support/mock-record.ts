/** What the mock upstream keeps of each request and of what it answered. */
import type { IncomingMessage } from 'node:http';

/**
 * `open`: not finished yet. `complete`: the whole answer was sent. `aborted`: the other side went away first.
 * `cut`: the mock itself broke off, as it was asked to.
 */
export type Outcome = 'open' | 'complete' | 'aborted' | 'cut';

export interface RecordedAnswer {
  status: number;
  /** Names and values in turn, as they were sent; Node's own (`Date`, `Connection`, framing) are not among them. */
  rawHeaders: string[];
  /** The body's bytes as sent, after any content coding. */
  body(): Buffer;
}

export interface RecordedRequest {
  method: string;
  /** The request target as it came. */
  url: string;
  httpVersion: string;
  /** Names and values in turn, case and order as they came. */
  rawHeaders: string[];
  /** The body as it came, still coded; complete once `received` has resolved. */
  body: Buffer;
  rawTrailers: string[];
  /** When the head arrived, in milliseconds since 1970. */
  time: number;
  outcome: Outcome;
  answer: RecordedAnswer | null;
  /** Resolves when the body has arrived whole; to false when it never will. */
  received: Promise<boolean>;
  /** Resolves when the exchange is over, with its outcome. */
  finished: Promise<Outcome>;
  /** The first header of this name, in any case. */
  header(name: string): string | undefined;
}

export interface Recorder {
  record: RecordedRequest;
  answered(status: number, rawHeaders: string[]): void;
  wrote(chunk: Buffer): void;
  finish(outcome: Outcome): void;
}

/** Starts to record a request whose head has just arrived, and collects its body. */
export function createRecorder(req: IncomingMessage): Recorder {
  const written: Buffer[] = [];
  let settle: (outcome: Outcome) => void = () => {};
  const record: RecordedRequest = {
    method: req.method ?? '',
    url: req.url ?? '',
    httpVersion: req.httpVersion,
    rawHeaders: req.rawHeaders,
    body: Buffer.alloc(0),
    rawTrailers: [],
    time: Date.now(),
    outcome: 'open',
    answer: null,
    received: collect(req, (body, rawTrailers) => {
      record.body = body;
      record.rawTrailers = rawTrailers;
    }),
    finished: new Promise((resolve) => {
      settle = resolve;
    }),
    header(name) {
      return headerOf(record.rawHeaders, name);
    },
  };
  return {
    record,
    answered(status, rawHeaders) {
      record.answer = { status, rawHeaders, body: () => Buffer.concat(written) };
    },
    wrote(chunk) {
      written.push(chunk);
    },
    finish(outcome) {
      if (record.outcome !== 'open') return;
      record.outcome = outcome;
      settle(outcome);
    },
  };
}

function collect(req: IncomingMessage, take: (body: Buffer, rawTrailers: string[]) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (whole: boolean): void => {
      take(Buffer.concat(chunks), req.rawTrailers);
      resolve(whole);
    };
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => end(true));
    // Node reports a broken upload as an error and then closes; the close is enough.
    req.on('error', () => {});
    req.on('close', () => {
      if (!req.complete) end(false);
    });
  });
}

/** The first value of a header in a flat list of names and values; names compare in any case. */
export function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === wanted) return rawHeaders[i + 1];
  }
  return undefined;
}
