// An upstream that keeps whatever it was sent.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { bodyOf, startRawUpstream, startUpstream, type TestUpstream } from './upstream.ts';

export interface RecordedRequest {
  readonly method: string;
  /** The request target, as latin1. */
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  /** The connection it came on, counted from 1. */
  readonly connection: number;
}

export interface Recorder extends TestUpstream {
  readonly requests: RecordedRequest[];
  /** The request that came last. @throws Error where none has come. */
  last(): RecordedRequest;
}

type Answer = (res: ServerResponse, request: RecordedRequest) => void;

/** Records each request once it is whole, then answers it: with an empty 200 unless told otherwise. */
export async function startRecorder(t: TestContext, answer: Answer = (res) => void res.end()): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const numbers = new WeakMap<object, number>();
  let connections = 0;
  const record = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await bodyOf(req);
    const { method = '', url = '', rawHeaders, rawTrailers, socket } = req;
    const request: RecordedRequest = { method, target: url, rawHeaders, rawTrailers, body, connection: numbers.get(socket) ?? 0 };
    requests.push(request);
    answer(res, request);
  };
  const upstream = await startUpstream(
    t,
    (req, res) => {
      // A request that breaks off is none.
      record(req, res).catch(() => {});
    },
    (server) => {
      server.on('connection', (socket) => numbers.set(socket, ++connections));
    },
  );
  return {
    ...upstream,
    requests,
    last() {
      const request = requests.at(-1);
      if (request === undefined) throw new Error('nothing has come upstream');
      return request;
    },
  };
}

export interface RawRecorder extends TestUpstream {
  /** All bytes of each connection, as latin1, in the order of connecting. */
  readonly connections: string[];
}

/**
 * An upstream of bare TCP that answers `answer` as soon as a connection's bytes end with `until`.
 * @param answer latin1 text; a request that comes later on the same connection is answered again.
 */
export async function startRawRecorder(t: TestContext, answer: string, until = '\r\n\r\n'): Promise<RawRecorder> {
  const connections: string[] = [];
  const upstream = await startRawUpstream(t, (socket) => {
    const index = connections.push('') - 1;
    socket.on('data', (chunk) => {
      const text = (connections[index] ?? '') + chunk.toString('latin1');
      connections[index] = text;
      if (text.endsWith(until)) socket.write(answer, 'latin1');
    });
  });
  return { ...upstream, connections };
}
