// Upstreams that break off after every single byte of an answer, in every way: by closing, by a reset, by silence.
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkEnvelope } from '../support/envelope.ts';
import { parseResponse, type RawResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { until, untilAsync } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';
import { eachAtOnce, type Figures } from './figures.ts';
import { startScriptedUpstream } from './scripted-upstream.ts';

const SILENCE = 'falls silent';
const IDLE_LIMIT_MS = 400;
/** Where no silence is waited for: a busy machine is none. */
const LONG_IDLE_LIMIT_MS = 60_000;
/** libuv tells a reset that it finds together with the last bytes as an orderly end, so the reset comes by itself. */
const APART_MS = 50;
const AT_ONCE = 100;
const DEADLINE_MS = 30_000;

interface Answer {
  readonly what: string;
  readonly bytes: Buffer;
  /** The body that the client is to get, in each mode. */
  readonly body: { readonly full: string; readonly passthrough: string };
  /** Its end is told by the connection's alone. */
  readonly untilClose?: true;
}

const EVENTS = ['event: message_start\ndata: {"type":"message_start"}\n\n', 'event: ping\ndata: {"type":"ping"}\n\n', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'];
const TEXT = EVENTS.join('');

function chunks(pieces: readonly (string | Buffer)[], trailers = ''): Buffer {
  const parts = pieces.map((piece) => Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), Buffer.from(piece as string), Buffer.from('\r\n')]));
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailers}\r\n`)]);
}

function answer(what: string, head: readonly string[], body: string | Buffer, plain: string | undefined, untilClose?: true): Answer {
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body as string)]);
  const raw = plain ?? body.toString('latin1');
  return { what, bytes, body: { full: raw, passthrough: raw }, ...(untilClose && { untilClose }) };
}

function compressed(what: string, head: readonly string[], packed: Buffer, framed: Buffer): Answer {
  return { ...answer(what, head, framed, ''), body: { full: TEXT, passthrough: packed.toString('latin1') } };
}

const PACKED = gzipSync(TEXT);
const JSON_BODY = '{"content":[{"type":"text","text":"ok"}]}';
const JSON_HEAD = ['Content-Type: application/json', `Content-Length: ${JSON_BODY.length}`];

const ANSWERS: readonly Answer[] = [
  answer('JSON of a stated length', ['HTTP/1.1 200 OK', ...JSON_HEAD], JSON_BODY, undefined),
  answer('events in chunks, with a trailer', ['HTTP/1.1 200 OK', 'Content-Type: text/event-stream', 'Transfer-Encoding: chunked', 'Trailer: x'], chunks(EVENTS, 'x: y\r\n'), TEXT),
  answer('interim responses first', ['HTTP/1.1 100 Continue', '', 'HTTP/1.1 103 Early Hints', 'link: </a>', '', 'HTTP/1.1 200 OK', ...JSON_HEAD], JSON_BODY, undefined),
  answer('text until the connection ends', ['HTTP/1.0 200 OK', 'Content-Type: text/plain'], 'one two three', undefined, true),
  answer('an error of the upstream\'s own', ['HTTP/1.1 529 Overloaded', ...JSON_HEAD], JSON_BODY, undefined),
  answer('no content', ['HTTP/1.1 204 No Content', 'x-request-id: 1'], '', undefined),
  compressed('compressed events of a stated length', ['HTTP/1.1 200 OK', 'Content-Type: text/event-stream', 'Content-Encoding: gzip', `Content-Length: ${PACKED.length}`], PACKED, PACKED),
  compressed('compressed events in chunks', ['HTTP/1.1 200 OK', 'Content-Type: text/event-stream', 'Content-Encoding: gzip', 'Transfer-Encoding: chunked'], PACKED, chunks([PACKED.subarray(0, 40), PACKED.subarray(40)])),
];

const ENDINGS: Readonly<Record<string, (socket: Socket) => void>> = {
  closes: (socket) => void socket.end(),
  resets: (socket) => void socket.resetAndDestroy(),
  [SILENCE]: () => {},
};

export interface CutPlan {
  readonly endings: readonly string[];
  /** Every `step`th byte; 1 for all. */
  readonly step: number;
  /** Pieces that an answer is written in before it is cut. */
  readonly bytewise: boolean;
}

interface Try {
  readonly answer: Answer;
  readonly mode: 'full' | 'passthrough';
  readonly ending: string;
  readonly cut: number;
}

export async function runCutAnswers(t: TestContext, { endings, step, bytewise }: CutPlan): Promise<Figures> {
  const faults: string[] = [];
  const upstream = await startScriptedUpstream(t);
  const gateway = await startGateway(t, { env: { AEGIS_LOG_LEVEL: 'error', AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: String(endings.includes(SILENCE) ? IDLE_LIMIT_MS : LONG_IDLE_LIMIT_MS) } });
  const token = await gateway.register(upstream.url);
  const tries: Try[] = [];
  for (const one of ANSWERS) {
    for (const mode of ['full', 'passthrough'] as const) {
      for (const ending of endings) for (let cut = 0; cut <= one.bytes.length; cut += cut + step > one.bytes.length && cut < one.bytes.length ? one.bytes.length - cut : step) tries.push({ answer: one, mode, ending, cut });
    }
  }
  const ends = { whole: 0, envelope: 0, broken: 0 };

  await eachAtOnce(tries, AT_ONCE, async (trial) => {
    const { answer: one, mode, ending, cut } = trial;
    const target = `/try-${tries.indexOf(trial)}`;
    const fault = (what: string): void => void faults.push(`${one.what}, ${mode}, ${ending} after ${cut} of ${one.bytes.length}: ${what}`);
    upstream.scripts.set(target, (socket) => {
      // What comes meanwhile on a connection that is about to end has come too late.
      if (ending !== SILENCE) socket.removeAllListeners('data').resume();
      const act = (): void => void setTimeout(() => ENDINGS[ending]?.(socket), one.untilClose === true ? APART_MS : 0);
      if (cut === 0) act();
      else if (bytewise) void writeBytewise(socket, one.bytes.subarray(0, cut), act);
      else socket.write(one.bytes.subarray(0, cut), act);
    });
    const client = await connectWire(t, gateway.port);
    client.write(requestText('POST', `/v1/__gw__/t/${token}${mode === 'full' ? '' : '__passthrough'}${target}`, ['Content-Type: application/json'], '{}'));
    let got: RawResponse | undefined;
    await until('an end', () => {
      const over = client.ending() !== undefined;
      got = parseResponse(client.received(), false, false);
      return got !== undefined || over;
    }, DEADLINE_MS).catch((error: Error) => fault(error.message));
    const whole = cut === one.bytes.length && !(one.untilClose && ending !== 'closes');
    // Nobody can tell where such an answer is to end.
    const soFar = one.untilClose === true && ending === 'closes' && cut >= one.bytes.indexOf('\r\n\r\n') + 4;
    const told = got?.body.toString('latin1') ?? '';
    if (got === undefined) {
      ends.broken++;
      if (whole) fault('a whole answer became a break');
    } else if (got.status === 502 || got.status === 504) {
      ends.envelope++;
      if (whole && ending !== SILENCE) fault('a whole answer became an error');
      try {
        checkEnvelope(JSON.parse(told), got.status === 502 ? 'upstream_unreachable' : 'upstream_timeout');
      } catch (error) {
        fault((error as Error).message);
      }
    } else if (whole || soFar) {
      ends.whole++;
      const expected = whole ? one.body[mode] : one.bytes.toString('latin1', one.bytes.indexOf('\r\n\r\n') + 4, cut);
      if (told !== expected) fault(`got ${JSON.stringify(told)}`);
    } else {
      fault(`a made-up answer: ${got.status} ${JSON.stringify(told)}`);
    }
    client.socket.destroy();
  });

  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
  // A kept connection that ends without a word may have been closed before the request came: that alone is asked once more.
  // And the idle limit may be over before a busy machine has brought the request there.
  for (const [i, { cut, ending }] of tries.entries()) {
    const count = upstream.asked.get(`/try-${i}`) ?? 0;
    if ((count === 0 && ending !== SILENCE) || count > (cut === 0 ? 2 : 1)) faults.push(`/try-${i}, cut after ${cut} bytes, was asked for ${count} times`);
  }
  gateway.gateway.cut();
  await until('every upstream connection to be closed', () => upstream.sockets.size === 0).catch(() => faults.push(`${upstream.sockets.size} upstream connections are left`));
  if (gateway.log().includes('"level":"error"')) faults.push(`the log has errors: ${gateway.log().slice(0, 500)}`);
  const notes = [`${ends.whole} whole, ${ends.envelope} told as an error, ${ends.broken} broken off`];
  return { part: `answers cut after every ${step === 1 ? '' : `${step}th `}byte: ${endings.join(', ')}${bytewise ? ', written byte by byte' : ''}`, tried: tries.length, lost: faults.length, leaked: upstream.sockets.size, faults, notes };
}

async function writeBytewise(socket: Socket, bytes: Buffer, then: () => void): Promise<void> {
  socket.setNoDelay(true);
  for (let i = 0; i < bytes.length && !socket.destroyed; i++) {
    socket.write(bytes.subarray(i, i + 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  then();
}
