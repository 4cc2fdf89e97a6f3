/** Interim responses (RFC 9110 section 15.2) from upstream to client: 102, 103 and whatever comes next. */
import { STATUS_CODES, type InformationEvent, type IncomingMessage, type ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';
import { responseHeaders } from '../http/headers.ts';
import { isReason } from '../http/upstream-answer.ts';

/** An exchange takes interim responses up to this in all: a client that reads slowly would have them pile up. */
const MAX_INFORMATION_BYTES = 1_048_576;
/** What each is counted for beyond its headers, so that empty ones have an end too. */
const HEAD_BYTES = 64;

/** The interim responses of one exchange. */
export class Information {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  #bytes = 0;

  constructor({ req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse }) {
    this.#req = req;
    this.#res = res;
  }

  /**
   * Passes one on while the client's own answer has not begun. 100 and 101 are the gateway's own business.
   * @throws GatewayError `upstream_unreachable` for one that is no valid response, and when they are too many.
   */
  pass({ statusCode, statusMessage, rawHeaders }: InformationEvent): void {
    this.#bytes += HEAD_BYTES;
    for (const text of rawHeaders) this.#bytes += text.length;
    if (this.#bytes > MAX_INFORMATION_BYTES) throw new GatewayError('upstream_unreachable', 'The upstream sent interim responses without end.');
    // Node judges what it sends itself; this is written past it.
    if (!isReason(statusMessage) || !rawHeaders.every(isReason)) throw new GatewayError('upstream_unreachable', 'An interim response of the upstream\'s is not valid HTTP/1.1.');
    const { socket } = this.#res;
    if (statusCode === 100 || statusCode === 101 || this.#req.httpVersion !== '1.1') return;
    // Without a socket another answer on this connection is still being written.
    if (this.#res.headersSent || socket === null || this.#res.destroyed) return;
    const headers = responseHeaders(rawHeaders, { length: 'omit', decoded: false, trailers: false, added: [] });
    let text = `HTTP/1.1 ${statusCode} ${statusMessage || (STATUS_CODES[statusCode] ?? '')}\r\n`;
    for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
    // Node offers writers for single codes only, which build their headers anew.
    socket.write(`${text}\r\n`, 'latin1');
  }
}
