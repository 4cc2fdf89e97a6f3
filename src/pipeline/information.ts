/** Interim responses (RFC 9110 section 15.2) from upstream to client: 102, 103 and whatever comes next. */
import { STATUS_CODES, type InformationEvent, type IncomingMessage, type ServerResponse } from 'node:http';
import { responseHeaders } from '../http/headers.ts';

/** An interim response is passed on while the client's own answer has not begun. 100 and 101 are the gateway's own business. */
export function passInformation({ req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse }, info: InformationEvent): void {
  const { statusCode, statusMessage, rawHeaders } = info;
  if (statusCode === 100 || statusCode === 101 || req.httpVersion !== '1.1') return;
  // Without a socket another answer on this connection is still being written.
  if (res.headersSent || res.socket === null || res.destroyed) return;
  const headers = responseHeaders(rawHeaders, { length: 'omit', decoded: false, trailers: false, added: [] });
  let text = `HTTP/1.1 ${statusCode} ${statusMessage || (STATUS_CODES[statusCode] ?? '')}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  // Node offers writers for single codes only, which build their headers anew.
  res.socket.write(`${text}\r\n`, 'latin1');
}
