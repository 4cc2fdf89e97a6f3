/**
 * Whether a provider's own answer comes as a stream: one short question through the gateway that runs, with a key that the
 * user names. Nothing of the answer is kept or shown but when its events came.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorCode } from '../../http/upstream-error.ts';
import type { Upstream } from '../../http/upstream-url.ts';
import type { Finding } from './finding.ts';

/** A model that thinks first may take long to begin. */
const LIMIT_MS = 60_000;
/** Long enough to take a second or so, and to cost next to nothing. */
const QUESTION = 'Count from 1 to 60, in digits, with a space between.';
const MOST_TOKENS = 300;
/** Events that come within so long of each other were gathered by somebody. */
const AT_ONCE_MS = 50;
/** Fewer say nothing. */
const LEAST_EVENTS = 5;

export interface Question {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A question in the upstream's own protocol, told by its host and path; what is neither Anthropic's nor Google's is taken
 * for OpenAI's chat, which nearly everybody else speaks.
 */
export function questionFor({ hostname, path }: Pick<Upstream, 'hostname' | 'path'>, model: string, key: string): Question {
  const messages = [{ role: 'user', content: QUESTION }];
  if (hostname.endsWith('.anthropic.com') || /\/anthropic(?:\/|$)/.test(path)) {
    return { path: '/v1/messages', headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' }, body: { model, max_tokens: MOST_TOKENS, stream: true, messages } };
  }
  if (hostname === 'generativelanguage.googleapis.com') {
    return { path: `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`, headers: { 'x-goog-api-key': key }, body: { contents: [{ role: 'user', parts: [{ text: QUESTION }] }] } };
  }
  return { path: '/chat/completions', headers: { authorization: `Bearer ${key}` }, body: { model, stream: true, messages } };
}

/** When what came. Times in milliseconds since the question was sent. */
export interface Arrival {
  readonly status: number;
  readonly contentType: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly events: number;
}

type Judged = Pick<Finding, 'status' | 'message'> & Pick<Partial<Finding>, 'advice' | 'facts'>;

export function judgeArrival({ status, contentType, firstMs, lastMs, events }: Arrival): Judged {
  const facts = { http_status: status, first_byte_ms: Math.round(firstMs), last_byte_ms: Math.round(lastMs), events };
  if (status === 401 || status === 403) return { status: 'problem', message: `the key was not accepted (HTTP ${status})`, advice: 'check the key, and that it is this provider\'s', facts };
  if (status !== 200) return { status: 'problem', message: `the question was answered with HTTP ${status}`, advice: status === 404 || status === 400 ? 'check the model\'s name, and whether the upstream_base ends as the provider has it (…/v1)' : 'ask the provider\'s status page', facts };
  if (!/^text\/event-stream\b/i.test(contentType)) return { status: 'warning', message: 'the answer is no event stream', advice: 'the provider may not stream this model', facts };
  if (events < LEAST_EVENTS) return { status: 'warning', message: `the answer came in ${events} events, which is too few to say whether it is buffered`, facts };
  const spreadMs = lastMs - firstMs;
  if (spreadMs < AT_ONCE_MS) {
    return { status: 'warning', message: `${events} events came at once, after ${facts.first_byte_ms} ms: somebody on the way gathers them`, advice: 'a proxy between (AEGIS_UPSTREAM_PROXY, HTTPS_PROXY, a company\'s TLS inspection) may; the gateway itself was tried above', facts };
  }
  return { status: 'ok', message: `streams unbuffered: first byte after ${facts.first_byte_ms} ms, ${events} events over ${Math.round(spreadMs)} ms`, facts };
}

/** @param baseUrl of the upstream's token at the gateway that runs. */
export function checkProviderStream(baseUrl: string, question: Question, limitMs = LIMIT_MS): Promise<Judged> {
  return new Promise((resolve) => {
    const body = JSON.stringify(question.body);
    const send = baseUrl.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(`${baseUrl}${question.path}`, {
      method: 'POST', agent: false, headers: { ...question.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), accept: 'text/event-stream' },
    });
    const sent = performance.now();
    const end = (judged: Judged): void => {
      clearTimeout(late);
      request.destroy();
      resolve(judged);
    };
    const broken = (what: string): void => end({ status: 'problem', message: `the answer ${what}`, advice: 'the gateway\'s log tells why' });
    const late = setTimeout(() => broken(`was not complete after ${limitMs / 1000} s`), limitMs);
    request.once('error', (error) => broken(`did not come (${errorCode(error) ?? 'unknown'})`));
    request.once('response', (response: IncomingMessage) => {
      let firstMs = 0;
      let lastMs = 0;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        lastMs = performance.now() - sent;
        if (text === '') firstMs = lastMs;
        text += chunk;
      });
      response.once('error', () => broken('broke off'));
      response.once('end', () => {
        const events = text.match(/^data:/gm)?.length ?? 0;
        end(judgeArrival({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', firstMs, lastMs, events }));
      });
    });
    request.end(body);
  });
}
