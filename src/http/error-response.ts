/** Answers of the gateway's own: JSON bodies, the error envelope, and raw ones where there is no response object. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorEnvelope, type GatewayError } from '../errors.ts';

export const REQUEST_ID_HEADER = 'x-aegis-request-id';

/** After an answer that did not wait for the request's body, the client may go on sending for so long. */
const LINGER_MS = 15_000;

/** No cache keeps what the gateway itself says, and no page of another origin gets it as a script, a style or an image. */
const OWN_HEADERS: readonly string[] = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff', 'Cross-Origin-Resource-Policy', 'same-origin'];

/** Sends a small body of the gateway's own. For HEAD the length is told and the body left out. */
export function sendText(res: ServerResponse, status: number, contentType: string, text: string, headers: readonly string[] = []): void {
  const body = Buffer.from(text);
  // The reason is given anew: an upstream's, which could not be sent, may still stand there.
  res.writeHead(status, STATUS_CODES[status] ?? '', ['Content-Type', contentType, 'Content-Length', String(body.length), ...OWN_HEADERS, ...headers]);
  res.end(body);
  lingerForBody(res);
}

export function sendJson(res: ServerResponse, status: number, value: unknown, requestId: string): void {
  sendText(res, status, 'application/json', JSON.stringify(value), [REQUEST_ID_HEADER, requestId]);
}

/** Sends the error envelope; nothing of the answer may have been sent yet. */
export function sendError(res: ServerResponse, error: GatewayError, requestId: string, extra: readonly string[] = []): void {
  const headers = [REQUEST_ID_HEADER, requestId, ...error.headers, ...extra];
  if (error.retryAfterSeconds !== undefined) headers.push('Retry-After', String(error.retryAfterSeconds));
  sendText(res, error.status, 'application/json', errorEnvelope(error, requestId), headers);
}

/**
 * Node reads on and discards what is left of a request once it is answered (closing at once would make the client
 * lose the answer to a reset); this puts an end to it for a client that never stops.
 */
function lingerForBody(res: ServerResponse): void {
  const { req } = res;
  if (req.complete) return;
  const { socket } = req;
  const timer = setTimeout(() => {
    if (!req.complete) socket.destroy();
  }, LINGER_MS).unref();
  // The connection lives on for other requests: nothing of this one may stay with it.
  const done = (): void => {
    clearTimeout(timer);
    socket.off('close', done);
    req.off('end', done);
  };
  socket.once('close', done);
  req.once('end', done);
}

/** The same without a response: short, since nothing that still comes is of use. */
const RAW_LINGER_MS = 1_000;

/**
 * The same envelope where Node has no response object: requests that could not be parsed, CONNECT. Ends the
 * connection, after a moment in which the client can read the answer: RFC 9112 section 9.6.
 */
export function writeRawError(socket: Duplex, error: GatewayError, requestId: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = errorEnvelope(error, requestId);
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Error'}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `${REQUEST_ID_HEADER}: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), RAW_LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
