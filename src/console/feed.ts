/**
 * The exchanges as they come, for those who watch: one look at all processes serves all watchers, and nobody looks while
 * nobody watches. Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html.
 *
 * The last frames are kept for watchers that read slowly or come back. One that falls behind them is told how many it
 * missed; what waits for a watcher is never more than a portion.
 */
import type { ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { NumberedExchange } from '../observe/exchange-ring.ts';
import type { Question, Seen } from '../observe/observer.ts';

export const MAX_WATCHERS = 16;
const PING_MS = 15_000;
/** What a new watcher is shown, and what one who comes back is given at most. */
const BACKLOG = 500;
const LONGEST_BACKLOG = 5_000;
/** Of one process and look; more are told by their number. */
const MOST_PER_LOOK = 500;
const MAX_FRAMES = 5_000;
const MAX_FRAME_CHARS = 8_388_608;
const PORTION_CHARS = 65_536;
const MAX_SOURCES = 512;
/** The frames outlive the last watcher by this: pages are loaded anew. */
const REST_MS = 30_000;

export interface FeedOptions {
  ask(question: Question): Promise<readonly Seen[]>;
  /** From one look to the next. */
  readonly intervalMs: number;
  /** The data of an exchange's event. */
  print(exchange: NumberedExchange): string;
  readonly pingMs?: number | undefined;
}

export interface Watch {
  /** The `seq` of the last exchange that it has; undefined = it is new. */
  readonly after: number | undefined;
  /** Asked from time to time; false ends it. */
  mayStay(): boolean;
}

export interface Feed {
  /**
   * Answers with a stream of events that ends with its connection.
   * @throws GatewayError when there are as many watchers as are taken.
   */
  watch(res: ServerResponse, watch: Watch): Promise<void>;
  readonly watchers: number;
  /** Ends all streams; whoever comes later is refused. */
  close(): void;
}

interface Frame {
  readonly seq: number;
  readonly text: string;
}

interface Watcher {
  readonly res: ServerResponse;
  /** The number of the frame it gets next, counted from the first ever. */
  at: number;
  blocked: boolean;
  pingedAt: number;
}

export function createFeed({ ask, intervalMs, print, pingMs = PING_MS }: FeedOptions): Feed {
  const watchers = new Set<Watcher & Watch>();
  let frames: Frame[] = [];
  /** The number of the first frame that is kept. */
  let base = 0;
  let chars = 0;
  /** From here on all exchanges are among the frames. */
  let since = 0;
  let bySource: Record<string, number> = {};
  /** The largest `seq` so far: what a watcher that comes back names. */
  let lastId = 0;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let resting: NodeJS.Timeout | undefined;
  let running = false;
  /** How often all has been forgotten. */
  let turns = 0;
  let closed = false;
  /** Places that are taken by those who wait for the first look. */
  let coming = 0;

  function add(seq: number, text: string): void {
    frames.push({ seq, text });
    chars += text.length;
    let dropped = 0;
    while (frames.length - dropped > MAX_FRAMES || (chars > MAX_FRAME_CHARS && frames.length - dropped > 1)) chars -= frames[dropped++]?.text.length ?? 0;
    if (dropped === 0) return;
    since = Math.max(since, frames[dropped - 1]?.seq ?? 0);
    frames.splice(0, dropped);
    base += dropped;
  }

  /** @returns how many exchanges are not told any more. */
  async function look(most: number): Promise<number> {
    const turn = turns;
    const seen = await ask({ of: 'exchanges', since, bySource, most });
    // All has been forgotten meanwhile: what was asked is not what is asked now.
    if (turn !== turns) return 0;
    const batches = seen.flatMap(({ exchanges }) => exchanges ?? []);
    let missed = 0;
    for (const batch of batches) {
      bySource[batch.source] = batch.count;
      missed += batch.missed;
    }
    // Processes that have ended are forgotten, once there are many.
    if (Object.keys(bySource).length > MAX_SOURCES) bySource = Object.fromEntries(batches.map(({ source, count }) => [source, count]));
    const fresh = batches.flatMap(({ exchanges }) => exchanges).sort((one, other) => one.seq - other.seq);
    if (missed > 0 && running) add(lastId, gapFrame(missed));
    for (const exchange of fresh) {
      lastId = Math.max(lastId, exchange.seq);
      add(exchange.seq, `event: exchange\nid: ${lastId}\ndata: ${print(exchange)}\n\n`);
    }
    return missed;
  }

  /** The first look, of which it is no loss what it does not tell: a new watcher is shown the newest only. */
  async function start(after: number | undefined): Promise<void> {
    since = after ?? 0;
    bySource = {};
    const missed = await look(after === undefined ? BACKLOG : LONGEST_BACKLOG);
    if (after === undefined || missed > 0) since = frames[0]?.seq ?? since;
    running = true;
    schedule();
  }

  function schedule(): void {
    timer = setTimeout(() => {
      looking = look(MOST_PER_LOOK)
        .catch(() => 0)
        .then(() => {
          for (const watcher of [...watchers]) serve(watcher);
          if (running && !closed) schedule();
        });
    }, intervalMs).unref();
  }

  function rest(): void {
    if (watchers.size + coming > 0) return;
    running = false;
    turns++;
    clearTimeout(timer);
    looking = undefined;
    frames = [];
    base = 0;
    chars = 0;
  }

  function serve(watcher: Watcher & Watch): void {
    const now = performance.now();
    if (now - watcher.pingedAt >= pingMs) {
      watcher.pingedAt = now;
      if (!watcher.mayStay()) {
        watcher.res.destroy();
        return;
      }
      if (!watcher.blocked) send(watcher, ': ping\n\n');
    }
    while (!watcher.blocked && watcher.at < base + frames.length) {
      let text = '';
      if (watcher.at < base) {
        text = gapFrame(base - watcher.at);
        watcher.at = base;
      }
      while (text.length < PORTION_CHARS && watcher.at < base + frames.length) text += frames[watcher.at++ - base]?.text ?? '';
      send(watcher, text);
    }
  }

  function send(watcher: Watcher, text: string): void {
    watcher.blocked = !watcher.res.write(text);
  }

  /** Where a watcher begins, and whether it has missed something. */
  function placeFor(after: number | undefined): { at: number; missed: boolean } {
    if (after === undefined) return { at: base + Math.max(0, frames.length - BACKLOG), missed: false };
    const index = frames.findIndex(({ seq }) => seq > after);
    return { at: base + (index === -1 ? frames.length : index), missed: after < since };
  }

  return {
    async watch(res, watch) {
      if (closed) throw new GatewayError('gateway_draining', 'The gateway is shutting down; try again in a moment.');
      if (watchers.size + coming >= MAX_WATCHERS) throw new GatewayError('gateway_busy', `There are ${MAX_WATCHERS} pages that watch already; close one.`);
      clearTimeout(resting);
      coming++;
      try {
        if (!running) await (looking ??= start(watch.after));
      } finally {
        coming--;
        if (!running) looking = undefined;
      }
      if (res.destroyed || closed) {
        res.destroy();
        if (watchers.size === 0) resting = setTimeout(rest, REST_MS).unref();
        return;
      }
      const { at, missed } = placeFor(watch.after);
      const watcher: Watcher & Watch = { res, at, blocked: false, pingedAt: performance.now(), ...watch };
      watchers.add(watcher);
      res.on('drain', () => {
        watcher.blocked = false;
        serve(watcher);
      });
      res.on('error', () => {});
      res.once('close', () => {
        watchers.delete(watcher);
        if (watchers.size === 0) resting = setTimeout(rest, REST_MS).unref();
      });
      res.writeHead(200, ['Content-Type', 'text/event-stream; charset=utf-8', 'Cache-Control', 'no-store', 'Cross-Origin-Resource-Policy', 'same-origin', 'X-Accel-Buffering', 'no']);
      // Something at once: the page knows then that it is connected.
      send(watcher, `retry: 2000\n\n${missed ? gapFrame(1) : ''}`);
      serve(watcher);
    },
    get watchers() {
      return watchers.size;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(resting);
      // One that does not read would not come to its end.
      for (const { res, blocked } of watchers) void (blocked ? res.destroy() : res.end());
    },
  };
}

function gapFrame(missed: number): string {
  return `event: gap\ndata: {"missed":${missed}}\n\n`;
}
