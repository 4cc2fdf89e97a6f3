/** What an upstream's answer must be before any of it is passed on, beyond what Node's parser asks of it. */
import { GatewayError } from '../errors.ts';
import { joinedHeader } from './raw-headers.ts';

/** The head of an answer, as Node's IncomingMessage has it. */
export interface AnswerHead {
  readonly httpVersion: string;
  readonly statusCode?: number | undefined;
  readonly statusMessage?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** RFC 9112 section 4: a reason is of visible characters, spaces and tabs. */
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether a reason can stand in a status line. */
export function isReason(text: string | undefined): boolean {
  return text === undefined || REASON.test(text);
}

/**
 * Refuses an answer that is no HTTP/1, or whose body would reach the client as something else than it is: of the
 * codings of transfer only chunked is taken off (RFC 9112 sections 6.1 and 7).
 * @throws GatewayError `upstream_unreachable`.
 */
export function checkAnswer({ httpVersion, statusCode = 0, statusMessage, rawHeaders }: AnswerHead): void {
  const invalid = (what: string): GatewayError => new GatewayError('upstream_unreachable', `What the upstream answered is not valid HTTP/1.1: ${what}.`);
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw invalid('its version is another');
  if (statusCode < 200 || !isReason(statusMessage)) throw invalid('its status line is none');
  const coding = joinedHeader(rawHeaders, 'transfer-encoding');
  if (coding === undefined || (coding === 'chunked' && httpVersion === '1.1')) return;
  if (httpVersion === '1.0' || coding.trim().toLowerCase() !== 'chunked') throw invalid('its Transfer-Encoding is not chunked');
}
