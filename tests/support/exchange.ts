// One request as bytes, one response taken apart from bytes, without a library's view of either in between.
import type { TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { checkEnvelope } from './envelope.ts';
import { until } from './until.ts';
import { connectWire, requestText, type WireClient } from './wire-client.ts';

export interface RawHead {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, as they came, as latin1. */
  readonly rawHeaders: readonly string[];
}

export interface RawResponse extends RawHead {
  /** 1xx responses that came before. */
  readonly interim: readonly RawHead[];
  /** Framing taken off. */
  readonly body: Buffer;
  readonly rawTrailers: readonly string[];
  /** What came behind the response, as latin1. */
  readonly after: string;
}

function parseHeaders(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}

/** All values of a header. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}

/** The header's only value, or undefined where there is none. @throws AssertionError where there are several. */
export function valueOf(rawHeaders: readonly string[], name: string): string | undefined {
  const values = valuesOf(rawHeaders, name);
  assert.ok(values.length < 2, `several ${name} headers`);
  return values[0];
}

/** Headers without those that belong to one connection alone. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!/^(connection|keep-alive|transfer-encoding|x-aegis-request-id)$/i.test(name)) out.push(name, rawHeaders[i + 1] ?? '');
  }
  return out;
}

/**
 * Takes the first response off `text` (latin1); undefined while it is not complete.
 * @param bodiless it answers HEAD.
 * @param ended the connection has been closed, which ends a body without framing.
 */
export function parseResponse(text: string, bodiless = false, ended = false): RawResponse | undefined {
  const interim: RawHead[] = [];
  let rest = text;
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd === -1) return undefined;
    const [first = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    rest = rest.slice(headEnd + 4);
    const match = /^HTTP\/(\d\.\d) (\d{3}) ?([^]*)$/.exec(first);
    assert.ok(match !== null, `not a status line: ${JSON.stringify(first)}`);
    const [, version = '', status = '', reason = ''] = match;
    const head: RawHead = { version, status: Number(status), reason, rawHeaders: parseHeaders(lines) };
    if (head.status < 200 && head.status !== 101) {
      interim.push(head);
      continue;
    }
    const done = (body: string, rawTrailers: string[], after: string): RawResponse => ({ ...head, interim, body: Buffer.from(body, 'latin1'), rawTrailers, after });
    if (bodiless || head.status === 204 || head.status === 304) return done('', [], rest);
    if (valueOf(head.rawHeaders, 'transfer-encoding') === 'chunked') return takeChunked(rest, done);
    const length = valueOf(head.rawHeaders, 'content-length');
    if (length === undefined) return ended ? done(rest, [], '') : undefined;
    return rest.length < Number(length) ? undefined : done(rest.slice(0, Number(length)), [], rest.slice(Number(length)));
  }
}

function takeChunked(text: string, done: (body: string, rawTrailers: string[], after: string) => RawResponse): RawResponse | undefined {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = parseInt(text.slice(at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) break;
    if (text.length < at + size + 2) return undefined;
    body += text.slice(at, at + size);
    at += size + 2;
  }
  const lines: string[] = [];
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const line = text.slice(at, lineEnd);
    at = lineEnd + 2;
    if (line === '') return done(body, parseHeaders(lines), text.slice(at));
    lines.push(line);
  }
}

/** Waits for the next whole response on a connection; a response of before is passed over by `from`. */
export async function nextResponse(client: WireClient, { from = 0, bodiless = false } = {}): Promise<RawResponse> {
  let response: RawResponse | undefined;
  await until('a whole response', () => {
    response = parseResponse(client.received().slice(from), bodiless, client.ending() === 'end');
    if (response === undefined && client.ending() !== undefined) throw new Error(`closed (${client.ending()}) after ${JSON.stringify(client.received().slice(from, from + 300))}`);
    return response !== undefined;
  });
  return response as unknown as RawResponse;
}

/** Sends bytes on a new connection and returns the answer. */
export async function exchange(t: TestContext, port: number, request: string | Buffer): Promise<RawResponse> {
  const client = await connectWire(t, port);
  const bytes = typeof request === 'string' ? Buffer.from(request, 'latin1') : request;
  client.write(bytes);
  const response = await nextResponse(client, { bodiless: bytes.toString('latin1', 0, 5) === 'HEAD ' });
  client.socket.destroy();
  return response;
}

/** A request with a body of any bytes. */
export function requestBytes(method: string, target: string, headers: readonly string[], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(requestText(method, target, [...headers, `Content-Length: ${body.length}`]), 'latin1'), body]);
}

/** A request whose body goes in the given chunks. */
export function chunkedRequest(method: string, target: string, headers: readonly string[], chunks: readonly Buffer[], trailers: readonly string[] = []): Buffer {
  const parts: Buffer[] = [Buffer.from(requestText(method, target, [...headers, 'Transfer-Encoding: chunked']), 'latin1')];
  for (const chunk of chunks) parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  parts.push(Buffer.from(`0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1'));
  return Buffer.concat(parts);
}

/** Checks that an answer is the gateway's error envelope with this status and code, and returns its message. */
export function assertRefused(response: RawResponse, status: number, code: string): string {
  const text = response.body.toString();
  assert.equal(response.status, status, text);
  assert.match(valueOf(response.rawHeaders, 'content-type') ?? '', /^application\/json/);
  const envelope = checkEnvelope(JSON.parse(text), code);
  assert.equal(valueOf(response.rawHeaders, 'x-aegis-request-id'), envelope.request_id);
  return envelope.error.message;
}
