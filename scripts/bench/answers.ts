/**
 * What the mock upstream answers, made once and known to both ends. The query of the request chooses:
 * `answer=json`, `answer=digest`, `answer=sse`, `answer=paced&ms=…&events=…`, `answer=idle`, `answer=restore`.
 */
import { proseText, sourceText } from './agent-text.ts';
import { createRandom } from './random.ts';

/** Events of one stream at full speed, frame events included. */
export const EVENTS_PER_STREAM = 500;
/** Every so many deltas of `answer=restore` the value stands once, split over two deltas every other time. */
const RESTORE_EVERY = 20;
/** Characters of one text delta: what a fast model sends at a time. */
const DELTA_CHARS = 14;

/** Headers as vendors send them; names in mixed case to show whether they are kept. */
const COMMON_HEADERS = [
  'Server: mock',
  'request-id: req_011CSHoEeqs5C35K2UUqR7Fy',
  'anthropic-organization-id: 00000000-0000-4000-8000-000000000000',
  'anthropic-ratelimit-requests-limit: 4000',
  'anthropic-ratelimit-requests-remaining: 3999',
  'anthropic-ratelimit-requests-reset: 2026-11-01T10:00:00Z',
  'anthropic-ratelimit-tokens-limit: 400000',
  'anthropic-ratelimit-tokens-remaining: 399000',
  'X-Robots-Tag: none',
  'cache-control: no-cache',
];

/** The head of an answer of known length, or of a chunked one when `length` is null. */
export function answerHead(contentType: string, length: number | null): string {
  const framing = length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return ['HTTP/1.1 200 OK', 'Date: Sun, 01 Nov 2026 10:00:00 GMT', `Content-Type: ${contentType}`, ...COMMON_HEADERS, framing, '', ''].join('\r\n');
}

export const SMALL_ANSWER: Buffer = Buffer.from(
  JSON.stringify({
    id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: `${'The loop ends one line too early. '.repeat(4)}改一下判断条件就可以了。` }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 312, cache_read_input_tokens: 0, output_tokens: 58 },
  }),
);

function frame(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function delta(text: string): string {
  return frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
}

/** A whole stream of text deltas, one string an event. */
function streamOf(texts: readonly string[]): string[] {
  return [
    frame('message_start', { message: { id: 'msg_01XFDUDYJgAACzvnptvVoYEL', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [], stop_reason: null, usage: { input_tokens: 312, output_tokens: 1 } } }),
    frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    frame('ping', {}),
    ...texts.map(delta),
    frame('content_block_stop', { index: 0 }),
    frame('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: texts.length } }),
    frame('message_stop', {}),
  ];
}

/** Texts for a stream of EVENTS_PER_STREAM events: Markdown, as models write it. */
function deltaTexts(): string[] {
  const random = createRandom(7);
  const count = EVENTS_PER_STREAM - streamOf([]).length;
  let text = '';
  while (text.length < count * DELTA_CHARS) text += `${proseText(random)}\n\n\`\`\`ts\n${sourceText(random)}\`\`\`\n\n`;
  return Array.from({ length: count }, (_, i) => text.slice(i * DELTA_CHARS, (i + 1) * DELTA_CHARS));
}

/** The events of `answer=sse`. */
export function fullSpeedEvents(): string[] {
  return streamOf(deltaTexts());
}

/** The events of `answer=restore`: the same stream with `value` in it. */
export function restoreEvents(value: string): string[] {
  const texts = deltaTexts();
  for (let i = 0; i + 1 < texts.length; i += RESTORE_EVERY) {
    if ((i / RESTORE_EVERY) % 2 === 0) {
      texts[i] = ` ${value} `;
    } else {
      texts[i] = ` ${value.slice(0, 9)}`;
      texts[i + 1] = `${value.slice(9)} `;
    }
  }
  return streamOf(texts);
}

/** Digits of a time stamp, in microseconds of the monotonic clock that all processes of the machine share. */
const STAMP_DIGITS = 15;
const STAMP_MARK = '"text":"at ';

/** One event of a paced stream: a vendor's, whose text is the time when it was sent. */
export function stampedEvent(nowUs: number): string {
  const stamp = Math.round(nowUs).toString().padStart(STAMP_DIGITS, '0');
  return frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: `at ${stamp}` } });
}

/** The times in `text`, which need not begin at an event's start. */
export function readStamps(text: string, onStamp: (sentUs: number) => void): void {
  let at = text.indexOf(STAMP_MARK);
  while (at !== -1) {
    const start = at + STAMP_MARK.length;
    onStamp(Number(text.slice(start, start + STAMP_DIGITS)));
    at = text.indexOf(STAMP_MARK, start);
  }
}

/** The monotonic clock in microseconds. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/** Frames of a chunked body: one chunk an event, as a server that flushes each event sends them. */
export function chunked(events: readonly string[]): string {
  return `${events.map(chunk).join('')}0\r\n\r\n`;
}

export function chunk(event: string): string {
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`;
}
