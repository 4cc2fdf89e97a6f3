// Hundreds of clients that read or write slowly at once: each costs what the gateway may hold for it and no more, and
// others are served meanwhile. The gateway is a process of its own, whose resident memory is the figure.
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { metric } from '../support/metrics.ts';
import { startProcess, type GatewayProcess } from '../support/process.ts';
import { until, untilAsync, within } from '../support/until.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';
import { requestText } from '../support/wire-client.ts';
import { eachAtOnce, type Figures } from './figures.ts';

const MB = 1024 * 1024;
/** AEGIS_REQUEST_HOLD_BYTES, and the same bound for answers of a stated length. */
const HOLD_BYTES = MB;
/** More than the system's buffers take of one. Five hundred may come near its bound on all (tcp_mem). */
const ANSWER_BYTES = 6 * MB;
const HELD_BYTES = 900_000;
/** Beyond the hold: chunks on their way through streams and sockets, and what V8 has not collected yet. */
const STREAM_ALLOWANCE_BYTES = 512 * 1024;
/** For the process itself, which grows with its first work. */
const BASE_ALLOWANCE_BYTES = 96 * MB;
/** Nothing has moved for so long: all buffers are full. */
const STILL_MS = 1_000;
const STILL_DEADLINE_MS = 90_000;
/** Five hundred streams begin at once, on a machine that may be busy. */
const BEGIN_DEADLINE_MS = 60_000;
const CONNECT_AT_ONCE = 50;

export interface SlowPlan {
  readonly clients: number;
}

const EVENT = `data: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'some words '.repeat(80) } })}\n\n`;
const PIECE = Buffer.from(EVENT.repeat(60));

interface Shape {
  readonly what: string;
  /** `read`: the answer is large and not read. `write`: the request is large and not finished, or not taken. */
  readonly slow: 'read' | 'write';
  readonly path: string;
  /** What the gateway may hold of each request. */
  readonly heldBytes: number;
  /** Requests on each connection, sent at once, of which one at a time is under way. Buffers of the system's take the first answers; the next is held. */
  readonly pipelined?: number;
}

const SHAPES: readonly Shape[] = [
  { what: 'slow readers of events', slow: 'read', path: '/events', heldBytes: 0 },
  { what: 'slow readers of events, passthrough', slow: 'read', path: '__passthrough/events', heldBytes: 0 },
  { what: 'slow readers of eight answers within the hold', slow: 'read', path: '/whole', heldBytes: HOLD_BYTES, pipelined: 8 },
  { what: 'slow writers within the hold', slow: 'write', path: '/held', heldBytes: HOLD_BYTES },
  { what: 'slow writers beyond the hold, to an upstream that does not read', slow: 'write', path: '/untaken', heldBytes: HOLD_BYTES },
  { what: 'slow writers, passthrough, to an upstream that does not read', slow: 'write', path: '__passthrough/untaken', heldBytes: HOLD_BYTES },
];

/** Bytes that have passed on both sides: when they stand still, all buffers are full. */
interface Meter {
  bytes: number;
}

async function startPouring(t: TestContext, meter: Meter): Promise<TestUpstream> {
  return startUpstream(t, (req, res) => {
    res.on('error', () => {});
    req.on('error', () => {});
    if (req.url === '/untaken') return;
    req.on('data', (chunk: Buffer) => (meter.bytes += chunk.length));
    if (req.url === '/events') {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      let left = ANSWER_BYTES;
      const more = (): void => {
        while (left > 0 && !res.destroyed) {
          left -= PIECE.length;
          meter.bytes += PIECE.length;
          if (!res.write(PIECE)) {
            res.once('drain', more);
            return;
          }
        }
        res.end('data: [DONE]\n\n');
      };
      more();
    } else if (req.url === '/whole') {
      const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(HELD_BYTES) }));
      meter.bytes += body.length;
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
      res.end(body);
    } else {
      res.end('ok');
    }
  });
}

/** Opens a connection and sends what makes it slow. */
function openSlow(t: TestContext, gateway: GatewayProcess, target: string, { slow, path, pipelined = 1 }: Shape, meter: Meter): Promise<Socket> {
  const socket = connect({ port: gateway.port, host: '127.0.0.1' });
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  return within('a connection', new Promise((resolve) => {
    socket.once('connect', () => {
      if (slow === 'read') {
        socket.write(requestText('POST', target, ['Content-Type: application/json'], '{}').repeat(pipelined));
        // The first bytes show that the answer has begun; nothing is read after them.
        socket.once('data', () => {
          socket.pause();
          resolve(socket);
        });
        return;
      }
      const bytes = path.endsWith('/held') ? HELD_BYTES : ANSWER_BYTES;
      socket.write(requestText('POST', target, ['Content-Type: application/json', `Content-Length: ${bytes}`]));
      const text = Buffer.alloc(65_536, 'y');
      // All but the last byte of a JSON text.
      let left = bytes - 1;
      socket.write('"');
      left -= 1;
      const more = (): void => {
        while (left > 0 && !socket.destroyed) {
          const piece = text.subarray(0, Math.min(left, text.length));
          left -= piece.length;
          meter.bytes += piece.length;
          if (!socket.write(piece)) {
            socket.once('drain', more);
            return;
          }
        }
      };
      more();
      resolve(socket);
    });
  }), BEGIN_DEADLINE_MS);
}

async function standsStill(meter: Meter): Promise<void> {
  let last = -1;
  let since = performance.now();
  await until('all buffers to be full', () => {
    if (meter.bytes !== last) {
      last = meter.bytes;
      since = performance.now();
    }
    return performance.now() - since > STILL_MS;
  }, STILL_DEADLINE_MS);
}

async function runShape(t: TestContext, shape: Shape, { clients }: SlowPlan): Promise<Figures> {
  const faults: string[] = [];
  const meter: Meter = { bytes: 0 };
  const upstream = await startPouring(t, meter);
  const gateway = await startProcess(t, { AEGIS_LOG_LEVEL: 'error' });
  const token = await gateway.register(upstream.url);
  const target = `/v1/__gw__/t/${token}${shape.path}`;
  const small = async (): Promise<boolean> => {
    const answer = await fetch(`${gateway.url}/v1/__gw__/t/${token}/small`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"b"}', signal: AbortSignal.timeout(20_000) });
    return (await answer.text()) === 'ok';
  };
  for (let i = 0; i < 50; i++) await small();
  const before = await gateway.residentBytes();
  const cutBefore = await systemCuts();
  const sockets: Socket[] = [];
  await eachAtOnce(Array.from({ length: clients }, (_, i) => i), CONNECT_AT_ONCE, async () => {
    sockets.push(await openSlow(t, gateway, target, shape, meter));
  });
  await untilAsync('all exchanges to be open', async () => (await metric(gateway, 'aegis_exchanges_open')) >= clients, BEGIN_DEADLINE_MS).catch((error: Error) => faults.push(error.message));
  await standsStill(meter);
  const after = await gateway.residentBytes();
  const open = await metric(gateway, 'aegis_exchanges_open');
  if (open !== clients) faults.push(`${open} exchanges are open of ${clients} clients`);
  let lost = 0;
  // Others are served meanwhile.
  for (let i = 0; i < 20; i++) {
    if (!(await small().catch(() => false))) lost++;
  }
  if (lost > 0) faults.push(`${lost} of 20 others were not served`);
  const growth = after - before;
  const bound = BASE_ALLOWANCE_BYTES + clients * (shape.heldBytes + STREAM_ALLOWANCE_BYTES);
  if (growth > bound) faults.push(`grew by ${Math.round(growth / MB)} MB, more than ${Math.round(bound / MB)} MB`);
  let cut = 0;
  if (shape.slow === 'read') {
    for (const socket of sockets.slice(5)) socket.destroy();
    for (const socket of sockets.slice(0, 5)) {
      const fault = await readsWhole(socket);
      if (fault === undefined) continue;
      if (fault.includes('closed') && (await systemCuts()) > cutBefore) {
        cut++;
        continue;
      }
      lost++;
      faults.push(`one that reads on does not get its whole answer: ${fault}`);
    }
  }
  for (const socket of sockets) socket.destroy();
  // Who is not read from is not seen to leave: these exchanges end with the upstream, at the latest by its idle limit.
  if (shape.path.endsWith('/untaken')) for (const socket of upstream.sockets) socket.destroy();
  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0, 20_000).catch((error: Error) => faults.push(error.message));
  const left = await metric(gateway, 'aegis_exchanges_open');
  const perClient = Math.round(growth / clients / 1024);
  return { part: `${clients} ${shape.what}`, tried: clients, lost, leaked: left, faults, notes: [`RSS ${Math.round(before / MB)} to ${Math.round(after / MB)} MB, ${perClient} KB each`, `${open} exchanges at once`, ...(cut > 0 ? [`${cut} cut by the system, which was out of memory for TCP`] : [])] };
}

/** How many connections Linux has cut since its start because all of TCP had reached its bound of memory; 0 elsewhere. */
async function systemCuts(): Promise<number> {
  const text = await readFile('/proc/net/netstat', 'utf8').catch(() => '');
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('TcpExt:'));
  return Number(values.split(' ')[names.split(' ').indexOf('TCPAbortOnMemory')] ?? 0);
}

/** Reads on to the end of the answer; says what is wrong where it does not come. */
async function readsWhole(socket: Socket): Promise<string | undefined> {
  let tail = '';
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    tail = (tail + chunk.toString('latin1')).slice(-64);
  });
  socket.resume();
  const whole = (): boolean => tail.endsWith('0\r\n\r\n') || tail.endsWith('x"}');
  await until('the answer\'s end', () => whole() || socket.destroyed, BEGIN_DEADLINE_MS).catch(() => {});
  return whole() && bytes > HELD_BYTES / 2 ? undefined : `${bytes} bytes, ${socket.destroyed ? 'closed' : 'still open'}, ends with ${JSON.stringify(tail)}`;
}

export const SLOW_SHAPES: readonly string[] = SHAPES.map(({ what }) => what);

/** The part of one shape. @throws Error for a name that is none. */
export function slowPart(what: string): (t: TestContext, plan: SlowPlan) => Promise<Figures> {
  const shape = SHAPES.find((one) => one.what === what);
  if (shape === undefined) throw new Error(`there is no shape ${what}`);
  return (t, plan) => runShape(t, shape, plan);
}
