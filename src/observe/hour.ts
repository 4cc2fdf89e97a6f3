/** The figures of the last hour, by the minute: of bounded size whatever comes. */
import type { SeenExchange } from './exchange-ring.ts';
import { addCounts, bucketOf, HISTOGRAM_BUCKETS } from './log-histogram.ts';

export const HOUR_MINUTES = 60;
const MINUTE_MS = 60_000;
/** Names of one minute that are kept apart; those that come later are told together. */
const MAX_NAMES = 64;
const OTHERS = 'other';

export interface MinuteFigures {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly requests: number;
  /** Answers of status 400 and above, and exchanges that broke off; not those that the client left. */
  readonly errors: number;
  readonly redactions: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export type Tally = Readonly<Record<string, number>>;

/** The last hour of one process, or of several together. */
export interface HourFigures {
  /** Those in which something happened, in order. */
  readonly minutes: readonly MinuteFigures[];
  /** Exchanges under way now. */
  readonly open: number;
  readonly findingsByRule: Tally;
  readonly requestsByClient: Tally;
  readonly redactionsByClient: Tally;
  readonly requestsByUpstream: Tally;
  readonly errorsByUpstream: Tally;
  /** Counts of `log-histogram.ts`. */
  readonly firstByte: readonly number[];
  readonly duration: readonly number[];
  readonly added: readonly number[];
}

interface Minute {
  minute: number;
  requests: number;
  errors: number;
  redactions: number;
  bytesIn: number;
  bytesOut: number;
  readonly findingsByRule: Map<string, number>;
  readonly requestsByClient: Map<string, number>;
  readonly redactionsByClient: Map<string, number>;
  readonly requestsByUpstream: Map<string, number>;
  readonly errorsByUpstream: Map<string, number>;
  readonly firstByte: Uint32Array;
  readonly duration: Uint32Array;
  readonly added: Uint32Array;
}

const TALLIES = ['findingsByRule', 'requestsByClient', 'redactionsByClient', 'requestsByUpstream', 'errorsByUpstream'] as const;
const HISTOGRAMS = ['firstByte', 'duration', 'added'] as const;
const SUMS = ['requests', 'errors', 'redactions', 'bytesIn', 'bytesOut'] as const;

export interface Hour {
  began(): void;
  /** @param redactions placeholders that were put in. */
  ended(exchange: SeenExchange, redactions: number): void;
  figures(): HourFigures;
}

export function createHour(nowMs: () => number = Date.now): Hour {
  const minutes: Minute[] = [];
  let open = 0;

  function current(): Minute {
    const minute = Math.floor(nowMs() / MINUTE_MS);
    const slot = minute % HOUR_MINUTES;
    let found = minutes[slot];
    if (found === undefined) minutes[slot] = found = newMinute();
    if (found.minute !== minute) clear(found, minute);
    return found;
  }

  return {
    began() {
      open++;
    },
    ended(exchange, redactions) {
      open--;
      const minute = current();
      const { status, outcome, client, upstream, firstByteMs } = exchange;
      minute.requests++;
      minute.bytesIn += exchange.bytesIn;
      minute.bytesOut += exchange.bytesOut;
      count(minute.requestsByClient, client, 1);
      count(minute.requestsByUpstream, upstream, 1);
      if (status >= 400 || outcome === 'upstream_broken' || outcome === 'refused') {
        minute.errors++;
        count(minute.errorsByUpstream, upstream, 1);
      }
      if (redactions > 0) {
        minute.redactions += redactions;
        count(minute.redactionsByClient, client, redactions);
      }
      for (const { rule, count: times } of exchange.findings) count(minute.findingsByRule, rule, times);
      if (firstByteMs !== null) observe(minute.firstByte, firstByteMs);
      observe(minute.duration, exchange.durationMs);
      observe(minute.added, exchange.addedMs);
    },
    figures() {
      const since = Math.floor(nowMs() / MINUTE_MS) - HOUR_MINUTES;
      const parts = minutes.filter((minute) => minute !== undefined && minute.minute > since && minute.requests > 0).map(figuresOf);
      return { ...sumHours(parts), open };
    },
  };
}

/** The hours of several processes as one. */
export function sumHours(parts: readonly HourFigures[]): HourFigures {
  const minutes = new Map<number, { -readonly [Name in keyof MinuteFigures]: number }>();
  const tallies = new Map(TALLIES.map((name) => [name, new Map<string, number>()]));
  const histograms = new Map(HISTOGRAMS.map((name) => [name, new Array<number>(HISTOGRAM_BUCKETS).fill(0)]));
  let open = 0;
  for (const part of parts) {
    open += part.open;
    for (const one of part.minutes) {
      const sum = minutes.get(one.minute);
      if (sum === undefined) minutes.set(one.minute, { ...one });
      else for (const name of SUMS) sum[name] += one[name];
    }
    for (const [name, tally] of tallies) for (const [key, amount] of Object.entries(part[name])) tally.set(key, (tally.get(key) ?? 0) + amount);
    for (const [name, counts] of histograms) addCounts(counts, part[name]);
  }
  const tally = (name: (typeof TALLIES)[number]): Tally => Object.fromEntries(tallies.get(name) ?? []);
  const counts = (name: (typeof HISTOGRAMS)[number]): readonly number[] => histograms.get(name) ?? [];
  return {
    minutes: [...minutes.values()].sort((one, other) => one.minute - other.minute),
    open,
    findingsByRule: tally('findingsByRule'),
    requestsByClient: tally('requestsByClient'),
    redactionsByClient: tally('redactionsByClient'),
    requestsByUpstream: tally('requestsByUpstream'),
    errorsByUpstream: tally('errorsByUpstream'),
    firstByte: counts('firstByte'),
    duration: counts('duration'),
    added: counts('added'),
  };
}

function newMinute(): Minute {
  return {
    minute: 0, requests: 0, errors: 0, redactions: 0, bytesIn: 0, bytesOut: 0,
    findingsByRule: new Map(), requestsByClient: new Map(), redactionsByClient: new Map(), requestsByUpstream: new Map(), errorsByUpstream: new Map(),
    firstByte: new Uint32Array(HISTOGRAM_BUCKETS), duration: new Uint32Array(HISTOGRAM_BUCKETS), added: new Uint32Array(HISTOGRAM_BUCKETS),
  };
}

function clear(found: Minute, minute: number): void {
  found.minute = minute;
  for (const name of SUMS) found[name] = 0;
  for (const name of TALLIES) found[name].clear();
  for (const name of HISTOGRAMS) found[name].fill(0);
}

function figuresOf({ minute, requests, errors, redactions, bytesIn, bytesOut, ...rest }: Minute): HourFigures {
  return {
    minutes: [{ minute, requests, errors, redactions, bytesIn, bytesOut }],
    open: 0,
    findingsByRule: Object.fromEntries(rest.findingsByRule),
    requestsByClient: Object.fromEntries(rest.requestsByClient),
    redactionsByClient: Object.fromEntries(rest.redactionsByClient),
    requestsByUpstream: Object.fromEntries(rest.requestsByUpstream),
    errorsByUpstream: Object.fromEntries(rest.errorsByUpstream),
    firstByte: [...rest.firstByte],
    duration: [...rest.duration],
    added: [...rest.added],
  };
}

function count(tally: Map<string, number>, name: string, amount: number): void {
  const known = tally.get(name);
  if (known !== undefined) tally.set(name, known + amount);
  else if (tally.size < MAX_NAMES) tally.set(name, amount);
  else tally.set(OTHERS, (tally.get(OTHERS) ?? 0) + amount);
}

function observe(counts: Uint32Array, ms: number): void {
  const bucket = bucketOf(ms);
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}
