// An upstream that reads requests as strictly as RFC 9112 lets it, with a parser of its own: what the gateway sends must
// not need a lenient reader, and a request that the client never sent must not be found in it.
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { startRawUpstream, type TestUpstream } from './upstream.ts';

export interface StrictRequest {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as they came, as latin1. */
  readonly rawHeaders: readonly string[];
  /** As latin1, framing taken off. */
  readonly body: string;
}

export interface StrictUpstream extends TestUpstream {
  readonly requests: readonly StrictRequest[];
  /** What was not as the RFC has it, each with the bytes that it stood in. */
  readonly faults: readonly string[];
}

const REQUEST_LINE = /^([A-Z][A-Z-]*) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.1$/;
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;
const CHUNK_SIZE = /^[0-9a-fA-F]{1,8}$/;

/** What a reader of one request has come to: a whole request and where it ends, or undefined while bytes are missing. */
type Taken = { readonly request: StrictRequest; readonly end: number } | undefined;

/** @throws Error that says what is not as it should be. */
function takeFields(text: string, from: number): { readonly fields: string[]; readonly end: number } | undefined {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const line = text.slice(at, lineEnd);
    at = lineEnd + 2;
    if (line === '') return { fields, end: at };
    const match = FIELD_LINE.exec(line);
    if (match === null) throw new Error(`not a field line: ${JSON.stringify(line)}`);
    fields.push(match[1] ?? '', match[2] ?? '');
  }
}

function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, i) => i % 2 === 1 && fields[i - 1]?.toLowerCase() === name);
}

/** @throws Error that says what is not as it should be. */
function takeRequest(text: string): Taken {
  const lineEnd = text.indexOf('\r\n');
  if (lineEnd === -1) return undefined;
  const line = REQUEST_LINE.exec(text.slice(0, lineEnd));
  if (line === null) throw new Error('not a request line');
  const head = takeFields(text, lineEnd + 2);
  if (head === undefined) return undefined;
  const { fields } = head;
  if (valuesOf(fields, 'host').length !== 1) throw new Error('not one Host');
  const lengths = valuesOf(fields, 'content-length');
  const codings = valuesOf(fields, 'transfer-encoding');
  if (lengths.length + codings.length > 1) throw new Error('more than one framing');
  for (const hop of ['upgrade', 'te', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'expect']) {
    if (valuesOf(fields, hop).length > 0) throw new Error(`a ${hop} header`);
  }
  const done = (body: string, end: number): Taken => ({ request: { method: line[1] ?? '', target: line[2] ?? '', rawHeaders: fields, body }, end });
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') throw new Error(`a Transfer-Encoding of ${JSON.stringify(codings[0])}`);
    let body = '';
    let at = head.end;
    for (;;) {
      const sizeEnd = text.indexOf('\r\n', at);
      if (sizeEnd === -1) return undefined;
      const size = text.slice(at, sizeEnd);
      if (!CHUNK_SIZE.test(size)) throw new Error(`a chunk size of ${JSON.stringify(size)}`);
      const bytes = parseInt(size, 16);
      at = sizeEnd + 2;
      if (bytes === 0) {
        const trailers = takeFields(text, at);
        if (trailers === undefined) return undefined;
        for (const name of ['content-length', 'transfer-encoding', 'host']) if (valuesOf(trailers.fields, name).length > 0) throw new Error(`${name} as a trailer`);
        return done(body, trailers.end);
      }
      if (text.length < at + bytes + 2) return undefined;
      if (text.slice(at + bytes, at + bytes + 2) !== '\r\n') throw new Error('a chunk without its end');
      body += text.slice(at, at + bytes);
      at += bytes + 2;
    }
  }
  const [length = '0'] = lengths;
  if (!/^\d{1,12}$/.test(length)) throw new Error(`a length of ${JSON.stringify(length)}`);
  const end = head.end + Number(length);
  return text.length < end ? undefined : done(text.slice(head.end, end), end);
}

/** Answers each request, as soon as it is whole, with the bytes that `answer` makes of it, as latin1. */
export async function startStrictUpstream(t: TestContext, answer: (request: StrictRequest, socket: Socket) => string): Promise<StrictUpstream> {
  const requests: StrictRequest[] = [];
  const faults: string[] = [];
  const upstream = await startRawUpstream(t, (socket) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      try {
        for (let taken = takeRequest(text); taken !== undefined; taken = takeRequest(text)) {
          text = text.slice(taken.end);
          requests.push(taken.request);
          socket.write(answer(taken.request, socket), 'latin1');
        }
      } catch (error) {
        faults.push(`${(error as Error).message} in ${JSON.stringify(text.slice(0, 400))}`);
        socket.destroy();
      }
    });
  });
  return { ...upstream, requests, faults };
}

/** A 200 of a stated length. */
export function okText(body: string, headers: readonly string[] = []): string {
  return ['HTTP/1.1 200 OK', 'Content-Type: text/plain', ...headers, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, '', body].join('\r\n');
}
