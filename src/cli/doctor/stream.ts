/**
 * Whether the gateway that runs hands on a stream event by event. A local upstream sends an event only when the one before
 * has arrived here through the gateway, so that nothing depends on how fast anybody is: an event that does not arrive is
 * held up.
 *
 * For this a token is registered for a moment, and taken away again, also after Ctrl-C.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../../http/upstream-error.ts';
import { TOKEN_PREFIX } from '../../router.ts';
import { onInterrupt } from '../interrupt.ts';
import { callsOfGateway, RefusedError } from '../tokens/admin-calls.ts';
import type { Finding } from './finding.ts';

const EVENTS = 5;
/** An event on loopback takes a millisecond or so. */
const EVENT_LIMIT_MS = 3_000;
const NOTE = 'aegisgate doctor, for a moment';
const PATH_PREFIX = '/aegisgate-doctor-';

/** Whether an upstream is one that a doctor has left behind which was killed. */
export function isLeftBehind(upstreamBase: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+\/aegisgate-doctor-[0-9a-f]+$/.test(upstreamBase);
}

/** @param base of the gateway that runs */
export async function checkStream(base: string, gatewayKey: string, limitMs = EVENT_LIMIT_MS): Promise<Finding> {
  const about = { check: 'stream' };
  const calls = callsOfGateway(base, gatewayKey);
  const echo = await startEcho(limitMs);
  let token: string | undefined;
  const putAway = async (): Promise<void> => {
    const taken = token;
    token = undefined;
    if (taken !== undefined) await calls.call('unregister', { token: taken });
  };
  const release = onInterrupt(putAway);
  try {
    const answer = await calls.call('register', { upstream_base: echo.base, mode: 'full', note: NOTE });
    token = String(answer['token']);
    return { ...about, ...(await follow(`${base}${TOKEN_PREFIX}${token}/chat/completions`, echo, limitMs)) };
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'invalid_upstream') return { ...about, status: 'skipped', message: 'the gateway takes no upstream on this machine (AEGIS_UPSTREAM_ALLOW), by which its stream could be tried' };
    return { ...about, status: 'problem', message: `the gateway's stream could not be tried: ${error instanceof Error ? error.message : 'unknown fault'}`, advice: 'its log tells why' };
  } finally {
    await putAway().catch(() => {});
    release();
    echo.close();
  }
}

interface Echo {
  readonly base: string;
  /** When each event was sent, as performance.now(). */
  readonly sentAtMs: readonly number[];
  /** Told of each event that has arrived here. */
  arrived(): void;
  close(): void;
}

/** An upstream that streams an answer as OpenAI's chat does, an event for each that has arrived. */
async function startEcho(limitMs: number): Promise<Echo> {
  const path = `${PATH_PREFIX}${randomBytes(8).toString('hex')}`;
  const sentAtMs: number[] = [];
  let response: ServerResponse | undefined;
  const send = (): void => {
    if (response === undefined || response.destroyed) return;
    if (sentAtMs.length === EVENTS) {
      response.end('data: [DONE]\n\n');
      return;
    }
    const event = { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: `event ${sentAtMs.length + 1}. ` } }] };
    sentAtMs.push(performance.now());
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const server = createServer((req, res) => {
    res.on('error', () => {});
    req.resume();
    if (req.url !== `${path}/chat/completions`) {
      res.writeHead(404).end();
      return;
    }
    response = res;
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    send();
  });
  server.requestTimeout = limitMs * (EVENTS + 2);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}${path}`,
    sentAtMs,
    arrived: send,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Judged = Pick<Finding, 'status' | 'message'> & Pick<Partial<Finding>, 'advice' | 'facts'>;

function follow(url: string, echo: Echo, limitMs: number): Promise<Judged> {
  return new Promise((resolve) => {
    const body = JSON.stringify({ model: 'none', stream: true, messages: [{ role: 'user', content: 'Is anybody there?' }] });
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), accept: 'text/event-stream' } });
    let arrived = 0;
    let slowestMs = 0;
    let late: NodeJS.Timeout | undefined;
    const end = (judged: Judged): void => {
      clearTimeout(late);
      request.destroy();
      resolve(judged);
    };
    const wait = (): void => {
      clearTimeout(late);
      late = setTimeout(() => end(heldUp(arrived, echo.sentAtMs.length, limitMs)), limitMs);
    };
    const take = (response: IncomingMessage): void => {
      const status = response.statusCode ?? 0;
      if (status !== 200) {
        response.resume();
        end(unexpected(status));
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        // Counted by their ends: an event that came in part has not come.
        const come = Math.min(EVENTS, text.split('\n\n').length - 1);
        for (; arrived < come; arrived++) {
          slowestMs = Math.max(slowestMs, performance.now() - (echo.sentAtMs[arrived] ?? 0));
          echo.arrived();
          wait();
        }
      });
      response.on('error', () => end({ status: 'problem', message: 'the stream through the gateway broke off', advice: 'its log tells why' }));
      response.on('end', () => end(passed(slowestMs)));
    };
    request.once('error', (error) => end({ status: 'problem', message: `the gateway did not answer (${errorCode(error) ?? 'unknown'})`, advice: 'its log tells why' }));
    request.once('response', take);
    wait();
    request.end(body);
  });
}

function passed(slowestMs: number): Judged {
  const ms = Math.ceil(slowestMs);
  return {
    status: 'ok', message: `the gateway streams unbuffered: each of ${EVENTS} events had arrived before the next was sent, the slowest in ${ms} ms (tried with a local upstream and a token of its own, taken away again)`,
    facts: { events: EVENTS, slowest_ms: ms, buffered: false },
  };
}

function heldUp(arrived: number, sent: number, limitMs: number): Judged {
  if (sent === 0) return { status: 'problem', message: `the gateway handed nothing on to a local upstream within ${limitMs / 1000} s`, advice: 'its log tells why' };
  return {
    status: 'problem', message: `the stream is buffered: event ${arrived + 1} was sent and had not arrived ${limitMs / 1000} s later`,
    advice: 'the gateway holds no event up: whatever stands between it and here does. In nginx set proxy_buffering off', facts: { events: arrived, buffered: true },
  };
}

function unexpected(status: number): Judged {
  if (status === 502 || status === 504) return { status: 'skipped', message: 'the gateway can\'t reach an upstream on this machine, by which its stream could be tried: it may run in a container or on another one' };
  return { status: 'problem', message: `the gateway answered a stream with HTTP ${status}`, advice: 'its log tells why' };
}
