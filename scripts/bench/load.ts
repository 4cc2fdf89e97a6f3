/**
 * The load generator, a process of its own: puts one load at a time on one target and counts what comes back.
 *
 * It is written on bare sockets rather than on wrk: wrk knows neither events nor paced streams nor the bodies used
 * here, is not on most machines, and figures of two generators can't stand in one table. It makes some 40,000 small
 * requests a second, several times what a proxy in Node answers; only `direct`, nginx and haproxy meet its limit, and
 * for the latter two the CPU time per request tells the truth all the same.
 */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { nowUs, readStamps } from './answers.ts';
import { killWhenAlone, type FromLoad, type LoadJob, type LoadResult, type ToLoad } from './child-protocol.ts';
import { createMessageReader } from './message-reader.ts';
import { createRequest } from './agent-request.ts';
import { stampsOf, writeStamp } from './request-bodies.ts';
import { percentile } from './stats.ts';

const READ_BUFFER_BYTES = 256 * 1024;
/** How long requests under way may take to end after the measuring. */
const DRAIN_DEADLINE_MS = 5000;
/** How long `idle` waits for all its streams. */
const OPEN_DEADLINE_MS = 20_000;
/** No connection sends more; eight letters come round after 58 hours of it. */
const NUMBERS_PER_MS = 1000;
/** Connections are opened in bursts of this size, a millisecond apart. */
const OPEN_BURST = 20;

/** One for all connections: what is read is used before the next read. */
const readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);

const say = (message: FromLoad): void => {
  process.send?.(message);
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Tally {
  measuring: boolean;
  /** Connections send again after a complete answer. */
  running: boolean;
  completed: number;
  payloadBytes: number;
  /** Of the first complete stream; every other one must be as long. */
  streamBytes: number;
  events: number;
  times: number[];
  errors: number;
  /** Answers whose head and first bytes have come. */
  begun: number;
  open: Set<Socket>;
}

/** Makes each request new. Bytes of an earlier one that still wait to be sent may change with it: letters stay letters. */
function createFreshener(job: LoadJob, bytes: Buffer): () => void {
  if (job.fresh === undefined) return () => {};
  const places = stampsOf(bytes).slice(job.fresh === 'turn' ? -1 : 0);
  // Other than in any earlier run.
  let number = Date.now() * NUMBERS_PER_MS;
  return () => {
    number++;
    for (const at of places) writeStamp(bytes, at, number);
  };
}

function openConnection(job: LoadJob, bytes: Buffer, freshen: () => void, tally: Tally): void {
  let sentAt = 0;
  let payload = 0;
  let begun = false;
  let kept = '';

  const reader = createMessageReader({
    onHead(head) {
      if (!head.startsWith('HTTP/1.1 200 ')) fail();
    },
    onBody(buffer, start, end) {
      payload += end - start;
      if (!begun) {
        begun = true;
        tally.begun++;
      }
      if (job.kind === 'streams') {
        if (tally.measuring) tally.payloadBytes += end - start;
      } else if (job.kind === 'paced') {
        const text = kept + buffer.toString('latin1', start, end);
        const last = text.lastIndexOf('\n\n') + 2;
        // Only whole events are read; the rest waits for its end.
        if (last > 1) {
          const now = nowUs();
          readStamps(text.slice(0, last), (sentUs) => {
            if (!tally.measuring) return;
            tally.events++;
            tally.times.push((now - sentUs) / 1e3);
          });
          kept = text.slice(last);
        } else {
          kept = text;
        }
      }
    },
    onEnd() {
      if (job.kind === 'streams') {
        if (tally.streamBytes === 0) tally.streamBytes = payload;
        else if (tally.streamBytes !== payload) fail();
      } else if (job.kind === 'requests' && tally.measuring) {
        tally.completed++;
        tally.times.push(performance.now() - sentAt);
      }
      if (tally.running && job.kind !== 'paced') send();
      else socket.end();
    },
  });

  const socket = connect({
    port: job.port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback(length) {
        try {
          reader.push(readBuffer, length);
        } catch {
          fail();
        }
        return true;
      },
    },
  });
  const send = (): void => {
    payload = 0;
    freshen();
    sentAt = performance.now();
    socket.write(bytes);
  };
  const fail = (): void => {
    if (!tally.open.has(socket)) return;
    tally.errors++;
    socket.destroy();
  };
  tally.open.add(socket);
  socket.on('connect', send);
  socket.on('error', fail);
  socket.on('close', () => {
    // While requests run, only this side may end a connection.
    if (tally.open.delete(socket) && tally.running) tally.errors++;
  });
}

async function until(condition: () => boolean, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await sleep(5);
  }
  return true;
}

let release: () => void = () => {};

async function run(job: LoadJob): Promise<LoadResult> {
  const bytes = createRequest(job);
  const freshen = createFreshener(job, bytes);
  const tally: Tally = {
    measuring: false, running: true, completed: 0, payloadBytes: 0, streamBytes: 0,
    events: 0, times: [], errors: 0, begun: 0, open: new Set(),
  };
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const settled = sleep(job.settleMs);
  for (let i = 0; i < job.connections; i++) {
    openConnection(job, bytes, freshen, tally);
    if (i % OPEN_BURST === OPEN_BURST - 1) await sleep(1);
  }
  await settled;
  if (job.kind === 'idle' || job.kind === 'paced') {
    const open = await until(() => tally.begun + tally.errors >= job.connections, OPEN_DEADLINE_MS);
    if (!open) tally.errors += job.connections - tally.begun;
  }

  say({ mark: 'begin' });
  const beganAt = performance.now();
  tally.measuring = true;
  await (job.kind === 'idle' ? released : sleep(job.measureMs));
  tally.measuring = false;
  const elapsedMs = performance.now() - beganAt;
  say({ mark: 'end' });

  if (job.kind === 'streams') await until(() => tally.streamBytes > 0 || tally.open.size === 0, DRAIN_DEADLINE_MS);
  tally.running = false;
  if (job.kind === 'requests' || job.kind === 'streams') await until(() => tally.open.size === 0, DRAIN_DEADLINE_MS);
  for (const socket of tally.open) socket.destroy();
  await until(() => tally.open.size === 0, DRAIN_DEADLINE_MS);

  const times = Float64Array.from(tally.times).sort();
  return {
    elapsedMs,
    count: countOf(job, tally),
    p50Ms: times.length > 0 ? percentile(times, 0.5) : null,
    p99Ms: times.length > 0 ? percentile(times, 0.99) : null,
    errors: tally.errors,
  };
}

function countOf(job: LoadJob, tally: Tally): number {
  if (job.kind === 'paced') return tally.events;
  if (job.kind !== 'streams') return tally.completed;
  return tally.streamBytes === 0 ? 0 : (tally.payloadBytes / tally.streamBytes) * job.eventsPerStream;
}

killWhenAlone();
process.on('message', (message: ToLoad) => {
  if ('release' in message) {
    release();
  } else if ('job' in message) {
    run(message.job).then(
      (result) => say({ result }),
      (error: unknown) => say({ failed: error instanceof Error ? error.message : 'unknown' }),
    );
  }
});
say({ ready: true });
