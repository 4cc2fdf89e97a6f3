/**
 * The upstream of all measurements, a process of its own: a bare TCP server that answers from buffers made beforehand,
 * so that it is not what limits a proxy. What it answers is in answers.ts.
 */
import { createHash, type Hash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { SMALL_ANSWER, answerHead, chunk, chunked, fullSpeedEvents, nowUs, restoreEvents, stampedEvent } from './answers.ts';
import { killWhenAlone } from './child-protocol.ts';
import { createMessageReader } from './message-reader.ts';
import { PLANTED_SECRET } from './request-bodies.ts';

const SSE = 'text/event-stream; charset=utf-8';
/** What stands in a request in place of a secret, by the gateway's contract. */
const PLACEHOLDER = /aegis-[a-z-]+-[a-z2-7]{12}/;
/** Only this much of a request is looked at for a placeholder: the first one stands in its first turn. */
const PLACEHOLDER_SEARCH_BYTES = 64 * 1024;
const MAX_STREAMS_KEPT = 8;

const JSON_ANSWER = Buffer.concat([Buffer.from(answerHead('application/json', SMALL_ANSWER.length)), SMALL_ANSWER]);
const STREAM_HEAD = answerHead(SSE, null);
const FULL_SPEED_ANSWER = Buffer.from(STREAM_HEAD + chunked(fullSpeedEvents()));
const IDLE_ANSWER = Buffer.from(STREAM_HEAD + chunk(stampedEvent(0)));

const restoreAnswers = new Map<string, Buffer>();
function restoreAnswer(value: string): Buffer {
  let answer = restoreAnswers.get(value);
  if (!answer) {
    answer = Buffer.from(STREAM_HEAD + chunked(restoreEvents(value)));
    if (restoreAnswers.size >= MAX_STREAMS_KEPT) restoreAnswers.clear();
    restoreAnswers.set(value, answer);
  }
  return answer;
}

/** Streams are spread over the interval, so that they don't all speak in the same millisecond. */
let pacedStreams = 0;
const SPREAD_STEP = 0.618_033_988_75;

function pace(socket: Socket, everyMs: number, events: number): void {
  let left = events;
  let timer: NodeJS.Timeout | undefined;
  const send = (): void => {
    socket.write(chunk(stampedEvent(nowUs())));
    if (--left === 0) {
      clearInterval(timer);
      socket.off('close', stop);
      socket.write('0\r\n\r\n');
    }
  };
  const stop = (): void => clearInterval(timer);
  socket.on('close', stop);
  socket.write(STREAM_HEAD);
  timer = setTimeout(() => {
    timer = setInterval(send, everyMs);
    send();
  }, Math.floor(((pacedStreams++ * SPREAD_STEP) % 1) * everyMs));
}

const server = createServer({ noDelay: true }, (socket) => {
  let query = new URLSearchParams();
  let answer = 'json';
  let lastTarget = '';
  let bytes = 0;
  let hash: Hash | undefined;
  let beginning = '';

  const reader = createMessageReader({
    onHead(head) {
      const from = head.indexOf(' ') + 1;
      const target = head.slice(from, head.indexOf(' ', from));
      if (target !== lastTarget) {
        lastTarget = target;
        query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
        answer = query.get('answer') ?? 'json';
      }
      bytes = 0;
      beginning = '';
      hash = answer === 'digest' ? createHash('sha256') : undefined;
    },
    onBody(buffer, start, end) {
      bytes += end - start;
      if (hash) hash.update(buffer.subarray(start, end));
      else if (answer === 'restore' && beginning.length < PLACEHOLDER_SEARCH_BYTES) beginning += buffer.toString('latin1', start, end);
    },
    onEnd() {
      switch (answer) {
        case 'digest': {
          const digest = JSON.stringify({ bytes, sha256: hash?.digest('hex') });
          socket.write(answerHead('application/json', digest.length) + digest);
          break;
        }
        case 'sse':
          socket.write(FULL_SPEED_ANSWER);
          break;
        case 'restore':
          socket.write(restoreAnswer(PLACEHOLDER.exec(beginning)?.[0] ?? PLANTED_SECRET));
          break;
        case 'paced':
          pace(socket, Number(query.get('ms')), Number(query.get('events')));
          break;
        case 'idle':
          socket.write(IDLE_ANSWER);
          break;
        default:
          socket.write(JSON_ANSWER);
      }
    },
  });
  socket.on('data', (data: Buffer) => {
    try {
      reader.push(data, data.length);
    } catch {
      socket.destroy();
    }
  });
  // A proxy that is killed or that gives up a stream resets its connections.
  socket.on('error', () => socket.destroy());
});

killWhenAlone();
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') process.send?.({ port: address.port });
});
