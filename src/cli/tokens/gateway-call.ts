/** Speaking to a gateway that runs: is it one, and its admin calls. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorCode } from '../../http/upstream-error.ts';

/** A gateway on the same machine answers within milliseconds; a registration may wait two seconds for DNS. */
const ANSWER_LIMIT_MS = 10_000;
/** Codes of the gateway's that even GET /health may get. */
const GATEWAY_REFUSALS: ReadonlySet<string> = new Set(['host_not_allowed', 'gateway_busy']);
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  /** The `Server` header; empty where there is none. */
  readonly server: string;
  /** The body as JSON, or undefined when it is none. */
  readonly body: unknown;
}

/** What stands at an address. */
export type Presence =
  | { readonly kind: 'gateway' }
  /** Nothing listens there. */
  | { readonly kind: 'nobody' }
  /** Something else answers, or takes the connection and does not. */
  | { readonly kind: 'other'; readonly what: string }
  /** It can't be said: no route, no such name, no answer. */
  | { readonly kind: 'unknown'; readonly what: string };

/** Asks an address who is there. Sends nothing but `GET /health`. */
export async function whoIsThere(base: string, limitMs = ANSWER_LIMIT_MS): Promise<Presence> {
  let answer: Answer;
  try {
    answer = await ask(`${base}/health`, undefined, limitMs);
  } catch (error) {
    const code = errorCode(error) ?? 'no answer';
    if (code === 'ECONNREFUSED') return { kind: 'nobody' };
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'unknown', what: `its name can't be resolved (${code})` };
    if (code === 'ENOANSWER') return { kind: 'other', what: `no answer within ${limitMs / 1000} s` };
    // A connection was there: somebody listens and speaks another language.
    if (code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_')) return { kind: 'other', what: 'it does not speak HTTP' };
    return { kind: 'unknown', what: code };
  }
  if (isObject(answer.body) && answer.body['service'] === 'aegisgate') return { kind: 'gateway' };
  // It is one that says no: what is asked of it next gets the same answer, whose message says what to do.
  const refusal = envelopeOf(answer.body)?.code ?? '';
  if (GATEWAY_REFUSALS.has(refusal)) return { kind: 'gateway' };
  return { kind: 'other', what: `HTTP ${answer.status}${answer.server === '' ? '' : `, ${answer.server}`}` };
}

/** POSTs an admin call. Rejects when there is no whole answer. */
export function callAdmin(base: string, call: string, fields: Readonly<Record<string, unknown>>, limitMs = ANSWER_LIMIT_MS): Promise<Answer> {
  return ask(`${base}/__gw__/${call}`, JSON.stringify(fields), limitMs);
}

/** The code and message of a gateway's error envelope, or undefined for another body. */
export function envelopeOf(body: unknown): { readonly code: string; readonly message: string } | undefined {
  const error = isObject(body) ? body['error'] : undefined;
  if (!isObject(error)) return undefined;
  const { code, message } = error;
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class NoAnswerError extends Error {
  readonly code = 'ENOANSWER';
}

/** No proxy, no redirect, no kept connection: what is asked is this address and no other. */
function ask(url: string, body: string | undefined, limitMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = send(url, { method: body === undefined ? 'GET' : 'POST', headers, agent: false });
    const late = setTimeout(() => request.destroy(new NoAnswerError('no answer')), limitMs);
    request.once('close', () => clearTimeout(late));
    request.once('error', reject);
    request.once('response', (response) => {
      readAll(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, server: oneLine(String(response.headers.server ?? '')), body: parsed(text) }),
        reject,
      );
    });
    request.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Whoever sends so much is no gateway: the rest is of no interest.
    if (bytes > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/[^ -~]/g, '').slice(0, 60);
}
